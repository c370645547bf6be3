# The host tool, room by room, from the command line down; in each room in the order in which one reads it.
# A room uses rooms below it only: `make lint` (tools/layers.sh) holds that.

R33_SOURCES :=

# cli/: the command line: what is typed, and what is printed
R33_SOURCES += tools/r33/cli/main.c                      # finds the command
R33_SOURCES += tools/r33/cli/options.c                   # the command line
R33_SOURCES += tools/r33/cli/option_table.c              # one table of options
R33_SOURCES += tools/r33/cli/grade.c                     # r33 grade, r33 run
R33_SOURCES += tools/r33/cli/explain.c                   # r33 explain
R33_SOURCES += tools/r33/cli/decode.c                    # r33 decode
R33_SOURCES += tools/r33/cli/rules.c                     # r33 rules
R33_SOURCES += tools/r33/cli/bench.c                     # r33 bench
R33_SOURCES += tools/r33/cli/conform.c                   # r33 conform
R33_SOURCES += tools/r33/cli/fuzz.c                      # r33 fuzz
R33_SOURCES += tools/r33/cli/enter.c                     # r33 enter
R33_SOURCES += tools/r33/cli/caps.c                      # r33 caps
R33_SOURCES += tools/r33/cli/locate.c                    # r33 locate
R33_SOURCES += tools/r33/cli/gdb.c                       # r33 gdb
R33_SOURCES += tools/r33/cli/bench_gdb.c                 # how fast gdb is
R33_SOURCES += tools/r33/cli/bench_rules.c               # how fast the rules are

# gdb/: the debugger
R33_SOURCES += tools/r33/gdb/debug.c                     # a lab is debugged
R33_SOURCES += tools/r33/gdb/start.c                     # how gdb is started
R33_SOURCES += tools/r33/gdb/connect.c                   # how it finds its server
R33_SOURCES += tools/r33/gdb/stub.c                      # an engine's own server
R33_SOURCES += tools/r33/gdb/boot.c                      # from GRUB to the student's first line
R33_SOURCES += tools/r33/gdb/server.c                    # gdb's packets are answered
R33_SOURCES += tools/r33/gdb/link.c                      # the line to gdb
R33_SOURCES += tools/r33/gdb/monitor.c                   # its monitor commands
R33_SOURCES += tools/r33/gdb/log.c                       # failed entries in Bochs' log
R33_SOURCES += tools/r33/gdb/vmcs.c                      # the current VMCS, from outside
R33_SOURCES += tools/r33/gdb/vmcs_layout.c               # where its fields are
R33_SOURCES += tools/r33/gdb/run.c                       # the machine runs
R33_SOURCES += tools/r33/gdb/breakpoints.c               # until there
R33_SOURCES += tools/r33/gdb/registers.c                 # registers as gdb sees them
R33_SOURCES += tools/r33/gdb/types.c                     # and the names of their bits
R33_SOURCES += tools/r33/gdb/debuggee.c                  # the stopped machine
R33_SOURCES += tools/r33/gdb/bochs_machine.c             # ... in Bochs
R33_SOURCES += tools/r33/gdb/bochs_writes.c              # what is changed there
R33_SOURCES += tools/r33/gdb/bochs.c                     # Bochs' debugger as a function
R33_SOURCES += tools/r33/gdb/answer.c                    # what it answers
R33_SOURCES += tools/r33/gdb/qemu_machine.c              # ... in QEMU
R33_SOURCES += tools/r33/gdb/qemu_guest.c                # the guest, which QEMU's server does not know
R33_SOURCES += tools/r33/gdb/qemu_server.c               # QEMU's server for gdb as a function
R33_SOURCES += tools/r33/gdb/qemu_answer.c               # what it answers
R33_SOURCES += tools/r33/gdb/engine_socket.c             # the way to it
R33_SOURCES += tools/r33/gdb/objdump.c                   # code that is not gdb's to disassemble
R33_SOURCES += tools/r33/gdb/command.c                   # what gdb asks for
R33_SOURCES += tools/r33/gdb/packet.c                    # packets
R33_SOURCES += tools/r33/gdb/places.c                    # addresses in ELF files

# oracle/: conform, fuzz, enter: the processor against the rules
R33_SOURCES += tools/r33/oracle/conform.c                # enter every rule case on a model
R33_SOURCES += tools/r33/oracle/conform_results.c        # what is kept of it
R33_SOURCES += tools/r33/oracle/conform_markdown.c       # docs/engines.md
R33_SOURCES += tools/r33/oracle/pose.c                   # a rule case becomes states
R33_SOURCES += tools/r33/oracle/fuzz.c                   # random states
R33_SOURCES += tools/r33/oracle/reproducer.c             # the smallest state that deviates
R33_SOURCES += tools/r33/oracle/batch.c                  # many states for the kernel to enter
R33_SOURCES += tools/r33/oracle/predict.c                # how an entry will end
R33_SOURCES += tools/r33/oracle/caps_engine.c            # ask an engine what its processor offers
R33_SOURCES += $(sort $(wildcard tests/rules/*.c))       # states that break one rule each

# report/: what is told of a run, in each format
R33_SOURCES += tools/r33/report/report.c                 # the formats
R33_SOURCES += tools/r33/report/words.c                  # words and names
R33_SOURCES += tools/r33/report/bound.c                  # how long they may become
R33_SOURCES += tools/r33/report/text.c                   # for people
R33_SOURCES += tools/r33/report/overview.c               # for people, the whole course on a screen
R33_SOURCES += tools/r33/report/case.c                   # one failed case, for people
R33_SOURCES += tools/r33/report/json.c                   # everything
R33_SOURCES += tools/r33/report/tap.c                    # for prove
R33_SOURCES += tools/r33/report/junit.c                  # for CI systems
R33_SOURCES += tools/r33/report/gradescope.c             # for Gradescope
R33_SOURCES += tools/r33/report/html.c                   # a page for people
R33_SOURCES += tools/r33/report/html_area.c              # its picture of the guest-state area
R33_SOURCES += tools/r33/report/html_case.c              # its cases
R33_SOURCES += tools/r33/report/html_style.c             # its looks
R33_SOURCES += tools/r33/report/guest_area.c             # the guest-state area in the SDM's order
R33_SOURCES += tools/r33/report/html_elements.c          # HTML, escaped

# run/: one run, from parameters to a grade
R33_SOURCES += tools/r33/run/measured.c                  # by which version of Bochs
R33_SOURCES += tools/r33/run/session.c                   # build, image, boot: what the commands share
R33_SOURCES += tools/r33/run/check.c                     # what can be wrong before that
R33_SOURCES += tools/r33/run/classify.c                  # how a run ended
R33_SOURCES += tools/r33/run/grade.c                     # cases and points of a run
R33_SOURCES += tools/r33/run/locate.c                    # source lines for the reports
R33_SOURCES += tools/r33/run/symbols.c                   # address to line, by libdw
R33_SOURCES += tools/r33/run/place.c                     # a line, as reports show it

# explain/: a dump is judged, rules are printed
R33_SOURCES += tools/r33/explain/explain.c               # a dump is judged
R33_SOURCES += tools/r33/explain/input.c                 # a dump as the rules read it
R33_SOURCES += tools/r33/explain/unknown.c               # what could not be judged, and why
R33_SOURCES += tools/r33/explain/verdict.c               # the verdict
R33_SOURCES += tools/r33/explain/remarks.c               # what the exit reason tells, what contradicts it
R33_SOURCES += tools/r33/explain/text.c                  # for people
R33_SOURCES += tools/r33/explain/json.c                  # for programs
R33_SOURCES += tools/r33/explain/words.c                 # words and names
R33_SOURCES += tools/r33/explain/rules_print.c           # a rule for people
R33_SOURCES += tools/r33/explain/rules_markdown.c        # docs/rules.md
R33_SOURCES += tools/r33/explain/rules_header.c          # labs/include/r33/rules.h

# submission/: from a student's files to modules and an image
R33_SOURCES += tools/r33/submission/labs.c               # which labs and files there are
R33_SOURCES += tools/r33/submission/submission.c         # which of a student's files are compiled
R33_SOURCES += tools/r33/submission/compile.c            # they become a module
R33_SOURCES += tools/r33/submission/compiler.c           # whose fault it is if they do not
R33_SOURCES += tools/r33/submission/module.c             # compiler, linker, objcopy
R33_SOURCES += tools/r33/submission/tool.c               # one of these, confined
R33_SOURCES += tools/r33/submission/toolchain.c          # where they are
R33_SOURCES += tools/r33/submission/watch.c              # which files exist for them
R33_SOURCES += tools/r33/submission/image.c              # modules and kernel become an image

# dump/: foreign dumps of a guest state
R33_SOURCES += tools/r33/dump/dump.c                     # dumps of a guest state: finds them in a text
R33_SOURCES += tools/r33/dump/file.c                     # those of a file
R33_SOURCES += tools/r33/dump/clean.c                    # the text without mail, log and terminal
R33_SOURCES += tools/r33/dump/match.c                    # tokens and patterns of them
R33_SOURCES += tools/r33/dump/build.c                    # fields and notes of a dump
R33_SOURCES += tools/r33/dump/kvm.c                      # Linux KVM's format
R33_SOURCES += tools/r33/dump/xen.c                      # what Xen does differently
R33_SOURCES += tools/r33/dump/qemu.c                     # QEMU's registers
R33_SOURCES += tools/r33/dump/r33.c                      # our own format

# machine/: engines: what can be the machine
R33_SOURCES += tools/r33/machine/engine.c                # boot a machine and watch it
R33_SOURCES += tools/r33/machine/engines.c               # which there are
R33_SOURCES += tools/r33/machine/confine.c               # what it may reach
R33_SOURCES += tools/r33/machine/version.c               # which version it is
R33_SOURCES += tools/r33/machine/bochs.c                 # how to start Bochs
R33_SOURCES += tools/r33/machine/bochs_build.c           # what the installed Bochs is
R33_SOURCES += tools/r33/machine/qemu.c                  # how to start QEMU
R33_SOURCES += tools/r33/machine/qemu_cpu.c              # its processor in place of a model

# state/: a VMCS as a value, and what a processor offers
R33_SOURCES += tools/r33/state/bases.c                   # valid states to start from
R33_SOURCES += tools/r33/state/base_kinds.c              # how they differ from a 64-bit guest
R33_SOURCES += tools/r33/state/vmcs.c                    # a VMCS as a value
R33_SOURCES += tools/r33/state/caps.c                    # what a processor offers, where no file tells
R33_SOURCES += tools/r33/state/caps_file.c               # capability files
R33_SOURCES += tools/r33/state/caps_models.c             # those of this tree
R33_SOURCES += tools/r33/state/profile.c                 # one of them as the kernel takes it

# stream/: the record stream
R33_SOURCES += tools/r33/stream/stream.c                 # the record stream: bytes, lines, verdicts
R33_SOURCES += tools/r33/stream/lines.c                  # its lines between test points
R33_SOURCES += tools/r33/stream/fields.c                 # what became of the fields
R33_SOURCES += tools/r33/stream/block.c                  # the YAML block of a test point
R33_SOURCES += tools/r33/stream/events.c                 # what listeners are told

# process/: children, their limits and what they reach
R33_SOURCES += tools/r33/process/confine.c               # which files a process reaches
R33_SOURCES += tools/r33/process/confine_calls.c         # which system calls it keeps
R33_SOURCES += tools/r33/process/patience.c              # how long to wait
R33_SOURCES += tools/r33/process/process.c               # children: limits, pipes, signals
R33_SOURCES += tools/r33/process/start.c                 # fork, limits, exec
R33_SOURCES += tools/r33/process/strays.c                # those that were left over
R33_SOURCES += tools/r33/process/output.c                # read what a child writes
R33_SOURCES += tools/r33/process/workdir.c               # temporary files, and who removes them
R33_SOURCES += tools/r33/process/groups.c                # which groups its cleaner ends

# base/: memory, texts, files
R33_SOURCES += tools/r33/base/save.c                     # where they go
R33_SOURCES += tools/r33/base/file.c                     # a whole file
R33_SOURCES += tools/r33/base/wrap.c                     # paragraphs
R33_SOURCES += tools/r33/base/clean.c                    # text made safe for a terminal
R33_SOURCES += tools/r33/base/util.c                     # small helpers
R33_SOURCES += tools/r33/base/cursor.c                   # a text that is read from its beginning
R33_SOURCES += tools/r33/base/memory.c                   # memory that is always there

# The rules, the same sources as in the kernel, here with all their texts.
R33_RULES := $(filter kernel/rules/%.c,$(KERNEL_SOURCES))

# The walks through a guest's tables, as the kernel makes them.
R33_WALKS := kernel/vmx/svm/walk.c kernel/vmx/svm/ept_walk.c

R33_CFLAGS := -Itools/r33 -Ikernel -Ilabs/include -I/usr/include/libxml2 '-DR33_CROSS="$(CROSS)"'
R33_LIBS := -Wl,--as-needed -ljansson -lyaml -lxml2 -ldw -lelf -lseccomp

R33_OBJECTS := $(patsubst %.c,$(BUILD)/host/%.o,$(R33_SOURCES) $(R33_RULES) $(R33_WALKS))

$(BUILD)/host/%.o: %.c $(BUILD)/flags/host
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(R33_CFLAGS) -c $< -o $@

$(BUILD)/r33: $(R33_OBJECTS)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(R33_OBJECTS) $(R33_LIBS)

-include $(R33_OBJECTS:.o=.d)

# Unit tests: tests/unit/build.mk has the rules.  R33_TESTS are linked with what they need of r33.
R33_TESTS := r33_advice_test r33_block_test r33_bound_test r33_case_test r33_clean_test r33_earned_test \
	r33_engine_test r33_fields_test r33_grade_test r33_html_test r33_overview_test r33_report_test r33_stream_test
profile_of_model_test_SOURCES := kernel/vmx/profile.c
R33_TESTS += profile_of_model_test save_test watch_test confine_test engines_test
R33_TESTS += dump_kvm_test dump_xen_test dump_qemu_test dump_r33_test dump_text_test dump_file_test
R33_TESTS += caps_test explain_test explain_dump_test conform_results_test
R33_TESTS += gdb_packet_test gdb_command_test gdb_answer_test gdb_vmcs_test gdb_breakpoints_test gdb_qemu_test gdb_log_test \
	gdb_link_test
gdb_qemu_test_SOURCES := $(R33_WALKS)
gdb_vmcs_test_SOURCES := kernel/grade/vmcs_layout.c

R33_FUZZERS := fuzz_dump fuzz_caps fuzz_explain fuzz_gdb fuzz_stream fuzz_symbols fuzz_reports
fuzz_symbols_DEPENDS := $(BUILD)/reference.elf

# A short run of two for make test.
R33_TESTS += fuzz_reports_test fuzz_symbols_test
fuzz_reports_test_SOURCES := tests/unit/fuzz_briefly.c tests/unit/fuzz_reports.c
fuzz_symbols_test_SOURCES := tests/unit/fuzz_briefly.c tests/unit/fuzz_symbols.c
fuzz_symbols_test_DEPENDS := $(fuzz_symbols_DEPENDS)

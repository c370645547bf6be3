# The host tool: its sources in the order in which one reads them.

R33_SOURCES :=
R33_SOURCES += tools/r33/main.c		     # finds the command
R33_SOURCES += tools/r33/options.c	     # the command line
R33_SOURCES += tools/r33/option_table.c	     # one table of options
R33_SOURCES += tools/r33/command_grade.c     # r33 grade, r33 run
R33_SOURCES += tools/r33/command_explain.c   # r33 explain
R33_SOURCES += tools/r33/command_decode.c    # r33 decode
R33_SOURCES += tools/r33/command_rules.c     # r33 rules
R33_SOURCES += tools/r33/command_bench.c     # r33 bench
R33_SOURCES += tools/r33/command_conform.c   # r33 conform
R33_SOURCES += tools/r33/command_fuzz.c	     # r33 fuzz
R33_SOURCES += tools/r33/command_enter.c     # r33 enter
R33_SOURCES += tools/r33/command_caps.c	     # r33 caps
R33_SOURCES += tools/r33/command_locate.c    # r33 locate
R33_SOURCES += tools/r33/command_gdb.c	     # r33 gdb
R33_SOURCES += tools/r33/gdb_start.c	     # how gdb is started
R33_SOURCES += tools/r33/gdb_connect.c	     # how it finds its server
R33_SOURCES += tools/r33/gdb_stub.c	     # an engine's own server
R33_SOURCES += tools/r33/gdb_boot.c	     # from GRUB to the student's first line
R33_SOURCES += tools/r33/gdb_server.c	     # gdb's packets are answered
R33_SOURCES += tools/r33/gdb_link.c	     # the line to gdb
R33_SOURCES += tools/r33/gdb_monitor.c	     # its monitor commands
R33_SOURCES += tools/r33/gdb_log.c	     # failed entries in Bochs' log
R33_SOURCES += tools/r33/gdb_vmcs.c	     # the current VMCS, from outside
R33_SOURCES += tools/r33/gdb_vmcs_layout.c   # where its fields are
R33_SOURCES += tools/r33/gdb_run.c	     # the machine runs
R33_SOURCES += tools/r33/gdb_breakpoints.c   # until there
R33_SOURCES += tools/r33/gdb_registers.c     # registers as gdb sees them
R33_SOURCES += tools/r33/gdb_types.c	     # and the names of their bits
R33_SOURCES += tools/r33/gdb_debuggee.c	     # the stopped machine
R33_SOURCES += tools/r33/gdb_bochs.c	     # Bochs' debugger as a function
R33_SOURCES += tools/r33/gdb_answer.c	     # what it answers
R33_SOURCES += tools/r33/gdb_command.c	     # what gdb asks for
R33_SOURCES += tools/r33/gdb_packet.c	     # packets
R33_SOURCES += tools/r33/gdb_places.c	     # addresses in ELF files
R33_SOURCES += tools/r33/conform.c	     # enter every rule case on a model
R33_SOURCES += tools/r33/conform_results.c   # what is kept of it
R33_SOURCES += tools/r33/conform_markdown.c  # docs/engines.md
R33_SOURCES += tools/r33/pose.c		     # a rule case becomes states
R33_SOURCES += tools/r33/fuzz.c		     # random states
R33_SOURCES += tools/r33/reproducer.c	     # the smallest state that disagrees
R33_SOURCES += tools/r33/bases.c	     # valid states to start from
R33_SOURCES += tools/r33/base_kinds.c	     # how they differ from a 64-bit guest
R33_SOURCES += tools/r33/batch.c	     # many states for the kernel to enter
R33_SOURCES += tools/r33/predict.c	     # how an entry will end
R33_SOURCES += tools/r33/measured.c	     # by which version of Bochs
R33_SOURCES += tools/r33/vmcs.c		     # a VMCS as a value
R33_SOURCES += tools/r33/caps_engine.c	     # ask an engine what its processor offers
R33_SOURCES += tools/r33/bench_gdb.c	     # how fast gdb is
R33_SOURCES += tools/r33/bench_rules.c	     # how fast the rules are
R33_SOURCES += $(sort $(wildcard tests/rules/*.c)) # states that break one rule each
R33_SOURCES += tools/r33/session.c	     # build, image, boot: what the commands share
R33_SOURCES += tools/r33/session_check.c     # what can be wrong before that
R33_SOURCES += tools/r33/labs.c		     # which labs and files there are
R33_SOURCES += tools/r33/submission.c	     # which of a student's files are compiled
R33_SOURCES += tools/r33/compile.c	     # they become a module
R33_SOURCES += tools/r33/compiler.c	     # whose fault it is if they do not
R33_SOURCES += tools/r33/module.c	     # compiler, linker, objcopy
R33_SOURCES += tools/r33/tool.c		     # one of these, confined
R33_SOURCES += tools/r33/toolchain.c	     # where they are
R33_SOURCES += tools/r33/watch.c	     # which files exist for them
R33_SOURCES += tools/r33/confine.c	     # which files a process reaches
R33_SOURCES += tools/r33/confine_calls.c     # which system calls it keeps
R33_SOURCES += tools/r33/patience.c	     # how long to wait
R33_SOURCES += tools/r33/image.c	     # modules and kernel become an image
R33_SOURCES += tools/r33/engine.c	     # boot a machine and watch it
R33_SOURCES += tools/r33/engine_confine.c    # what it may reach
R33_SOURCES += tools/r33/engine_version.c    # which version it is
R33_SOURCES += tools/r33/engine_bochs.c	     # how to start Bochs
R33_SOURCES += tools/r33/engine_bochs_build.c # what the installed Bochs is
R33_SOURCES += tools/r33/engine_qemu.c	     # how to start QEMU
R33_SOURCES += tools/r33/process.c	     # children: limits, pipes, signals
R33_SOURCES += tools/r33/process_start.c    # fork, limits, exec
R33_SOURCES += tools/r33/process_strays.c    # those that were left behind
R33_SOURCES += tools/r33/process_output.c   # read what a child writes
R33_SOURCES += tools/r33/workdir.c	     # temporary files, and who removes them
R33_SOURCES += tools/r33/stream.c	     # the record stream: bytes, lines, verdicts
R33_SOURCES += tools/r33/stream_lines.c	     # its lines between test points
R33_SOURCES += tools/r33/stream_fields.c     # what became of the fields
R33_SOURCES += tools/r33/stream_block.c	     # the YAML block of a test point
R33_SOURCES += tools/r33/classify.c	     # how a run ended
R33_SOURCES += tools/r33/grade.c	     # cases and points of a run
R33_SOURCES += tools/r33/locate.c	     # source lines for the reports
R33_SOURCES += tools/r33/symbols.c	     # address to line, by libdw
R33_SOURCES += tools/r33/place.c	     # a line, as reports show it
R33_SOURCES += tools/r33/report.c	     # the formats
R33_SOURCES += tools/r33/save.c		     # where they go
R33_SOURCES += tools/r33/report_bound.c	     # how long they may become
R33_SOURCES += tools/r33/report_text.c	     # for people
R33_SOURCES += tools/r33/report_overview.c   # for people, the whole course on a screen
R33_SOURCES += tools/r33/report_case.c	     # one failed case, for people
R33_SOURCES += tools/r33/report_json.c	     # everything
R33_SOURCES += tools/r33/report_tap.c	     # for prove
R33_SOURCES += tools/r33/report_junit.c	     # for CI systems
R33_SOURCES += tools/r33/report_gradescope.c # for Gradescope
R33_SOURCES += tools/r33/report_html.c	     # a page for people
R33_SOURCES += tools/r33/report_html_area.c  # its picture of the guest-state area
R33_SOURCES += tools/r33/report_html_case.c  # its cases
R33_SOURCES += tools/r33/report_html_style.c # its looks
R33_SOURCES += tools/r33/guest_area.c	     # the guest-state area in the SDM's order
R33_SOURCES += tools/r33/html.c		     # HTML, escaped
R33_SOURCES += tools/r33/explain.c	     # a dump is judged
R33_SOURCES += tools/r33/explain_input.c     # a dump as the rules read it
R33_SOURCES += tools/r33/explain_unknown.c   # what could not be judged, and why
R33_SOURCES += tools/r33/explain_verdict.c   # the verdict
R33_SOURCES += tools/r33/explain_remarks.c   # what the exit reason tells, what contradicts it
R33_SOURCES += tools/r33/explain_text.c	     # for people
R33_SOURCES += tools/r33/explain_json.c	     # for programs
R33_SOURCES += tools/r33/rules_print.c	     # a rule for people
R33_SOURCES += tools/r33/rules_markdown.c    # docs/rules.md
R33_SOURCES += tools/r33/rules_header.c	     # labs/include/r33/rules.h
R33_SOURCES += tools/r33/caps.c		     # what a processor offers, where nobody tells
R33_SOURCES += tools/r33/caps_file.c	     # capability files
R33_SOURCES += tools/r33/caps_models.c	     # those of this tree
R33_SOURCES += tools/r33/dump.c		     # dumps of a guest state: finds them in a text
R33_SOURCES += tools/r33/dump_file.c	     # those of a file
R33_SOURCES += tools/r33/dump_clean.c	     # the text without mail, log and terminal
R33_SOURCES += tools/r33/dump_match.c	     # tokens and patterns of them
R33_SOURCES += tools/r33/dump_build.c	     # fields and notes of a dump
R33_SOURCES += tools/r33/dump_kvm.c	     # Linux KVM's format
R33_SOURCES += tools/r33/dump_xen.c	     # what Xen does differently
R33_SOURCES += tools/r33/dump_qemu.c	     # QEMU's registers
R33_SOURCES += tools/r33/dump_r33.c	     # our own format
R33_SOURCES += tools/r33/file.c		     # a whole file
R33_SOURCES += tools/r33/wrap.c		     # paragraphs
R33_SOURCES += tools/r33/clean.c	     # text made safe for a terminal
R33_SOURCES += tools/r33/util.c		     # small helpers

# The rules, the same sources as in the kernel, here with all their texts.
R33_RULES := $(filter kernel/rules/%.c,$(KERNEL_SOURCES))

R33_CFLAGS := -Itools/r33 -Ikernel -Ilabs/include -I/usr/include/libxml2 '-DR33_CROSS="$(CROSS)"'
R33_LIBS := -ljansson -lyaml -lxml2 -ldw -lelf -lseccomp

R33_OBJECTS := $(patsubst %.c,$(BUILD)/host/%.o,$(R33_SOURCES) $(R33_RULES))

$(BUILD)/host/%.o: %.c $(BUILD)/flags/host
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(R33_CFLAGS) -c $< -o $@

$(BUILD)/r33: $(R33_OBJECTS)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(R33_OBJECTS) $(R33_LIBS)

-include $(R33_OBJECTS:.o=.d)

# Unit tests: tests/unit/build.mk has the rules.
R33_PARSER := tools/r33/stream.c tools/r33/stream_lines.c tools/r33/stream_fields.c \
	tools/r33/stream_block.c tools/r33/util.c tools/r33/clean.c
R33_MODEL := $(R33_PARSER) tools/r33/grade.c tools/r33/classify.c tools/r33/labs.c
R33_REPORTS := $(filter tools/r33/report%,$(R33_SOURCES)) tools/r33/wrap.c tools/r33/html.c \
	tools/r33/save.c tools/r33/guest_area.c kernel/rules/field_names.c

UNIT_TESTS += r33_case_test r33_advice_test r33_overview_test r33_html_test
r33_advice_test_SOURCES := tests/unit/r33_advice_test.c $(R33_MODEL) $(R33_REPORTS)
r33_advice_test_LIBS := -ljansson -lyaml -lxml2
r33_case_test_SOURCES := tests/unit/r33_case_test.c $(R33_MODEL) $(R33_REPORTS)
r33_case_test_LIBS := -ljansson -lyaml -lxml2
r33_html_test_SOURCES := tests/unit/r33_html_test.c $(R33_MODEL) $(R33_REPORTS)
r33_html_test_LIBS := -ljansson -lyaml -lxml2
r33_overview_test_SOURCES := tests/unit/r33_overview_test.c $(R33_MODEL) $(R33_REPORTS)
r33_overview_test_LIBS := -ljansson -lyaml -lxml2
UNIT_TESTS += save_test
save_test_SOURCES := tests/unit/save_test.c tools/r33/save.c tools/r33/util.c tools/r33/clean.c
save_test_LIBS := -ljansson
UNIT_TESTS += r33_bound_test
r33_bound_test_SOURCES := tests/unit/r33_bound_test.c tools/r33/place.c $(R33_MODEL) $(R33_REPORTS)
r33_bound_test_LIBS := -ljansson -lyaml -lxml2
UNIT_TESTS += r33_stream_test r33_fields_test r33_block_test r33_grade_test r33_report_test r33_earned_test r33_clean_test
r33_stream_test_SOURCES := tests/unit/r33_stream_test.c $(R33_PARSER)
r33_stream_test_LIBS := -ljansson -lyaml
r33_fields_test_SOURCES := tests/unit/r33_fields_test.c $(R33_PARSER)
r33_fields_test_LIBS := -ljansson -lyaml
r33_block_test_SOURCES := tests/unit/r33_block_test.c $(R33_PARSER)
r33_block_test_LIBS := -ljansson -lyaml
r33_grade_test_SOURCES := tests/unit/r33_grade_test.c $(R33_MODEL)
r33_grade_test_LIBS := -ljansson -lyaml
r33_report_test_SOURCES := tests/unit/r33_report_test.c $(R33_MODEL) $(R33_REPORTS)
r33_report_test_LIBS := -ljansson -lyaml -lxml2
r33_earned_test_SOURCES := tests/unit/r33_earned_test.c $(R33_MODEL) $(R33_REPORTS)
r33_earned_test_LIBS := -ljansson -lyaml -lxml2
r33_clean_test_SOURCES := tests/unit/r33_clean_test.c tools/r33/clean.c tools/r33/util.c
r33_clean_test_LIBS := -ljansson

UNIT_TESTS += watch_test confine_test
watch_test_SOURCES := tests/unit/watch_test.c tools/r33/watch.c
watch_test_LIBS := -lseccomp
confine_test_SOURCES := tests/unit/confine_test.c tools/r33/confine.c tools/r33/confine_calls.c
confine_test_LIBS := -lseccomp

R33_DUMP := $(filter tools/r33/dump%,$(R33_SOURCES)) tools/r33/file.c tools/r33/util.c \
	tools/r33/clean.c
R33_DUMP_TESTS := dump_kvm_test dump_xen_test dump_qemu_test dump_r33_test dump_text_test \
	dump_file_test
UNIT_TESTS += $(R33_DUMP_TESTS)
$(foreach test,$(R33_DUMP_TESTS),$(eval $(test)_SOURCES := tests/unit/$(test).c $(R33_DUMP)))
$(foreach test,$(R33_DUMP_TESTS),$(eval $(test)_LIBS := -ljansson))

FUZZ_TARGETS += fuzz_dump
fuzz_dump_SOURCES := tests/unit/fuzz_dump.c $(R33_DUMP)
fuzz_dump_LIBS := -ljansson

R33_CAPS := tools/r33/caps.c tools/r33/caps_file.c tools/r33/caps_models.c kernel/rules/bochs_versions.c tools/r33/file.c tools/r33/util.c \
	tools/r33/clean.c kernel/rules/capabilities.c
R33_EXPLAIN := $(filter tools/r33/explain%,$(R33_SOURCES)) tools/r33/wrap.c $(R33_DUMP) $(R33_CAPS) \
	$(R33_RULES)
UNIT_TESTS += caps_test explain_test explain_dump_test
caps_test_SOURCES := tests/unit/caps_test.c $(R33_CAPS)
caps_test_LIBS := -ljansson
explain_test_SOURCES := tests/unit/explain_test.c $(sort $(R33_EXPLAIN))
explain_test_LIBS := -ljansson
explain_dump_test_SOURCES := tests/unit/explain_dump_test.c $(sort $(R33_EXPLAIN))
explain_dump_test_LIBS := -ljansson

FUZZ_TARGETS += fuzz_caps fuzz_explain
fuzz_explain_SOURCES := tests/unit/fuzz_explain.c $(sort $(R33_EXPLAIN))
fuzz_explain_LIBS := -ljansson
fuzz_caps_SOURCES := tests/unit/fuzz_caps.c $(R33_CAPS)
fuzz_caps_LIBS := -ljansson

UNIT_TESTS += gdb_packet_test gdb_command_test gdb_answer_test gdb_vmcs_test gdb_breakpoints_test gdb_log_test \
	gdb_link_test
gdb_packet_test_SOURCES := tests/unit/gdb_packet_test.c tools/r33/gdb_packet.c
gdb_command_test_SOURCES := tests/unit/gdb_command_test.c tools/r33/gdb_command.c \
	tools/r33/gdb_packet.c
gdb_answer_test_SOURCES := tests/unit/gdb_answer_test.c tools/r33/gdb_answer.c \
	tools/r33/gdb_packet.c
gdb_breakpoints_test_SOURCES := tests/unit/gdb_breakpoints_test.c tools/r33/gdb_breakpoints.c
gdb_breakpoints_test_LIBS := -ljansson
gdb_log_test_SOURCES := tests/unit/gdb_log_test.c tools/r33/gdb_log.c
gdb_link_test_SOURCES := tests/unit/gdb_link_test.c tools/r33/gdb_link.c tools/r33/gdb_packet.c tools/r33/util.c \
	tools/r33/clean.c
gdb_link_test_LIBS := -ljansson
UNIT_TESTS += conform_results_test
conform_results_test_SOURCES := tests/unit/conform_results_test.c \
	$(sort $(filter-out tools/r33/main.c,$(R33_SOURCES)) $(R33_RULES))
conform_results_test_LIBS := $(R33_LIBS)
UNIT_TESTS += engines_test
engines_test_SOURCES := tests/unit/engines_test.c \
	$(addprefix tools/r33/,engine_bochs.c engine_bochs_build.c engine_version.c engine_qemu.c util.c clean.c)
engines_test_LIBS := -ljansson
gdb_vmcs_test_SOURCES := tests/unit/gdb_vmcs_test.c tools/r33/gdb_vmcs_layout.c \
	kernel/grade/vmcs_layout.c

FUZZ_TARGETS += fuzz_gdb
fuzz_gdb_SOURCES := tests/unit/fuzz_gdb.c tools/r33/gdb_answer.c tools/r33/gdb_command.c \
	tools/r33/gdb_packet.c

FUZZ_TARGETS += fuzz_stream
fuzz_stream_SOURCES := tests/unit/fuzz_stream.c $(R33_PARSER)
fuzz_stream_LIBS := -ljansson -lyaml

FUZZ_TARGETS += fuzz_symbols
fuzz_symbols_SOURCES := tests/unit/fuzz_symbols.c \
	$(addprefix tools/r33/,symbols.c place.c clean.c util.c)
fuzz_symbols_LIBS := -ldw -lelf -ljansson
fuzz_symbols_DEPENDS := $(BUILD)/reference.elf

FUZZ_TARGETS += fuzz_reports
fuzz_reports_SOURCES := tests/unit/fuzz_reports.c $(R33_MODEL) $(R33_REPORTS)
fuzz_reports_LIBS := -ljansson -lyaml -lxml2

# A short run of both for make test.
UNIT_TESTS += fuzz_reports_test fuzz_symbols_test
fuzz_reports_test_SOURCES := tests/unit/fuzz_briefly.c $(fuzz_reports_SOURCES)
fuzz_reports_test_LIBS := $(fuzz_reports_LIBS)
fuzz_symbols_test_SOURCES := tests/unit/fuzz_briefly.c $(fuzz_symbols_SOURCES)
fuzz_symbols_test_LIBS := $(fuzz_symbols_LIBS)
fuzz_symbols_test_DEPENDS := $(fuzz_symbols_DEPENDS)

# Only what writes XML needs to know where libxml2 keeps its headers.
$(addprefix $(BUILD)/unit/objects/,tools/r33/report_junit.o tools/r33/html.o \
	$(patsubst %.c,%.o,$(filter tools/r33/report_html%,$(R33_SOURCES))) \
	tests/unit/r33_report_test.o tests/unit/r33_earned_test.o tests/unit/r33_html_test.o tests/unit/fuzz_reports.o): \
	HOST_CFLAGS += -I/usr/include/libxml2
$(BUILD)/fuzz/objects/%.o: HOST_CFLAGS += -I/usr/include/libxml2

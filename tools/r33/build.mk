# The host tool: its sources in the order in which one reads them.

R33_SOURCES :=
R33_SOURCES += tools/r33/main.c		     # finds the command
R33_SOURCES += tools/r33/options.c	     # the command line, one table of options
R33_SOURCES += tools/r33/command_grade.c     # r33 grade, r33 run
R33_SOURCES += tools/r33/command_bench.c     # r33 bench
R33_SOURCES += tools/r33/session.c	     # build, image, boot: what the commands share
R33_SOURCES += tools/r33/labs.c		     # which labs and files there are
R33_SOURCES += tools/r33/submission.c	     # a student's files become a module
R33_SOURCES += tools/r33/image.c	     # modules and kernel become an image
R33_SOURCES += tools/r33/engine.c	     # boot a machine and watch it
R33_SOURCES += tools/r33/engine_bochs.c	     # how to start Bochs
R33_SOURCES += tools/r33/engine_qemu.c	     # how to start QEMU
R33_SOURCES += tools/r33/process.c	     # children: limits, pipes, signals
R33_SOURCES += tools/r33/workdir.c	     # temporary files, and who removes them
R33_SOURCES += tools/r33/stream.c	     # the record stream: bytes, lines, verdicts
R33_SOURCES += tools/r33/stream_lines.c	     # its lines between test points
R33_SOURCES += tools/r33/stream_block.c	     # the YAML block of a test point
R33_SOURCES += tools/r33/classify.c	     # how a run ended
R33_SOURCES += tools/r33/grade.c	     # cases and points of a run
R33_SOURCES += tools/r33/locate.c	     # source lines for the reports
R33_SOURCES += tools/r33/symbols.c	     # address to line, by libdw
R33_SOURCES += tools/r33/report.c	     # the formats
R33_SOURCES += tools/r33/report_text.c	     # for people
R33_SOURCES += tools/r33/report_case.c	     # one failed case, for people
R33_SOURCES += tools/r33/report_json.c	     # everything
R33_SOURCES += tools/r33/report_tap.c	     # for prove
R33_SOURCES += tools/r33/report_junit.c	     # for CI systems
R33_SOURCES += tools/r33/report_gradescope.c # for Gradescope
R33_SOURCES += tools/r33/clean.c	     # text made safe for a terminal
R33_SOURCES += tools/r33/util.c		     # small helpers

R33_CFLAGS := -Itools/r33 -I/usr/include/libxml2
R33_LIBS := -ljansson -lyaml -lxml2 -ldw

R33_OBJECTS := $(R33_SOURCES:%.c=$(BUILD)/%.o)

$(BUILD)/tools/r33/%.o: tools/r33/%.c $(BUILD)/flags/host
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(R33_CFLAGS) -c $< -o $@

$(BUILD)/r33: $(R33_OBJECTS)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(R33_OBJECTS) $(R33_LIBS)

-include $(R33_OBJECTS:.o=.d)

# Unit tests: tests/unit/build.mk has the rules.
R33_PARSER := tools/r33/stream.c tools/r33/stream_lines.c tools/r33/stream_block.c \
	tools/r33/util.c tools/r33/clean.c
R33_MODEL := $(R33_PARSER) tools/r33/grade.c tools/r33/classify.c tools/r33/labs.c
R33_REPORTS := $(filter tools/r33/report%,$(R33_SOURCES))

UNIT_TESTS += r33_stream_test r33_block_test r33_grade_test r33_report_test r33_clean_test
r33_stream_test_SOURCES := tests/unit/r33_stream_test.c $(R33_PARSER)
r33_stream_test_LIBS := -ljansson -lyaml
r33_block_test_SOURCES := tests/unit/r33_block_test.c $(R33_PARSER)
r33_block_test_LIBS := -ljansson -lyaml
r33_grade_test_SOURCES := tests/unit/r33_grade_test.c $(R33_MODEL)
r33_grade_test_LIBS := -ljansson -lyaml
r33_report_test_SOURCES := tests/unit/r33_report_test.c $(R33_MODEL) $(R33_REPORTS)
r33_report_test_LIBS := -ljansson -lyaml -lxml2
r33_clean_test_SOURCES := tests/unit/r33_clean_test.c tools/r33/clean.c tools/r33/util.c
r33_clean_test_LIBS := -ljansson

FUZZ_TARGETS += fuzz_stream
fuzz_stream_SOURCES := tests/unit/fuzz_stream.c $(R33_PARSER)
fuzz_stream_LIBS := -ljansson -lyaml

# Only what writes XML needs to know where libxml2 keeps its headers.
$(BUILD)/unit/objects/tools/r33/report_junit.o $(BUILD)/unit/objects/tests/unit/r33_report_test.o: \
	HOST_CFLAGS += -I/usr/include/libxml2

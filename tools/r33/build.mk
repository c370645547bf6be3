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

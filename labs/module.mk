# Compile one submission to a module, away from the tree.  r33 runs this with
#
#   make -C WORK -f ROOT/labs/module.mk ROOT=ROOT LAB=1-control-registers
#
# where WORK/labs/LAB/ holds the student's files; the results are WORK/labN.elf and WORK/boot.elf, the
# same without what is not loaded: reading it would be a third of the time to boot all labs.  Whatever
# those files include or pull in must come from them or from labs/include: a submission cannot read the
# solutions, or anything else on this machine.

include $(ROOT)/labs/runtime/flags.mk

# DEBUG=1: for r33 gdb, where vmwrite() shall be one step.
LAB_CFLAGS += $(if $(DEBUG),-fno-inline)

NUMBER := $(firstword $(subst -, ,$(LAB)))
# Lab 9 is made of all parts: r33 puts those of the labs it needs beside it.
DIRECTORIES := labs/$(if $(filter 9,$(NUMBER)),*,$(LAB))
SOURCES := $(sort $(wildcard $(DIRECTORIES)/*.c $(DIRECTORIES)/*.S))
OBJECTS := $(addsuffix .o,$(SOURCES))
COMPILER_INCLUDE := $(shell $(LAB_CC) -print-file-name=include)
RUNTIME := $(ROOT)/build/labs/runtime.o

# The same bytes wherever WORK and ROOT are.
# gcc tries the last one first: WORK may lie inside ROOT.
PREFIX_MAP := -ffile-prefix-map=$(ROOT)=. -ffile-prefix-map=$(CURDIR)=.

boot.elf: lab$(NUMBER).elf
	@$(LAB_OBJCOPY) --strip-all $< $@

lab$(NUMBER).elf: $(OBJECTS)
	@$(LAB_CC) $(LAB_LDFLAGS) -Wl,-T,$(ROOT)/labs/runtime/module.ld \
		-Wl,--require-defined=$(call lab-function,$(LAB)) $(OBJECTS) $(RUNTIME) -o $@

# For r33, which compiles a lab's own files while it waits for those of other labs.
.PHONY: own
own: $(filter labs/$(LAB)/%,$(OBJECTS))

# A file that was refused must not be linked by the next make.
.DELETE_ON_ERROR:

# No message may show a file that a submission must not read, and compilers quote the source line
# of whatever file they believe to be in.  So the preprocessor comes first, and its messages are held
# back until the list of what it has read and the files that its line markers (#line) name have been
# compared with what there is to read; if it failed, its list is made by itself (-M -MG), since none
# is written then.  Only then comes the compiler proper, on the preprocessed text.  Of the assembler's
# messages those are shown that speak of the student's file.
INPUTS = $(ROOT)/labs/include $(<D) $(COMPILER_INCLUDE)
CHECK := sh $(ROOT)/labs/runtime/check-inputs.sh
COMPILE := $(LAB_CC) $(LAB_CFLAGS) $(PREFIX_MAP) -fno-lto
PREPROCESS := $(COMPILE) -I$(ROOT)/labs/include -isystem $(COMPILER_INCLUDE) -fno-diagnostics-show-caret -fno-working-directory

$(OBJECTS): %.o: %
	@$(PREPROCESS) -MD -MF $@.d -E $< -o $@.i 2>$@.messages || { echo $$? >$@.status; \
		$(PREPROCESS) -M -MG $< -MF $@.d >/dev/null 2>&1 || true; }
	@$(CHECK) $@.d $@.i $(INPUTS) && cat $@.messages >&2 && { [ ! -e $@.status ] || exit $$(cat $@.status); }
	@$(if $(filter %.S,$<),cp $@.i $@.s,$(COMPILE) -fpreprocessed -x c -S $@.i -o $@.s)
	@$(COMPILE) -Wa,--MD,$@.asm.d -c $@.s -o $@ 2>$@.messages || \
		{ grep '^$(<D)/' $@.messages >&2; echo 'error: this cannot be assembled' >&2; exit 1; }
	@$(CHECK) $@.asm.d - $(notdir $<) $(<D) $(TMPDIR)

# Compile one submission to a module, away from the tree.  r33 runs this with
#
#   make -C WORK -f ROOT/labs/module.mk ROOT=ROOT LAB=1-control-registers
#
# where WORK/labs/LAB/ holds the student's files; the result is WORK/labN.elf.  Whatever those
# files include or pull in must come from them or from labs/include: a submission cannot read the
# solutions, or anything else on this machine.

include $(ROOT)/labs/runtime/flags.mk

NUMBER := $(firstword $(subst -, ,$(LAB)))
SOURCES := $(sort $(wildcard labs/$(LAB)/*.c labs/$(LAB)/*.S))
OBJECTS := $(addsuffix .o,$(SOURCES))
COMPILER_INCLUDE := $(shell $(LAB_CC) -print-file-name=include)
RUNTIME := $(ROOT)/build/labs/runtime.o

# The same bytes wherever WORK and ROOT are.
# gcc tries the last one first: WORK may lie inside ROOT.
PREFIX_MAP := -ffile-prefix-map=$(ROOT)=. -ffile-prefix-map=$(CURDIR)=.

lab$(NUMBER).elf: $(OBJECTS)
	@$(LAB_CC) $(LAB_LDFLAGS) -Wl,-T,$(ROOT)/labs/runtime/module.ld \
		-Wl,--require-defined=$(call lab-function,$(LAB)) $(OBJECTS) $(RUNTIME) -o $@

# A file that was refused must not be linked by the next make.
.DELETE_ON_ERROR:

# The compiler's and the assembler's own lists of what they read are compared with what there is to
# read.  The preprocessor's comes first, without output: no message may quote a file that a
# submission must not read.  The assembler gives its list only when all is well; of its messages
# those are shown that speak of the student's file.
INPUTS := $(ROOT)/labs/include labs/$(LAB) $(COMPILER_INCLUDE)
COMPILE := $(LAB_CC) $(LAB_CFLAGS) $(PREFIX_MAP) -I$(ROOT)/labs/include -isystem $(COMPILER_INCLUDE)
TO_ASSEMBLY = $(if $(filter %.S,$<),-E,-S)

$(OBJECTS): %.o: %
	@$(COMPILE) -MM -MG $< -MF $@.d >/dev/null 2>&1 || true
	@sh $(ROOT)/labs/runtime/check-inputs.sh $@.d $(INPUTS)
	@$(COMPILE) -MD -MF $@.d $(TO_ASSEMBLY) $< -o $@.s
	@sh $(ROOT)/labs/runtime/check-inputs.sh $@.d $(INPUTS)
	@$(COMPILE) -Wa,--MD,$@.asm.d -c $@.s -o $@ 2>$@.messages || \
		{ grep '^labs/$(LAB)/' $@.messages >&2; echo 'error: this cannot be assembled' >&2; exit 1; }
	@sh $(ROOT)/labs/runtime/check-inputs.sh $@.asm.d $(notdir $<) labs/$(LAB) $(TMPDIR)

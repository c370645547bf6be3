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
PREFIX_MAP := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(ROOT)=.

lab$(NUMBER).elf: $(OBJECTS)
	@$(LAB_CC) $(LAB_LDFLAGS) -Wl,-T,$(ROOT)/labs/runtime/module.ld \
		-Wl,--require-defined=$(call lab-function,$(LAB)) $(OBJECTS) $(RUNTIME) -o $@

# A file that was refused must not be linked by the next make.
.DELETE_ON_ERROR:

# The compiler's and the assembler's own lists of what they read are compared with what there is to
# read, first without producing output that could quote it.
$(OBJECTS): %.o: %
	@$(LAB_CC) -MM -MG $(LAB_CFLAGS) -I$(ROOT)/labs/include -isystem $(COMPILER_INCLUDE) $< -MF $@.d >/dev/null 2>&1 || true
	@sh $(ROOT)/labs/runtime/check-inputs.sh $@.d $(ROOT)/labs/include labs/$(LAB) $(COMPILER_INCLUDE)
	@$(LAB_CC) $(LAB_CFLAGS) $(PREFIX_MAP) -I$(ROOT)/labs/include -isystem $(COMPILER_INCLUDE) \
		-MD -MF $@.d -Wa,--MD,$@.asm.d -c $< -o $@
	@sh $(ROOT)/labs/runtime/check-inputs.sh $@.d $(ROOT)/labs/include labs/$(LAB) $(COMPILER_INCLUDE)
	@sh $(ROOT)/labs/runtime/check-inputs.sh $@.asm.d $(notdir $<) labs/$(LAB) $(TMPDIR)

# Modules: the runtime they all start with, the reference, and the tree's own labs.

include labs/runtime/flags.mk

RUNTIME := $(BUILD)/labs/runtime.o
RUNTIME_OBJECTS := $(addprefix $(BUILD)/labs/runtime/,start.o dispatch.o exercises.o printf.o format.o string.o)
# No path of this machine gets into a module: it would change its size, and so the time of its boot.
LAB_FLAGS = $(LAB_CFLAGS) $(call quoted,-ffile-prefix-map=$(CURDIR)=.) $(if $(WERROR),-Werror) -Ilabs/include -isystem $(shell $(LAB_CC) -print-file-name=include) -MMD -MP
MODULE_LINK = $(LAB_CC) $(LAB_LDFLAGS) -Wl,-T,labs/runtime/module.ld

$(BUILD)/flags/labs: FLAGS = $(LAB_CC) $(LAB_CFLAGS) $(LAB_LDFLAGS) $(if $(WERROR),-Werror)

$(BUILD)/labs/runtime/%.o: labs/runtime/%.c $(BUILD)/flags/labs
	@mkdir -p $(@D)
	$(Q)$(LAB_CC) $(LAB_FLAGS) -Ikernel -c $< -o $@
$(BUILD)/labs/runtime/%.o: labs/runtime/%.S $(BUILD)/flags/labs
	@mkdir -p $(@D)
	$(Q)$(LAB_CC) $(LAB_FLAGS) -c $< -o $@
$(BUILD)/labs/runtime/%.o: kernel/lib/%.c $(BUILD)/flags/labs
	@mkdir -p $(@D)
	$(Q)$(LAB_CC) $(LAB_FLAGS) -Ikernel -c $< -o $@
$(RUNTIME): $(RUNTIME_OBJECTS)
	$(Q)$(LAB_CC) -nostdlib -r $^ -o $@

# The reference is the solutions of all parts, also of those whose labs are still to be written.
# Labs 8 and 9 fill nothing by themselves.
# It lies elsewhere than the labs' modules, in the same 4 MiB: a debugger knows a breakpoint by its
# linear address only.
REFERENCE_ADDRESS := 0x40200000
REFERENCE_SOURCES := $(sort $(filter-out solutions/8-% solutions/9-%,$(wildcard solutions/*/*.c)))
REFERENCE_OBJECTS := $(REFERENCE_SOURCES:%.c=$(BUILD)/%.o)

$(BUILD)/solutions/%.o: solutions/%.c $(BUILD)/flags/labs
	@mkdir -p $(@D)
	$(Q)$(LAB_CC) $(LAB_FLAGS) -c $< -o $@
# A handout has the reference without its sources (prebuilt/build.mk).
ifneq ($(REFERENCE_SOURCES),)
$(BUILD)/flags/reference-objects: FLAGS = $(REFERENCE_OBJECTS)
$(BUILD)/reference.elf: $(REFERENCE_OBJECTS) $(RUNTIME) labs/runtime/module.ld $(BUILD)/flags/reference-objects
	$(Q)$(MODULE_LINK) -Wl,--section-start=.text=$(REFERENCE_ADDRESS) -Wl,-Map,$(BUILD)/reference.map $(REFERENCE_OBJECTS) $(RUNTIME) -o $@
	$(Q)$(OBJDUMP) -d $@ >$(BUILD)/reference.asm
endif

# One module for each lab of the tree, for booting without r33 (make iso).  Lab 9 is made of all parts.
PART_LABS := $(filter 1-% 2-% 3-% 4-% 5-% 6-% 7-%,$(LABS))
define lab-module-rules
LAB_$(1)_OBJECTS := $$(patsubst %,$$(BUILD)/%.o,$$(basename $$(wildcard $$(foreach one,$(1) $$(if $$(filter 9-%,$(1)),$(PART_LABS)),labs/$$(one)/*.c labs/$$(one)/*.S))))
$$(BUILD)/labs/$(1)/%.o: labs/$(1)/%.c $$(BUILD)/flags/labs
	@mkdir -p $$(@D)
	$$(Q)$$(LAB_CC) $$(LAB_FLAGS) -c $$< -o $$@
$$(BUILD)/labs/$(1)/%.o: labs/$(1)/%.S $$(BUILD)/flags/labs
	@mkdir -p $$(@D)
	$$(Q)$$(LAB_CC) $$(LAB_FLAGS) -c $$< -o $$@
$$(BUILD)/lab$$(firstword $$(subst -, ,$(1))).elf: $$(LAB_$(1)_OBJECTS) $$(RUNTIME) labs/runtime/module.ld
	$$(Q)$$(MODULE_LINK) -Wl,-Map,$$(@:.elf=.map) $$(LAB_$(1)_OBJECTS) $$(RUNTIME) -o $$@
	$$(Q)$$(OBJDUMP) -d $$@ >$$(@:.elf=.asm)
-include $$(LAB_$(1)_OBJECTS:.o=.d)
endef
$(foreach lab,$(LABS),$(eval $(call lab-module-rules,$(lab))))

-include $(REFERENCE_OBJECTS:.o=.d) $(RUNTIME_OBJECTS:.o=.d)

# The front end's own test: a module for "lab 0" (tests/front-end/).
FRONT_END_OBJECTS := $(addprefix $(BUILD)/tests/front-end/,front_end.o forms.o enter.o)

$(BUILD)/tests/front-end/%.o: tests/front-end/%.c $(BUILD)/flags/labs
	@mkdir -p $(@D)
	$(Q)$(LAB_CC) $(LAB_FLAGS) -c $< -o $@
$(BUILD)/tests/front-end/%.o: tests/front-end/%.S $(BUILD)/flags/labs
	@mkdir -p $(@D)
	$(Q)$(LAB_CC) $(LAB_FLAGS) -c $< -o $@
$(BUILD)/tests/front-end.elf: $(FRONT_END_OBJECTS) $(RUNTIME) labs/runtime/module.ld
	$(Q)$(MODULE_LINK) -Wl,-Map,$(@:.elf=.map) $(FRONT_END_OBJECTS) $(RUNTIME) -o $@
	$(Q)$(OBJDUMP) -d $@ >$(@:.elf=.asm)

-include $(FRONT_END_OBJECTS:.o=.d)

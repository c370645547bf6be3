# Private tests: `make grade TESTS=DIR` adds the cases and guests of a directory outside the tree,
# of the same shape as tests/.  They go into a kernel of their own, so that the tree's never has them.

$(call checked-name,TESTS=$(TESTS),$(TESTS))
ifneq ($(filter -%,$(TESTS)),)
$(error TESTS=$(TESTS): a compiler takes that for an option: write ./$(TESTS))
endif

$(foreach file,$(wildcard $(TESTS)/cases/*/*.c $(TESTS)/guests/*.S),$(call checked-name,TESTS: $(file),$(file)))

PRIVATE := $(BUILD)/private
PRIVATE_CASES := $(sort $(wildcard $(TESTS)/cases/*/*.c))
PRIVATE_GUESTS := $(basename $(notdir $(wildcard $(TESTS)/guests/*.S)))
ifeq ($(PRIVATE_CASES)$(PRIVATE_GUESTS),)
$(error TESTS=$(TESTS): there is no cases/N-name/*.c and no guests/*.S in it)
endif
ifneq ($(filter $(GUEST_NAMES) image,$(PRIVATE_GUESTS)),)
$(error TESTS=$(TESTS): these guests have the names of others in tests/guests: $(filter $(GUEST_NAMES) image,$(PRIVATE_GUESTS)))
endif

PRIVATE_OBJECTS := $(PRIVATE_CASES:$(TESTS)/%.c=$(PRIVATE)/%.o)
KERNEL := $(PRIVATE)/boot/kernel.elf

# Another directory may have files of the same names, even older ones: then all is compiled again.
$(BUILD)/flags/private-tests: FLAGS = $(abspath $(TESTS))

$(PRIVATE)/cases/%.o: $(TESTS)/cases/%.c $(BUILD)/flags/machine $(BUILD)/flags/private-tests
	@mkdir -p $(@D)
	$(Q)$(CC) $(MACHINE_CFLAGS) $(KERNEL_FLAGS) -c $< -o $@

$(eval $(call guest-rules,$(PRIVATE)/guests,$(TESTS)/guests,$(BUILD)/flags/private-tests))

$(eval $(call kernel-rules,$(PRIVATE),$(KERNEL_OBJECTS) $(PRIVATE_OBJECTS) $(GUEST_OBJECTS) \
	$(PRIVATE_GUESTS:%=$(PRIVATE)/guests/%.image.o),private-objects))

$(KERNEL): $(PRIVATE)/kernel.elf
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) --strip-debug $< $@

# What was found out about another directory's files does not hold for this one's.
ifeq ($(shell cat $(BUILD)/flags/private-tests 2>/dev/null),$(abspath $(TESTS)))
-include $(PRIVATE_OBJECTS:.o=.d)
endif

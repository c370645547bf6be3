# Test guests: every tests/guests/NAME.S becomes an image of its own, linked where it will run,
# and is carried by the kernel.  Names that end in 16 are linked for real mode.

GUEST_NAMES := $(filter-out image,$(basename $(notdir $(wildcard tests/guests/*.S))))
GUEST_OBJECTS := $(GUEST_NAMES:%=$(BUILD)/guests/%.image.o)
guest-address = $(if $(filter %16,$(1)),0x10000,0x1010000)

# $(1): where the images are made; $(2): where the sources are; $(3): what they depend on besides.
define guest-rules
$(1)/%.elf: $(2)/%.S $(wildcard tests/guests/*.h tests/guests/*.inc) $(BUILD)/flags/machine $(3)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(MACHINE_CFLAGS) -Itests/guests -Ilabs/include -c $$< -o $$(@:.elf=.o)
	$$(Q)$$(CC) $$(MACHINE_LDFLAGS) -Wl,-N,--no-warn-rwx-segments,-Ttext=$$(call guest-address,$$*),-Map,$$(@:.elf=.map) $$(@:.elf=.o) -o $$@
	$$(Q)$$(OBJDUMP) -d $$(if $$(filter %16,$$*),-M i8086) $$@ >$$(@:.elf=.asm)

$(1)/%.bin: $(1)/%.elf
	$$(Q)$$(OBJCOPY) -O binary $$< $$@

$(1)/%.image.o: tests/guests/image.S $(1)/%.bin
	$$(Q)$$(CC) -DGUEST_NAME=$$* -DGUEST_BYTES='"$(1)/$$*.bin"' -DGUEST_ADDRESS=$$(call guest-address,$$*) -c $$< -o $$@
endef
$(eval $(call guest-rules,$(BUILD)/guests,tests/guests))

# Test guests: every tests/guests/NAME.S becomes an image of its own, linked where it will run,
# and is carried by the kernel.  Names that end in 16 are linked for real mode.

GUEST_NAMES := $(filter-out image,$(basename $(notdir $(wildcard tests/guests/*.S))))
GUEST_OBJECTS := $(GUEST_NAMES:%=$(BUILD)/guests/%.image.o)
guest-address = $(if $(filter %16,$(1)),0x10000,0x1010000)

$(BUILD)/guests/%.elf: tests/guests/%.S $(wildcard tests/guests/*.h tests/guests/*.inc) $(BUILD)/flags/machine
	@mkdir -p $(@D)
	$(Q)$(CC) $(MACHINE_CFLAGS) -Itests/guests -Ilabs/include -c $< -o $(@:.elf=.o)
	$(Q)$(CC) $(MACHINE_LDFLAGS) -Wl,-N,--no-warn-rwx-segments,-Ttext=$(call guest-address,$*),-Map,$(@:.elf=.map) $(@:.elf=.o) -o $@
	$(Q)$(OBJDUMP) -d $(if $(filter %16,$*),-M i8086) $@ >$(@:.elf=.asm)

$(BUILD)/guests/%.bin: $(BUILD)/guests/%.elf
	$(Q)$(OBJCOPY) -O binary $< $@

$(BUILD)/guests/%.image.o: tests/guests/image.S $(BUILD)/guests/%.bin
	$(Q)$(CC) -DGUEST_NAME=$* -DGUEST_BYTES='"$(BUILD)/guests/$*.bin"' -DGUEST_ADDRESS=$(call guest-address,$*) -c $< -o $@

# The kernel: its sources in the order in which one reads them.

KERNEL_SOURCES += kernel/boot/entry.S	       # multiboot2 header, 32-bit entry, long mode
KERNEL_SOURCES += kernel/boot/main.c	       # what happens, in order
KERNEL_SOURCES += kernel/boot/multiboot2.c     # what GRUB tells us
KERNEL_SOURCES += kernel/boot/options.c	       # the kernel command line
KERNEL_SOURCES += kernel/cpu/descriptors.c     # GDT, TSS, IDT
KERNEL_SOURCES += kernel/cpu/trap_entry.S      # the way in from every vector, the way to CPL 3 and back
KERNEL_SOURCES += kernel/cpu/trap.c	       # who handles which trap
KERNEL_SOURCES += kernel/cpu/fault.c	       # the end of a kernel that made a mistake
KERNEL_SOURCES += kernel/cpu/frames.c	       # physical memory, page by page
KERNEL_SOURCES += kernel/cpu/paging.c	       # linear addresses: the kernel's and a module's
KERNEL_SOURCES += kernel/cpu/extended_state.c  # x87, SSE, AVX
KERNEL_SOURCES += kernel/dev/serial.c	       # COM1 console, COM2 record stream
KERNEL_SOURCES += kernel/dev/vga.c	       # the text screen
KERNEL_SOURCES += kernel/dev/framebuffer.c    # text on a screen of pixels, under UEFI
KERNEL_SOURCES += kernel/dev/font.S	       # its characters
KERNEL_SOURCES += kernel/dev/screen.c	       # the one or the other
KERNEL_SOURCES += kernel/dev/console.c	       # serial port and screen at once
KERNEL_SOURCES += kernel/dev/timer.c	       # 100 ticks per emulated second
KERNEL_SOURCES += kernel/dev/apic.c	       # the local APIC's timer
KERNEL_SOURCES += kernel/dev/power.c	       # off
KERNEL_SOURCES += kernel/vmx/capabilities.c    # what this processor offers
KERNEL_SOURCES += kernel/vmx/profile.c	       # what labs are to see where that is something else
KERNEL_SOURCES += kernel/vmx/deviations.c      # where this engine does not do as the SDM says
KERNEL_SOURCES += kernel/vmx/choose.c	       # which back end performs VMX
KERNEL_SOURCES += kernel/vmx/backend.c	       # what all back ends have in common
KERNEL_SOURCES += kernel/vmx/processor.c       # the back end: the processor's own VMX
KERNEL_SOURCES += kernel/vmx/regions.c	       # memory for a VMCS, and the two of a case
KERNEL_SOURCES += kernel/vmx/entry.S	       # VMLAUNCH, VMRESUME and the way back
KERNEL_SOURCES += kernel/vmx/timed_entry.c     # an entry with a limit
KERNEL_SOURCES += kernel/vmx/controls.c	       # control fields and host state of every guest
KERNEL_SOURCES += kernel/vmx/ept.c	       # the guest's private memory
KERNEL_SOURCES += kernel/vmx/svm/backend.c     # the other back end: VMX on top of AMD-V
KERNEL_SOURCES += kernel/vmx/svm/offer.c       # the processor that it offers
KERNEL_SOURCES += kernel/vmx/svm/self_test.c   # does it work here?
KERNEL_SOURCES += kernel/vmx/svm/vmcs.c	       # a VMCS in memory
KERNEL_SOURCES += kernel/vmx/svm/checks.c      # the checks of VM entry: the rules
KERNEL_SOURCES += kernel/vmx/svm/load.c	       # VM entry: from the VMCS to the VMCB
KERNEL_SOURCES += kernel/vmx/svm/events.c      # injection, windows, steps
KERNEL_SOURCES += kernel/vmx/svm/virtual_interrupts.c # those of the virtual-APIC page
KERNEL_SOURCES += kernel/vmx/svm/step.c	       # one instruction alone
KERNEL_SOURCES += kernel/vmx/svm/raise.c       # exceptions
KERNEL_SOURCES += kernel/vmx/svm/run.c	       # VMRUN again and again
KERNEL_SOURCES += kernel/vmx/svm/wait.c	       # guests that execute nothing
KERNEL_SOURCES += kernel/vmx/svm/entry.S       # VMRUN and the way back
KERNEL_SOURCES += kernel/vmx/svm/stops.c       # where gdb stops, and what it finds there
KERNEL_SOURCES += kernel/vmx/svm/exits.c       # #VMEXIT by #VMEXIT
KERNEL_SOURCES += kernel/vmx/svm/control_registers.c # MOV CR and its kin
KERNEL_SOURCES += kernel/vmx/svm/debug_registers.c # MOV DR
KERNEL_SOURCES += kernel/vmx/svm/msrs.c	       # RDMSR, WRMSR and the MSR areas
KERNEL_SOURCES += kernel/vmx/svm/vmx_instructions.c # what AMD-V has no opcode for
KERNEL_SOURCES += kernel/vmx/svm/save.c	       # VM exit: from the VMCB to the VMCS
KERNEL_SOURCES += kernel/vmx/svm/memory.c      # the guest's memory by linear address
KERNEL_SOURCES += kernel/vmx/svm/instruction.c # the instruction at which a guest left
KERNEL_SOURCES += kernel/vmx/svm/instruction_meaning.c
KERNEL_SOURCES += kernel/vmx/svm/instruction_tables.c
KERNEL_SOURCES += kernel/vmx/svm/walk.c	       # the guest's page tables
KERNEL_SOURCES += kernel/vmx/svm/ept_walk.c    # extended page tables
KERNEL_SOURCES += kernel/vmx/svm/second_level.c # what guest-physical addresses mean
KERNEL_SOURCES += kernel/vmx/svm/nested.c      # ... as nested page tables
KERNEL_SOURCES += kernel/lab/elf.c	       # is this a module?
KERNEL_SOURCES += kernel/lab/module.c	       # load a module into an address space of its own
KERNEL_SOURCES += kernel/lab/parts.c	       # which part may write which fields
KERNEL_SOURCES += kernel/lab/run.c	       # call a part at CPL 3
KERNEL_SOURCES += kernel/lab/decode.c	       # which instruction trapped
KERNEL_SOURCES += kernel/lab/decode_tables.c   # the opcode tables it uses
KERNEL_SOURCES += kernel/lab/front_end.c       # perform it on the lab's behalf, and enter its guest
KERNEL_SOURCES += kernel/grade/guest_memory.c  # the guest's tables, image and shared page
KERNEL_SOURCES += kernel/grade/guest_segments.c # segment registers and their descriptors
KERNEL_SOURCES += kernel/grade/guest_handlers.c # gates for guests that take their own exceptions
KERNEL_SOURCES += kernel/grade/guest_msrs.c    # MSRs of guests that look at their own
KERNEL_SOURCES += kernel/grade/probes.c	       # what a guest is to try, and how it ended
KERNEL_SOURCES += kernel/grade/probe_results.c # what probes find, in words
KERNEL_SOURCES += kernel/grade/contexts.c      # register contexts with known values
KERNEL_SOURCES += kernel/grade/linked_vmcs.c   # what a link pointer may lead to
KERNEL_SOURCES += kernel/grade/virtual_apic.c  # a page with a guest's interrupts
KERNEL_SOURCES += kernel/grade/page_log.c      # a page with the pages that a guest modified
KERNEL_SOURCES += kernel/grade/guest_run.c     # enter the guest until it is done
KERNEL_SOURCES += kernel/grade/grade.c	       # one case after the other
KERNEL_SOURCES += kernel/grade/misbehaviour.c      # what a part did instead of an answer
KERNEL_SOURCES += kernel/grade/judge_rules.c       # the rules, applied to a case's state
KERNEL_SOURCES += kernel/grade/judge.c	       # what became of a case
KERNEL_SOURCES += kernel/grade/field_states.c     # what became of each field
KERNEL_SOURCES += kernel/grade/record.c	       # the record stream
KERNEL_SOURCES += kernel/grade/result.c	       # a case's result as a test point
KERNEL_SOURCES += kernel/grade/summary.c       # all results on one screen
KERNEL_SOURCES += kernel/grade/bench.c	       # entry and exit round trips, counted
KERNEL_SOURCES += kernel/grade/states.c	       # a batch of guest states, to test the rules
KERNEL_SOURCES += kernel/grade/vmcs_layout.c     # where the fields of a VMCS are, for r33 gdb
KERNEL_SOURCES += kernel/grade/self_test.c      # bad ends, for the host tool's tests
KERNEL_SOURCES += kernel/rules/rules.c	       # check all rules
KERNEL_SOURCES += kernel/rules/capabilities.c  # what a processor offers
KERNEL_SOURCES += kernel/rules/conditions.c    # when rules apply
KERNEL_SOURCES += kernel/rules/field_checks.c  # what many rules ask of a field
KERNEL_SOURCES += kernel/rules/control_registers.c # CR0, CR3, CR4
KERNEL_SOURCES += kernel/rules/msrs.c	       # DR7 and MSRs
KERNEL_SOURCES += kernel/rules/newer_msrs.c    # MSRs of later features
KERNEL_SOURCES += kernel/rules/segments.c      # CS, SS, DS, ES, FS, GS: each for itself
KERNEL_SOURCES += kernel/rules/segment_v86.c   # ... in virtual-8086 mode
KERNEL_SOURCES += kernel/rules/segment_privilege.c # ... and their privilege levels
KERNEL_SOURCES += kernel/rules/system_segments.c # TR, LDTR, GDTR, IDTR
KERNEL_SOURCES += kernel/rules/entry_point.c   # RIP, RFLAGS, SSP
KERNEL_SOURCES += kernel/rules/activity.c      # activity state
KERNEL_SOURCES += kernel/rules/interruptibility.c # interruptibility state
KERNEL_SOURCES += kernel/rules/pending_debug.c # pending debug exceptions
KERNEL_SOURCES += kernel/rules/link_pointer.c  # VMCS link pointer
KERNEL_SOURCES += kernel/rules/pdptes.c	       # PDPTEs
KERNEL_SOURCES += kernel/rules/msr_load.c      # entries of the MSR-load area
KERNEL_SOURCES += kernel/rules/msr_values.c    # what WRMSR accepts
KERNEL_SOURCES += kernel/rules/control_settings.c # allowed settings of controls
KERNEL_SOURCES += kernel/rules/execution_controls.c # VM-execution controls
KERNEL_SOURCES += kernel/rules/apic_controls.c # those of the virtual APIC
KERNEL_SOURCES += kernel/rules/exit_controls.c # VM-exit controls
KERNEL_SOURCES += kernel/rules/entry_controls.c # VM-entry controls
KERNEL_SOURCES += kernel/rules/injection.c     # the injected event
KERNEL_SOURCES += kernel/rules/bochs.c	       # what only Bochs refuses
KERNEL_SOURCES += kernel/rules/bochs_versions.c	# and which versions of it are known
KERNEL_SOURCES += kernel/rules/rule_numbers.c  # their numbers in labs
KERNEL_SOURCES += kernel/rules/names.c	       # exit reasons, instruction errors, exceptions
KERNEL_SOURCES += kernel/rules/field_names.c   # GUEST_CR0 and so on
KERNEL_SOURCES += kernel/rules/field_bits.c    # the names of their bits
KERNEL_SOURCES += kernel/rules/field_decode.c  # their values in words
KERNEL_SOURCES += kernel/lib/format.c	       # printf's engine
KERNEL_SOURCES += kernel/lib/string.c	       # memcpy and its kin

# The graded cases are part of the kernel: adding one is adding a file.
CASE_SOURCES := $(sort $(wildcard tests/cases/*/*.c))

# In a handout they come compiled (tools/handout/).
CASE_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(CASE_SOURCES)) $(wildcard prebuilt/cases.o)

KERNEL_OBJECTS := $(patsubst %,$(BUILD)/%.o,$(basename $(KERNEL_SOURCES))) $(CASE_OBJECTS)
KERNEL_FLAGS := -Ikernel -Ilabs/include -DRULES_WITHOUT_TEXTS

$(BUILD)/kernel/%.o: kernel/%.c $(BUILD)/flags/machine
	@mkdir -p $(@D)
	$(Q)$(CC) $(MACHINE_CFLAGS) $(KERNEL_FLAGS) -c $< -o $@

$(BUILD)/kernel/%.o: kernel/%.S $(BUILD)/flags/machine
	@mkdir -p $(@D)
	$(Q)$(CC) $(MACHINE_CFLAGS) $(KERNEL_FLAGS) -c $< -o $@

# The font of the package, unpacked.  font.S counts on characters of 16 bytes in the order of ASCII after a
# header of four (PSF 1).
FONT := /usr/share/consolefonts/Unifont-APL8x16.psf.gz

$(BUILD)/font.psf: $(wildcard $(FONT)) | check-build
	@mkdir -p $(@D)
	$(Q)gzip -dc $(FONT) >$@
	$(Q)[ "$$(od -An -tx1 -N4 $@)" = " 36 04 03 10" ] || \
		{ echo "$(FONT) is not a PSF 1 font of 8 by 16 pixels" >&2; exit 1; }

$(BUILD)/kernel/dev/font.o: KERNEL_FLAGS += -Wa,-I$(BUILD)
$(BUILD)/kernel/dev/font.o: $(BUILD)/font.psf

$(BUILD)/tests/cases/%.o: tests/cases/%.c $(BUILD)/flags/machine
	@mkdir -p $(@D)
	$(Q)$(CC) $(MACHINE_CFLAGS) $(KERNEL_FLAGS) -c $< -o $@

# Linked twice: the first image yields the names of the functions for backtraces, the second
# carries them.  They follow the code, so no address in it changes.
KERNEL_LINK = $(CC) $(MACHINE_LDFLAGS) -Wl,-T,kernel/kernel.ld

# $(1): where the kernel is made; $(2): what it is made of; $(3): the name of that list, which
# changes when a file comes or goes: a case that was removed leaves the kernel.
define kernel-rules
$(BUILD)/flags/$(3): FLAGS = $(2)

$(1)/kernel/nameless.elf: $(2) kernel/kernel.ld $(BUILD)/flags/$(3)
	@mkdir -p $$(@D)
	$$(Q)$$(KERNEL_LINK) $(2) -o $$@

$(1)/kernel/symbols.S: $(1)/kernel/nameless.elf kernel/symbols.awk
	$$(Q)$$(NM) -n $$< | awk -f kernel/symbols.awk >$$@

$(1)/kernel/symbols.o: $(1)/kernel/symbols.S
	$$(Q)$$(CC) -c $$< -o $$@

$(1)/kernel.elf: $(1)/kernel/nameless.elf $(1)/kernel/symbols.o
	$$(Q)$$(KERNEL_LINK) -Wl,-Map,$(1)/kernel.map $(2) $(1)/kernel/symbols.o -o $$@
	$$(Q)$$(OBJDUMP) -d $$@ >$(1)/kernel.asm
endef
$(eval $(call kernel-rules,$(BUILD),$(KERNEL_OBJECTS) $(GUEST_OBJECTS),kernel-objects))

-include $(patsubst %,$(BUILD)/%.d,$(basename $(KERNEL_SOURCES) $(CASE_SOURCES)))

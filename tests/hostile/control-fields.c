/*
 * Takes interrupts, the preemption timer and EPT from the kernel's hands, so that the guest would
 * own the machine; hides from the guest what is in its registers.
 *
 * outcome: lab-violation
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	switch (guest->mode) {
	case GUEST_64BIT:
		vmwrite(CR0_GUEST_HOST_MASK, ~0ull);
		vmwrite(CR0_READ_SHADOW, guest->cr0);
		break;
	case GUEST_COMPATIBILITY: vmwrite(PIN_BASED_VM_EXECUTION_CONTROLS, 0x16); break;
	case GUEST_32BIT_PAE: vmwrite(EPT_POINTER, 0x1000 | 6 | 3 << 3); break;
	case GUEST_32BIT: vmwrite(SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0); break;
	case GUEST_PROTECTED_UNPAGED: vmwrite(VM_EXIT_MSR_LOAD_COUNT, 511); break;
	default: vmwrite(VM_ENTRY_CONTROLS, 0x11ff); break;
	}
	return solve(guest);
}

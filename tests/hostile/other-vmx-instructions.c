/*
 * VMX instructions that no lab needs, and AMD's.
 *
 * outcome: lab-fault
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const uint64_t descriptor[2];

	switch (guest->mode) {
	case GUEST_64BIT: __asm__ volatile("vmcall"); break;
	case GUEST_COMPATIBILITY:
		__asm__ volatile("invept %0, %1" : : "m"(descriptor), "r"(2ul));
		break;
	case GUEST_32BIT_PAE:
		__asm__ volatile("invvpid %0, %1" : : "m"(descriptor), "r"(2ul));
		break;
	case GUEST_32BIT: __asm__ volatile("vmfunc" : : "a"(0), "c"(0)); break;
	case GUEST_PROTECTED_UNPAGED: __asm__ volatile("vmrun" : : "a"(descriptor)); break;
	default: __asm__ volatile("getsec" : : "a"(0)); break;
	}
	return solve(guest);
}

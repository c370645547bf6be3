/*
 * Raises interrupts and exceptions by software, among them the kernel's timer and double fault.
 *
 * outcome: lab-fault
 */
enum decision
set_control_registers(const struct guest *guest)
{
	switch (guest->mode) {
	case GUEST_64BIT: __asm__ volatile("int $0x20"); break;
	case GUEST_COMPATIBILITY: __asm__ volatile("int $0x31"); break;
	case GUEST_32BIT_PAE: __asm__ volatile("int3"); break;
	case GUEST_32BIT: __asm__ volatile("ud2"); break;
	case GUEST_PROTECTED_UNPAGED: __asm__ volatile("int $8"); break;
	default: __asm__ volatile(".byte 0xf1"); break; /* INT1: #DB without a look at the gate */
	}
	return solve(guest);
}

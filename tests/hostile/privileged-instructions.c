/*
 * Switches interrupts off, halts, loads descriptor tables and the task register.
 *
 * outcome: lab-fault
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const uint8_t descriptor[10];

	switch (guest->mode) {
	case GUEST_64BIT: __asm__ volatile("cli"); break;
	case GUEST_COMPATIBILITY: __asm__ volatile("hlt"); break;
	case GUEST_32BIT_PAE: __asm__ volatile("lgdt %0" : : "m"(descriptor)); break;
	case GUEST_32BIT: __asm__ volatile("lidt %0" : : "m"(descriptor)); break;
	case GUEST_PROTECTED_UNPAGED: __asm__ volatile("ltr %w0" : : "r"(0)); break;
	default: __asm__ volatile("clts"); break;
	}
	return solve(guest);
}

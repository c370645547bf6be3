/*
 * Leaves VMX operation; enters the guest itself, which is the kernel's business in this lab.
 *
 * outcome: lab-violation
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	enum decision decision = solve(guest);

	if (guest->mode == GUEST_64BIT)
		__asm__ volatile("vmlaunch" : : : "memory", "cc");
	else if (guest->mode == GUEST_COMPATIBILITY)
		__asm__ volatile("vmresume" : : : "memory", "cc");
	else
		__asm__ volatile("vmxoff" : : : "memory", "cc");
	return decision;
}

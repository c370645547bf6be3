/*
 * Enters the guest itself in one case, loops in another, faults in a third, without unrestricted
 * guest or with it.  The cases in between and after them must not notice.
 *
 * loses: enter-compatibility enter-protected-unpaged enter-real
 * outcome: lab-violation lab-timeout lab-fault
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	enum decision decision = solve(guest);

	if (guest->mode == GUEST_COMPATIBILITY)
		__asm__ volatile("vmlaunch" : : : "memory", "cc");
	else if (guest->mode == GUEST_PROTECTED_UNPAGED)
		for (;;)
			__asm__ volatile("pause");
	else if (guest->mode == GUEST_REAL)
		__asm__ volatile("cli");
	return decision;
}

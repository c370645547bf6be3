/*
 * Lab 9 enters the guest for ever at the instruction for which it has left.
 *
 * lab: 9
 * instead of: run_guest
 * outcome: guest-failed
 */
enum decision
run_guest(const struct guest *guest)
{
	static struct register_context context;

	if (fill_parts(guest) != ENTER)
		for (;;)
			continue;
	if (guest->mode == GUEST_REAL)
		vmwrite(GUEST_CS_BASE, RESET_CS_BASE);
	for (bool launched = false;; launched = true)
		vmenter(&context, launched);
}

/*
 * The guest'\''s page tables are where the local APIC is, and where this engine keeps PDPTEs.
 *
 * lab: 9
 * instead of: run_guest
 * outcome: guest-failed
 * loses: begin-in-long-mode
 */
enum decision
run_guest(const struct guest *guest)
{
	static struct register_context context;

	if (guest->mode != GUEST_64BIT || fill_parts(guest) != ENTER)
		return solve(guest);
	vmwrite(GUEST_CR3, 0xfee00000);
	vmenter(&context, false);
	return ENTER;
}

/*
 * GDT and IDT are where the local APIC is, or at the end of all addresses.
 *
 * lab: 4
 * outcome: guest-failed twin-failed
 */
enum decision
set_tables_and_msrs(const struct guest *guest)
{
	enum decision decision = solve(guest);

	if (decision != ENTER)
		return decision;
	vmwrite(GUEST_GDTR_BASE, guest->ia32e_mode ? 0xfffffffffffffff8 : 0xfee00000);
	vmwrite(GUEST_IDTR_BASE, guest->ia32e_mode ? 0xfee00000 : 0xfffffff8);
	return ENTER;
}

/*
 * PDPTEs that lead to their own table, to the kernel, to where the local APIC is and beyond memory.
 *
 * lab: 6
 * outcome: guest-failed twin-failed
 * loses: pdptes pdptes-absent pdptes-in-processor pdpte-rights pdpte-accessed pdpte-beyond-width pdpte-execute-disable
 */
enum decision
set_links_timers_and_pdptes(const struct guest *guest)
{
	enum decision decision = solve(guest);

	if (guest->mode != GUEST_32BIT_PAE || decision != ENTER || !(guest->pdptes[0] & 1))
		return decision;
	vmwrite(GUEST_PDPTE0, (guest->cr3 & ~0xfffull) | 1);
	vmwrite(GUEST_PDPTE1, 0x100001);
	vmwrite(GUEST_PDPTE2, 0xfee00001);
	vmwrite(GUEST_PDPTE3, 0x3ffffff001);
	return ENTER;
}

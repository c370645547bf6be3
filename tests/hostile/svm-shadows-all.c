/*
 * The guest sees none of its control registers as they are, and may change none.
 *
 * lab: 9
 * instead of: run_guest
 * outcome: guest-failed
 * loses: begin-in-long-mode
 * outcome[core2_penryn_t9600]: guest-failed twin-failed
 * loses[core2_penryn_t9600]: begin-in-long-mode real-mode protected-mode paging long-mode there-and-back hidden-ne no-vmxe reserved-efer lme-with-paging fault-in-real-mode
 * models: core2_penryn_t9600
 */
enum decision
run_guest(const struct guest *guest)
{
	static struct register_context context;

	if (guest->mode != GUEST_64BIT || fill_parts(guest) != ENTER)
		return solve(guest);
	vmwrite(CR0_GUEST_HOST_MASK, ~0ull);
	vmwrite(CR4_GUEST_HOST_MASK, ~0ull);
	vmwrite(CR0_READ_SHADOW, 0);
	vmwrite(CR4_READ_SHADOW, ~0ull);
	vmwrite(GUEST_DR7, 0x2400); /* and debug registers are guarded */
	vmenter(&context, false);
	return ENTER;
}

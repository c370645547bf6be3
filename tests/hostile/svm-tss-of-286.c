/*
 * A task register that VM entry takes, and in which QEMU must not look for a stack: the TSS of a 286, without a
 * single byte, where the local APIC is.
 *
 * lab: 3
 * outcome: wrong-state twin-failed
 * loses: flat-32-bit granularity local-descriptors protected-16-bit virtual-8086 real-mode conforming-code freshly-loaded no-task-register level-below-rpl not-present execute-only-data ldt-from-ldt
 */
enum decision
set_segment_registers(const struct guest *guest)
{
	enum decision decision = solve(guest);

	if (guest->ia32e_mode || decision != ENTER)
		return decision;
	vmwrite(GUEST_TR_ACCESS_RIGHTS, 0x83);
	vmwrite(GUEST_TR_LIMIT, 0);
	vmwrite(GUEST_TR_BASE, 0xfee00000);
	return ENTER;
}

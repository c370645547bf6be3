/*
 * Faults without end, while breakpoints watch the stack on which they are delivered: QEMU 7.2
 * ends at the second.
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
	context.dr[0] = vmread(GUEST_RSP) - 8;
	context.dr[1] = vmread(GUEST_RSP) - 16;
	context.dr[2] = vmread(GUEST_RSP) - 24;
	context.dr[3] = vmread(GUEST_IDTR_BASE);
	vmwrite(GUEST_DR7, 0xffff04ff); /* reads and writes of 4 bytes */
	vmwrite(GUEST_RIP, 0x1000000 - 0x1000);
	vmenter(&context, false);
	return ENTER;
}

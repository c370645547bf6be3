/*
 * Lab 9 lets the guest's VM exits arrive in the kernel: they arrive there at CPL 3.
 *
 * lab: 9
 * instead of: run_guest
 * outcome: lab-fault
 */
enum decision
run_guest(const struct guest *guest)
{
	if (fill_parts(guest) != ENTER)
		*(volatile char *)0 = 0; /* what must be refused is lost in the same way */
	if (guest->mode == GUEST_REAL)
		vmwrite(GUEST_CS_BASE, RESET_CS_BASE);
	vmwrite(HOST_RIP, 0x100000);
	vmwrite(HOST_RSP, 0x100000);
	__asm__ volatile("vmlaunch" : : : "cc", "memory");
	return ENTER;
}

/*
 * Has the VM exit land in its own code, at CPL 0; puts the host on other page tables.
 *
 * outcome: lab-violation
 * models: core2_penryn_t9600
 */
static void
land_here(void)
{
	for (;;)
		lab_printf("I am the host.\n");
}

enum decision
set_control_registers(const struct guest *guest)
{
	switch (guest->mode) {
	case GUEST_64BIT: vmwrite(HOST_RIP, (uint64_t)land_here); break;
	case GUEST_COMPATIBILITY: vmwrite(HOST_CR3, guest->cr3); break;
	case GUEST_32BIT_PAE: vmwrite(HOST_RSP, (uint64_t)&guest); break;
	case GUEST_32BIT: vmwrite(HOST_CS_SELECTOR, 0); break;
	default: vmwrite(HOST_IA32_SYSENTER_EIP, (uint64_t)land_here); break;
	}
	return solve(guest);
}

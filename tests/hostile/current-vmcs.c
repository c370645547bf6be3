/*
 * Clears the current VMCS, or loads another one, before or after filling it.
 *
 * outcome: lab-violation
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	uint64_t vmcs = 0;
	enum decision decision = guest->cr0 & CR0_WP ? solve(guest) : ENTER;

	__asm__ volatile("vmptrst %0" : "+m"(vmcs) : : "memory", "cc");
	if (guest->mode == GUEST_COMPATIBILITY)
		vmcs = 0x100000;
	if (guest->mode == GUEST_REAL || guest->mode == GUEST_COMPATIBILITY)
		__asm__ volatile("vmptrld %0" : : "m"(vmcs) : "memory", "cc");
	else
		__asm__ volatile("vmclear %0" : : "m"(vmcs) : "memory", "cc");
	return guest->cr0 & CR0_WP ? decision : solve(guest);
}

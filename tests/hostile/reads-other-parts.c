/*
 * Prints what the reference has written for the other labs: their right answers, for the guests of this one.
 * Also by the high half of a 64-bit field.
 *
 * outcome: lab-violation
 * models: core2_penryn_t9600
 * keeps secret: rights 0x8b
 */
enum decision
set_control_registers(const struct guest *guest)
{
	lab_printf("rip %#lx rights %#lx efer %#lx pat %#lx link %#lx\n", vmread(GUEST_RIP),
	        vmread(GUEST_TR_ACCESS_RIGHTS), vmread(GUEST_IA32_EFER), vmread(GUEST_IA32_PAT + 1),
	        vmread(VMCS_LINK_POINTER));
	lab_printf("activity %lu\n", vmread(GUEST_ACTIVITY_STATE));
	return solve(guest);
}

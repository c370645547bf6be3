/*
 * The same with a warning, for a submission that compiles.  (@ROOT@ becomes the path of the tree.)
 *
 * outcome: lab-fault
 * keeps secret: SECONDARY_UNRESTRICTED_GUEST)
 */
#line 25 "@ROOT@/solutions/1-control-registers/control_registers.c"
static int unused;
enum decision
set_control_registers(const struct guest *guest)
{
	__asm__ volatile("cli");
	return solve(guest);
}

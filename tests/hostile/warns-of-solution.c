/*
 * The same with a warning, for a submission that compiles.  (@ROOT@ becomes the path of the tree.)
 *
 * outcome: lab-fault
 * keeps secret: PROCBASED2_UNRESTRICTED_GUEST (1ull << 39)
 */
#line 17 "@ROOT@/solutions/1-control-registers/control_registers.c"
static int unused;
enum decision
set_control_registers(const struct guest *guest)
{
	__asm__ volatile("cli");
	return solve(guest);
}

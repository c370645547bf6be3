/*
 * A module so large that, loaded beside others, it would reach the guest's memory: the run of all labs
 * would end without a verdict.
 *
 * outcome: does-not-compile
 */
static const char table[3 << 20] = { 1 };

enum decision
set_control_registers(const struct guest *guest)
{
	return table[guest->cr0 % sizeof table] == 2 ? REFUSE : solve(guest);
}

/*
 * Recurses until the stack is used up.
 *
 * outcome: lab-fault
 */
static uint64_t
recurse(uint64_t depth)
{
	volatile uint64_t local[32] = { depth };

	return recurse(depth + 1) + local[depth % 32];
}

enum decision
set_control_registers(const struct guest *guest)
{
	return recurse(0) ? solve(guest) : UNWRITTEN;
}

/*
 * Answers only from the second call on, by a counter in memory: nothing is kept between cases.
 *
 * outcome: not-written
 */
static int calls_in_data = 1;
static int calls_in_bss;

enum decision
set_control_registers(const struct guest *guest)
{
	/* What an earlier call left on the stack, deep below. */
	volatile uint64_t *below = (volatile uint64_t *)((uint64_t)&guest - 0x4000);
	bool first = calls_in_data++ == 1 && calls_in_bss++ == 0 && *below == 0;

	*below = 1;
	return first ? UNWRITTEN : solve(guest);
}

/*
 * Reads, writes and calls through null pointers.
 *
 * outcome: lab-fault
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static volatile uint64_t *volatile null_pointer;
	static void (*volatile null_function)(void);

	if (guest->mode == GUEST_64BIT)
		*null_pointer = guest->cr0;
	else if (guest->mode == GUEST_COMPATIBILITY)
		null_function();
	else
		(void)*null_pointer;
	return solve(guest);
}

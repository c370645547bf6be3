/*
 * Says that its lines are those of another file, for the debug information, and gives one a name
 * with escape sequences in it.
 *
 * outcome: lab-fault
 * keeps secret: nologin
 */
static void
crash(const volatile uint64_t *pointer)
{
#line 1 "/etc/passwd"
	(void)*pointer;
}

enum decision
set_control_registers(const struct guest *guest)
{
#line 1 "\033[2Jall points<&"
	if (guest->mode == GUEST_64BIT)
		__asm__ volatile("cli");
	crash((const volatile uint64_t *)guest->cr0);
	return solve(guest);
}

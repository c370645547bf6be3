/*
 * Brings a lab_start and a lab_dispatch of its own.
 *
 * outcome: does-not-compile
 */
void lab_start(void);
enum decision lab_dispatch(unsigned part, const struct guest *guest);

void
lab_start(void)
{
	__asm__ volatile("int $0x33" : : "a"(0ul), "D"((uint64_t)ENTER));
}

enum decision
lab_dispatch(unsigned part, const struct guest *guest)
{
	(void)part;
	return solve(guest);
}

enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}

/*
 * Leaves a mark in CR2 by a page fault, and answers where it finds it: nothing is kept between cases.
 *
 * outcome: lab-fault
 */
#define MARK 0x7e00beef

enum decision
set_control_registers(const struct guest *guest)
{
	uint64_t address;

	__asm__ volatile("mov %%cr2, %0" : "=r"(address));
	if (address != MARK)
		*(volatile char *)MARK = 0;
	return solve(guest);
}

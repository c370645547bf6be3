/*
 * Overwrites all memory upwards and downwards from its own by string instructions, until something
 * stops it: the reference module, if it lay beside this one, would be hit.
 *
 * outcome: lab-fault
 * models: core2_penryn_t9600
 */
static uint64_t data;

enum decision
set_control_registers(const struct guest *guest)
{
	uint64_t *from = guest->mode == GUEST_64BIT ? &data : (uint64_t *)&from;
	uint64_t count = ~0ull;

	if (guest->mode == GUEST_REAL)
		__asm__ volatile("std");
	__asm__ volatile("rep stosq" : "+D"(from), "+c"(count) : "a"(0x0ull) : "memory");
	return solve(guest);
}

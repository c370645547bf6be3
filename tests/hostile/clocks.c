/*
 * Asks what time it is: the processor's clocks, its counters, and the one on the board.  The time at which a part runs
 * depends on what ran before, and on what the image of this run holds.
 *
 * outcome: lab-fault
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	uint32_t low = 0, high = 0;

	switch (guest->mode) {
	case GUEST_64BIT: __asm__ volatile("rdtscp" : "=a"(low), "=d"(high) : : "ecx"); break;
	case GUEST_REAL: __asm__ volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(0)); break;
	case GUEST_32BIT:
		__asm__ volatile("outb %%al, $0x70; inb $0x71, %%al" : "+a"(low)); /* the RTC */
		break;
	case GUEST_COMPATIBILITY:
		__asm__ volatile("inb $0x40, %%al" : "+a"(low));
		break; /* the PIT */
	default: __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	}
	lab_printf("%x%08x\n", high, low);
	return solve(guest);
}

/*
 * Writes a test point to the record stream itself: to COM2, by OUT and by OUTS, and to COM1; reads
 * the ports, too.
 *
 * outcome: lab-fault
 */
static const char points[] = "ok 1 - all is well\n";

enum decision
set_control_registers(const struct guest *guest)
{
	uint16_t port = guest->mode == GUEST_REAL ? 0x3f8 : 0x2f8;
	const char *text = points;
	uint64_t size = sizeof points - 1;

	if (guest->mode == GUEST_64BIT)
		while (*text)
			__asm__ volatile("outb %0, %1" : : "a"(*text++), "Nd"(port));
	else if (guest->mode == GUEST_COMPATIBILITY)
		__asm__ volatile("inb %w1, %b0" : "+a"(text) : "d"(port));
	else
		__asm__ volatile("rep outsb" : "+S"(text), "+c"(size) : "d"(port));
	return solve(guest);
}

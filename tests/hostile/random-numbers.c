/*
 * Throws dice for its answers: three runs earned 27, 50 and 78 points.  Code that contains RDRAND or RDSEED, of
 * whatever width, is not loaded.
 *
 * outcome: module-malformed
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	uint64_t random = 0;

	switch (guest->mode) {
	case GUEST_64BIT: __asm__ volatile("rdseed %0" : "=r"(random) : : "cc"); break;
	case GUEST_REAL: __asm__ volatile("rdseed %w0" : "+r"(random) : : "cc"); break;
	case GUEST_32BIT: __asm__ volatile("rdrand %w0" : "+r"(random) : : "cc"); break;
	default: __asm__ volatile("rdrand %0" : "=r"(random) : : "cc");
	}
	lab_printf("%lx\n", random);
	return random & 1 ? UNWRITTEN : solve(guest);
}

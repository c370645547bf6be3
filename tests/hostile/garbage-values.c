/*
 * Answers with what is no answer, also with the right one in the low half of garbage.
 *
 * outcome: lab-garbage
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const uint64_t values[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = 1ull << 32 | ENTER,
		[GUEST_COMPATIBILITY] = ~0ull,
		[GUEST_32BIT_PAE] = 3,
		[GUEST_32BIT] = 1ull << 63 | REFUSE,
		[GUEST_PROTECTED_UNPAGED] = 0xffffffff,
		[GUEST_REAL] = 1ull << 32,
	};

	solve(guest);
	__asm__ volatile("int $0x33" : : "a"(0ul), "D"(values[guest->mode]));
	return UNWRITTEN;
}

/*
 * Asks the kernel by INT 33h for services that there are not, and to print from where it may not
 * read.
 *
 * outcome: lab-fault
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const struct {
		uint64_t service, text, size;
	} calls[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = { 1, 0x100000, 256 },
		[GUEST_COMPATIBILITY] = { 2, 0, 0 },
		[GUEST_32BIT_PAE] = { 1ull << 32 | 1, 0x40000000, 8 },
		[GUEST_32BIT] = { 1, 0x7ff00000 - 8, 16 },
		[GUEST_PROTECTED_UNPAGED] = { 1, 1ull << 63, ~0ull },
		[GUEST_REAL] = { ~0ull, 1, 1 },
	};

	__asm__ volatile("int $0x33"
	        :
	        : "a"(calls[guest->mode].service), "D"(calls[guest->mode].text),
	        "S"(calls[guest->mode].size)
	        : "memory");
	return solve(guest);
}

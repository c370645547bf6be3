/*
 * Switches the machine off by the ports of Bochs, QEMU and the reset line, so that nothing bad is
 * ever reported.
 *
 * outcome: lab-fault
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const struct {
		uint16_t port, value;
	} writes[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = { 0x8900, 'S' },
		[GUEST_COMPATIBILITY] = { 0xf4, 0 },
		[GUEST_32BIT_PAE] = { 0xb004, 0x2000 },
		[GUEST_32BIT] = { 0x64, 0xfe },
		[GUEST_PROTECTED_UNPAGED] = { 0xcf9, 6 },
		[GUEST_REAL] = { 0x92, 1 },
	};

	__asm__ volatile("outw %w0, %w1"
	        :
	        : "a"(writes[guest->mode].value), "d"(writes[guest->mode].port));
	return solve(guest);
}

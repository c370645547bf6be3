/*
 * Writes where points could be made: the kernel, the guest's report page, the description of the
 * guest, its own code and constants.
 *
 * outcome: lab-fault
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const uint64_t constant;
	const uint64_t addresses[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = 0x100000,                    /* the kernel */
		[GUEST_COMPATIBILITY] = 0x1000000,           /* the guest's memory */
		[GUEST_32BIT_PAE] = (uint64_t)guest,         /* the description */
		[GUEST_32BIT] = (uint64_t)&constant,         /* .rodata */
		[GUEST_PROTECTED_UNPAGED] = (uint64_t)solve, /* .text */
		[GUEST_REAL] = 0x7fee0000,                   /* far below the stack */
	};

	*(volatile uint64_t *)addresses[guest->mode] = 0;
	return solve(guest);
}

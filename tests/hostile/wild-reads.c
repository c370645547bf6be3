/*
 * Reads where the secrets could be: the kernel, the guest's memory, the page tables' holes.
 *
 * outcome: lab-fault
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const uint64_t addresses[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = 0x100000,               /* the kernel */
		[GUEST_COMPATIBILITY] = 0x1000000,      /* the guest's memory */
		[GUEST_32BIT_PAE] = 0x7ff00000,         /* the first byte above the stack */
		[GUEST_32BIT] = 0xffff800000000000,     /* the upper half */
		[GUEST_PROTECTED_UNPAGED] = 1ull << 47, /* not canonical */
		[GUEST_REAL] = ~0ull,                   /* wraps */
	};

	lab_printf("%lx\n", *(const volatile uint64_t *)addresses[guest->mode]);
	return solve(guest);
}

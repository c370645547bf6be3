/*
 * Jumps into the kernel, into the guest's code, into its own stack and data.
 *
 * outcome: lab-fault
 */
static uint8_t code_in_data[] = { 0xc3 };

enum decision
set_control_registers(const struct guest *guest)
{
	uint8_t code_on_stack[] = { 0xc3 };
	const uint64_t addresses[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = 0x101000,                       /* the kernel */
		[GUEST_COMPATIBILITY] = 0x1010000,              /* the guest's memory */
		[GUEST_32BIT_PAE] = (uint64_t)code_on_stack,    /* not executable */
		[GUEST_32BIT] = (uint64_t)code_in_data,         /* not executable */
		[GUEST_PROTECTED_UNPAGED] = 0x8000000000000000, /* not canonical */
		[GUEST_REAL] = (uint64_t)guest,                 /* not executable */
	};

	((void (*)(void))addresses[guest->mode])();
	return solve(guest);
}

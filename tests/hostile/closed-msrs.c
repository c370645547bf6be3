/*
 * Reads model-specific registers that are not for labs.
 *
 * outcome: lab-violation
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const uint32_t msrs[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = 0x10,         /* time-stamp counter */
		[GUEST_COMPATIBILITY] = 0x1b, /* APIC base */
		[GUEST_32BIT_PAE] = 0x47f,    /* just below the capability MSRs */
		[GUEST_32BIT] = 0xc0000101,   /* GS base */
		[GUEST_PROTECTED_UNPAGED] = 0x4b0,
		[GUEST_REAL] = 0xffffffff,
	};

	lab_printf("%lx\n", rdmsr(msrs[guest->mode]));
	return solve(guest);
}

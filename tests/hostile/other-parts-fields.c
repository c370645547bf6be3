/*
 * Sends the guest elsewhere by fields of other parts, also by the high half of a 64-bit field, by
 * an encoding with stray bits and by fields that only the processor writes.
 *
 * outcome: lab-violation
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const uint64_t fields[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = GUEST_RIP,
		[GUEST_COMPATIBILITY] = VMCS_LINK_POINTER + 1,
		[GUEST_32BIT_PAE] = GUEST_CR0 + 1,
		[GUEST_32BIT] = GUEST_CR0 | 1ull << 32,
		[GUEST_PROTECTED_UNPAGED] = EXIT_REASON,
		[GUEST_REAL] = 0xffffffff,
	};
	enum decision decision = solve(guest);

	vmwrite(fields[guest->mode], 0);
	return decision;
}

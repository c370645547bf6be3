/*
 * Enters IA-32e mode without protection: Bochs, which does not check that, would break down on it
 * and take the following cases with it.
 *
 * outcome: entry-failed twin-failed
 * loses: keep-cr0-bits reserved-cr0-bit
 */
enum decision
set_control_registers(const struct guest *guest)
{
	enum decision answer = solve(guest);

	if (guest->cr0 & CR0_TS)
		vmwrite(GUEST_CR0, rdmsr(IA32_VMX_CR0_FIXED0) & ~(CR0_PE | CR0_PG));
	return answer;
}

/*
 * Where the processor takes PDPTEs from memory, CR3 leads it there: to page 0 and to the kernel's
 * code.  What is wrong with the entries that it finds there would tell what stands there.
 *
 * outcome: wrong-state missed-refusal
 * outcome[core2_penryn_t9600]: entry-failed missed-refusal
 * loses: enter-32-bit-pae pcide-32-bit
 * models: core2_penryn_t9600
 * keeps secret: PDPTE-MEM
 */
#define PAGE_0 0ull
#define KERNEL 0x100020ull

enum decision
set_control_registers(const struct guest *guest)
{
	struct guest possible = *guest;

	if (guest->mode != GUEST_32BIT_PAE)
		return solve(guest);
	possible.cr4 &= ~(uint64_t)CR4_PCIDE;
	solve(&possible);
	vmwrite(GUEST_CR3, guest->cr4 & CR4_PCIDE ? KERNEL : PAGE_0);
	return ENTER;
}

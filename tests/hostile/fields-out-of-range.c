/*
 * Sends the processor to memory, vectors and times that are not the guest's: paging entries that
 * lead to the kernel, an index beyond the log, a vector that no handler has, no end.
 *
 * lab: 6
 * outcome: guest-failed twin-failed
 * loses: pdptes pdptes-in-processor pdpte-rights pdpte-accessed pdpte-beyond-width pdpte-execute-disable timer log-empty interrupt-requested
 * models: corei5_lynnfield_750
 */
#define KERNEL_DIRECTORY 0x100001ull

enum decision
set_links_timers_and_pdptes(const struct guest *guest)
{
	enum decision decision = solve(guest);

	if (decision != ENTER)
		return decision;
	if (guest->mode == GUEST_32BIT_PAE && (guest->pdptes[3] & 1))
		for (unsigned i = 0; i < PDPTES; i++)
			vmwrite(GUEST_PDPTE0 + FIELD_STEP * i, KERNEL_DIRECTORY);
	if (guest->has_timer && guest->timer_tsc_ticks && guest->timer_tsc_ticks < UINT32_MAX &&
	        !(rdmsr(IA32_VMX_MISC) & VMX_MISC_TIMER_RATE))
		vmwrite(VMX_PREEMPTION_TIMER_VALUE, UINT32_MAX);
	if (guest->has_page_log && guest->page_log_free == 512)
		vmwrite(GUEST_PML_INDEX, 0x8000);
	if (guest->has_virtual_interrupts && !guest->virtual_isr[0] && !guest->virtual_isr[1])
		vmwrite(GUEST_INTERRUPT_STATUS, 0xff);
	return ENTER;
}

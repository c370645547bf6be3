/*
 * Links the guest's VMCS to what is none of its business, so that the processor, or the report,
 * tells what stands there, or a guest with VMCS shadowing writes to it.
 *
 * lab: 6
 * outcome: wrong-state entry-failed twin-failed
 * loses: no-link shadowing-without-link link-shadow ordinary-with-shadowing timer timer-rate timer-zero timer-beyond-field pdptes-of-64-bit log-empty log-full
 * outcome[core2_penryn_t9600]: wrong-state
 * models: core2_penryn_t9600
 * keeps secret: LINK-REVISION
 */
#define KERNEL        0x100000ull
#define BIOS          0xf0000ull
#define BEYOND_MEMORY (1ull << 38) /* a physical address, but no RAM */
#define PAGE          4096ull

static uint64_t
somewhere_else(const struct guest *guest)
{
	if (guest->has_timer)
		switch (guest->timer_tsc_ticks) {
		case 0: return BEYOND_MEMORY;
		case 1ull << 62: return BIOS;
		default: return rdmsr(IA32_VMX_MISC) & 0x1f ? 0 : vmptrst();
		}
	if (guest->has_page_log)
		return guest->page_log_free ? vmptrst() - PAGE : vmptrst() + 32 * PAGE;
	if (guest->pdptes[3])
		return KERNEL + 10 * PAGE;
	return secondary_controls() & SECONDARY_VMCS_SHADOWING && !guest->linked_vmcs ? 0 : KERNEL;
}

enum decision
set_links_timers_and_pdptes(const struct guest *guest)
{
	bool shadowing = secondary_controls() & SECONDARY_VMCS_SHADOWING;
	enum decision decision = solve(guest);

	if (guest->mode != GUEST_64BIT || guest->has_virtual_interrupts || decision != ENTER)
		return decision;
	if (guest->linked_vmcs && !shadowing)
		return decision;
	if (guest->has_page_log && guest->page_log_free == 2)
		return decision;
	vmwrite(VMCS_LINK_POINTER, somewhere_else(guest));
	return ENTER;
}

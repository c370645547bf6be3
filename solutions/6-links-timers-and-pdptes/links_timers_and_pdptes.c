/*
 * Lab 6: links, timers and PDPTEs.
 *
 * The rest of the guest-state area has nothing to do with the guest's registers: the VMCS to
 * which the guest's own is linked, a timer, four paging entries, pending virtual interrupts, and
 * the position in a log.  Work out what each field holds, or find out that the processor would not
 * enter such a guest.  README.md in this directory explains how.
 *
 * You may use: vmwrite(), vmread(), vmptrst(), rdmsr(), cpuid() from <r33/instructions.h>, the names
 * in <r33/controls.h>, <r33/cpuid.h>, <r33/msr.h>, <r33/paging.h> and <r33/vmcs_fields.h>, and
 * lab_printf().
 */
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/instructions.h>
#include <r33/paging.h>
#include <r33/parts.h>
//: solution

#define NO_LINKED_VMCS (~0ull)
#define PDPTES         4
#define PDPTE_RESERVED 0x1e6ull /* bits 8:5 and 2:1 */
#define FIELD_STEP     2        /* from one field to the next of its kind */

static uint64_t
secondary_controls(void)
{
	return vmread(PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) &
	                       PRIMARY_ACTIVATE_SECONDARY_CONTROLS
	               ? vmread(SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS)
	               : 0;
}

/* The bits that no physical address has. */
static uint64_t
beyond_width(void)
{
	return ~0ull << (cpuid(CPUID_ADDRESS_WIDTHS, 0).eax & 0xff);
}

static bool
link_can_be_entered(const struct guest *guest)
{
	uint64_t basic = rdmsr(IA32_VMX_BASIC), address = guest->linked_vmcs;
	bool is_shadow = guest->linked_vmcs_header & VMCS_SHADOW_INDICATOR;
	bool shadowing = secondary_controls() & SECONDARY_VMCS_SHADOWING;

	if (address == 0)
		return true;
	if (address & (0xfff | beyond_width()) ||
	        (basic & VMX_BASIC_32_BIT_ADDRESSES && address >> 32))
		return false;
	return !((guest->linked_vmcs_header ^ basic) & VMCS_REVISION) && is_shadow == shadowing &&
	       address != vmptrst();
}

static bool
pdptes_can_be_entered(const struct guest *guest)
{
	uint64_t reserved = PDPTE_RESERVED | beyond_width();

	if (guest->mode != GUEST_32BIT_PAE)
		return true;
	for (unsigned i = 0; i < PDPTES; i++)
		if ((guest->pdptes[i] & PDPTE_PRESENT) && (guest->pdptes[i] & reserved))
			return false;
	return true;
}

/* Not later than wished, and as late as the field allows. */
static uint32_t
timer_value(const struct guest *guest)
{
	uint64_t value = guest->timer_tsc_ticks >> (rdmsr(IA32_VMX_MISC) & VMX_MISC_TIMER_RATE);

	return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

/* The highest vector of 256 bits, 0 when there is none. */
static unsigned
highest_vector(const uint32_t *bits)
{
	for (unsigned vector = 255; vector > 0; vector--)
		if (bits[vector / 32] >> vector % 32 & 1)
			return vector;
	return 0;
}
//: end

/*
 * Write the link pointer, and the other fields that the guest needs.
 *
 *   guest->linked_vmcs, linked_vmcs_header   the region to link to and its first 4 bytes; 0: none
 *   guest->has_timer, timer_tsc_ticks        a VM exit after this number of TSC ticks
 *   guest->mode, pdptes                      the paging entries of a GUEST_32BIT_PAE
 *   guest->has_virtual_interrupts, virtual_irr, virtual_isr   what its virtual APIC holds
 *   guest->has_page_log, page_log_free       its modified pages are logged
 *
 * Returns ENTER when the fields are written, REFUSE when this processor would not enter such a
 * guest (then it does not matter what was written).
 */
enum decision
set_links_timers_and_pdptes(const struct guest *guest)
{
	//: solution
	if (!link_can_be_entered(guest) || !pdptes_can_be_entered(guest))
		return REFUSE;
	vmwrite(VMCS_LINK_POINTER, guest->linked_vmcs ? guest->linked_vmcs : NO_LINKED_VMCS);
	if (guest->has_timer)
		vmwrite(VMX_PREEMPTION_TIMER_VALUE, timer_value(guest));
	/* Without EPT VM entry takes them from memory. */
	if (guest->mode == GUEST_32BIT_PAE && (secondary_controls() & SECONDARY_EPT))
		for (unsigned i = 0; i < PDPTES; i++)
			vmwrite(GUEST_PDPTE0 + FIELD_STEP * i, guest->pdptes[i]);
	if (guest->has_virtual_interrupts)
		vmwrite(GUEST_INTERRUPT_STATUS, highest_vector(guest->virtual_isr) << 8 |
		                                        highest_vector(guest->virtual_irr));
	/* The log is filled downwards, and the index names the next entry: -1 in 16 bits when full. */
	if (guest->has_page_log)
		vmwrite(GUEST_PML_INDEX, (uint16_t)(guest->page_log_free - 1));
	return ENTER;
	//: skeleton
	//| /* YOUR CODE HERE.  Begin with vmwrite(VMCS_LINK_POINTER, ...). */
	//| (void)guest;
	//| return UNWRITTEN;
	//: end
}

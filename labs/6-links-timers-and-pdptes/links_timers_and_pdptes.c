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
	/* YOUR CODE HERE.  Begin with vmwrite(VMCS_LINK_POINTER, ...). */
	(void)guest;
	return UNWRITTEN;
}

/*
 * Lab 2: the entry point.
 *
 * A guest says where its first instruction is, and what it wants to find in RSP and RFLAGS.
 * Write that to the guest-state area, or find out that no processor would start such a guest.
 * README.md in this directory explains the rules in the order in which you meet them.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * <r33/control_registers.h>, <r33/cpuid.h>, <r33/events.h>, <r33/rflags.h>, <r33/vmcs_fields.h>, and
 * lab_printf().
 */
#include <r33/control_registers.h>
#include <r33/cpuid.h>
#include <r33/events.h>
#include <r33/instructions.h>
#include <r33/parts.h>
#include <r33/rflags.h>

/*
 * Write GUEST_RIP, GUEST_RSP and GUEST_RFLAGS for this guest.
 *
 *   guest->rip             the guest's first instruction, relative to the base of CS.
 *   guest->rsp             what it wants to find in RSP.
 *   guest->rflags          what it wants to find in RFLAGS.  Every bit counts: none may be dropped,
 *                          and none added except the one that is 1 in every processor.
 *   guest->mode            GUEST_64BIT if and only if the guest starts in 64-bit mode.
 *   guest->ia32e_mode      1 if the guest starts in IA-32e mode.
 *   guest->cr0             its control register 0.
 *   guest->injected_event  the VM-entry interruption-information field: the event that VM entry
 *                          injects.
 *
 * Returns ENTER when the three fields are written, REFUSE when this processor would not enter
 * this guest, whatever they hold (then it does not matter what was written).
 */
enum decision
set_entry_point(const struct guest *guest)
{
	/* YOUR CODE HERE.  Begin with vmwrite(GUEST_RIP, ...). */
	(void)guest;
	return UNWRITTEN;
}

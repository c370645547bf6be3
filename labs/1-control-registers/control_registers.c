/*
 * Lab 1: control registers.
 *
 * A guest wishes for the values it wants to find in CR0, CR3 and CR4.  Write them to the
 * guest-state area, together with what the processor demands, or find out that this is not
 * possible.  README.md in this directory explains the rules in the order in which you meet them.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * <r33/control_registers.h>, <r33/controls.h>, <r33/cpuid.h>, <r33/msr.h>, <r33/vmcs_fields.h>, and
 * lab_printf().
 */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/instructions.h>
#include <r33/parts.h>

/*
 * Write GUEST_CR0, GUEST_CR3 and GUEST_CR4 for this guest.
 *
 *   guest->cr0, cr3, cr4   what the guest wants to find in its registers.  Every bit of them
 *                          counts: none may be dropped.  Bits may be added only where
 *                          IA32_VMX_CR0_FIXED0 or IA32_VMX_CR4_FIXED0 demands them, and never
 *                          PE or PG: that would make it a different guest.
 *   guest->cr4_optional    CR4 bits the guest would also like.  Set those that the processor has,
 *                          drop the others.
 *   guest->ia32e_mode      1 if the guest starts in IA-32e mode.
 *
 * Returns ENTER when the three fields are written, REFUSE when this processor would not enter
 * this guest, whatever they hold (then it does not matter what was written).
 */
enum decision
set_control_registers(const struct guest *guest)
{
	/* YOUR CODE HERE.  Begin with vmwrite(GUEST_CR0, ...). */
	(void)guest;
	return UNWRITTEN;
}

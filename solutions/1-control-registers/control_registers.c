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
//: solution

/* Does the processor have the VM-execution control "unrestricted guest"?  The kernel switches it on
 * wherever it exists.  IA32_VMX_PROCBASED_CTLS2 is there only if secondary controls are. */
static bool
has_unrestricted_guest(void)
{
	return (rdmsr(IA32_VMX_PROCBASED_CTLS) >> 32 & PRIMARY_ACTIVATE_SECONDARY_CONTROLS) &&
	       (rdmsr(IA32_VMX_PROCBASED_CTLS2) >> 32 & SECONDARY_UNRESTRICTED_GUEST);
}

/* CR0 bits that must be 1.  NW and CD are never checked. */
static uint64_t
cr0_must_be_one(void)
{
	uint64_t bits = rdmsr(IA32_VMX_CR0_FIXED0) & ~(CR0_NW | CR0_CD);

	return has_unrestricted_guest() ? bits & ~(CR0_PE | CR0_PG) : bits;
}

/* Can a guest be entered with these values?  They hold all bits that the processor demands and
 * that do not make another guest of it. */
static bool
can_be_entered(const struct guest *guest, uint64_t cr0, uint64_t cr4)
{
	unsigned width = cpuid(CPUID_ADDRESS_WIDTHS, 0).eax & 0xff;

	if (cr0_must_be_one() & ~cr0)
		return false; /* PE or PG, on a processor without unrestricted guest */
	if (cr0 & ~rdmsr(IA32_VMX_CR0_FIXED1))
		return false;
	if (cr4 & ~rdmsr(IA32_VMX_CR4_FIXED1))
		return false;
	if ((cr0 & CR0_PG) && !(cr0 & CR0_PE))
		return false;
	if (guest->ia32e_mode && (!(cr0 & CR0_PG) || !(cr4 & CR4_PAE)))
		return false;
	if (!guest->ia32e_mode && (cr4 & CR4_PCIDE))
		return false;
	if ((cr4 & CR4_CET) && !(cr0 & CR0_WP))
		return false;
	return guest->cr3 >> width == 0;
}
//: end

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
	//: solution
	uint64_t cr0 = guest->cr0 | (cr0_must_be_one() & ~(CR0_PE | CR0_PG));
	uint64_t cr4 = guest->cr4 | rdmsr(IA32_VMX_CR4_FIXED0);

	cr4 |= guest->cr4_optional & rdmsr(IA32_VMX_CR4_FIXED1);
	if (!can_be_entered(guest, cr0, cr4))
		return REFUSE;
	if (!vmwrite(GUEST_CR0, cr0) || !vmwrite(GUEST_CR3, guest->cr3) || !vmwrite(GUEST_CR4, cr4))
		return UNWRITTEN;
	return ENTER;
	//: skeleton
	//| /* YOUR CODE HERE.  Begin with vmwrite(GUEST_CR0, ...). */
	//| (void)guest;
	//| return UNWRITTEN;
	//: end
}

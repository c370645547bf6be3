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
//: solution

#define RFLAGS_RESERVED 0xffffffffffc08028ull /* bits 63:22, 15, 5 and 3 */

/* 64 bits of RIP exist in 64-bit mode only; not even there are all of them free. */
static bool
is_possible_rip(const struct guest *guest, uint64_t rip)
{
	unsigned width = cpuid(CPUID_ADDRESS_WIDTHS, 0).eax >> 8 & 0xff;

	if (guest->mode != GUEST_64BIT)
		return rip >> 32 == 0;
	return rip >> width == 0 || rip >> width == ~0ull >> width;
}

static bool
is_possible_rflags(const struct guest *guest, uint64_t rflags)
{
	bool interrupt = (guest->injected_event & EVENT_VALID) &&
	                 (guest->injected_event & EVENT_TYPE) == EVENT_EXTERNAL_INTERRUPT;

	if (rflags & RFLAGS_RESERVED)
		return false;
	if ((rflags & RFLAGS_VM) && (guest->ia32e_mode || !(guest->cr0 & CR0_PE)))
		return false;
	return !interrupt || (rflags & RFLAGS_IF);
}
//: end

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
	//: solution
	uint64_t rflags = guest->rflags | RFLAGS_ONE;

	if (!is_possible_rip(guest, guest->rip) || !is_possible_rflags(guest, rflags))
		return REFUSE;
	if (!vmwrite(GUEST_RIP, guest->rip) || !vmwrite(GUEST_RSP, guest->rsp) ||
	        !vmwrite(GUEST_RFLAGS, rflags))
		return UNWRITTEN;
	return ENTER;
	//: skeleton
	//| /* YOUR CODE HERE.  Begin with vmwrite(GUEST_RIP, ...). */
	//| (void)guest;
	//| return UNWRITTEN;
	//: end
}

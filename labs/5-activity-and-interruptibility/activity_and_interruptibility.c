/*
 * Lab 5: activity state, interruptibility state, pending debug exceptions.
 *
 * A guest says what it was doing when it exited: what it executed last, what it is inside of,
 * which debug exception it has not taken yet.  Work out what the processor must know about that
 * moment, or that there is no such moment.  README.md in this directory explains the rules.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * <r33/controls.h>, <r33/cpuid.h>, <r33/events.h>, <r33/msr.h>, <r33/non_register.h>, <r33/rflags.h>,
 * <r33/segments.h>, <r33/vmcs_fields.h>, and lab_printf().
 */
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/events.h>
#include <r33/instructions.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/parts.h>
#include <r33/rflags.h>
#include <r33/segments.h>

/*
 * Write GUEST_ACTIVITY_STATE, GUEST_INTERRUPTIBILITY_STATE and GUEST_PENDING_DEBUG_EXCEPTIONS.
 *
 *   guest->doing                what it is doing now.
 *   guest->executed_last, executed_before, interrupts_were_on
 *                               what it has executed, and RFLAGS.IF before the last instruction.
 *   guest->inside               what it has entered but not left yet.
 *   guest->due_dr6              the debug exception not taken yet, as DR6 would show it.
 *   guest->enabled_breakpoints  which of its breakpoints DR7 enables.
 *   guest->rflags, debugctl, injected_event
 *                               what the reference or the kernel has written.
 *
 * Returns ENTER when the three fields are written, REFUSE when this processor would not enter
 * this guest, whatever they hold (then it does not matter what was written).
 */
enum decision
set_activity_and_interruptibility(const struct guest *guest)
{
	/* YOUR CODE HERE.  Begin with vmwrite(GUEST_ACTIVITY_STATE, ...). */
	(void)guest;
	return UNWRITTEN;
}

/*
 * Lab 5: activity state, interruptibility state, pending debug exceptions.
 *
 * A guest says what it was doing when it exited: what it executed last, what it is inside of,
 * which debug exception it has not taken yet.  Work out what the processor must know about that
 * moment, or that there is no such moment.  README.md in this directory explains the rules.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * <r33/rflags.h>, <r33/vmcs_fields.h>, and lab_printf().
 */
#include <r33/instructions.h>
#include <r33/parts.h>
#include <r33/rflags.h>
//: solution

#define BLOCKED_BY_STI    (1u << 0)
#define BLOCKED_BY_MOV_SS (1u << 1)
#define BLOCKED_BY_NMI    (1u << 3)
#define ENCLAVE           (1u << 4)

/* Bits of DR6 and, but for the last, of the pending debug exceptions alike. */
#define BREAKPOINTS 0xfull
#define BS          (1ull << 14)
#define RTM         (1ull << 16)          /* inverted in DR6 */
#define NEVER_DUE   0xffffffff0000a000ull /* BT, BD, and the upper half */
#define ENABLED     (1ull << 12)          /* not in DR6 */

#define DEBUGCTL_BTF     (1u << 1)
#define PIN_VIRTUAL_NMIS (1u << 5)
#define RIGHTS_DPL       (3u << 5)
#define CPUID_EXTENSIONS 7 /* EBX: bit 2 SGX, bit 11 RTM */

#define EVENT_VALID (1u << 31)
enum { EXTERNAL_INTERRUPT, NMI = 2, HARDWARE_EXCEPTION, OTHER_EVENT = 7 };
enum { DEBUG = 1, MACHINE_CHECK = 18 };

static bool
wakes(const struct guest *guest)
{
	unsigned type = guest->injected_event >> 8 & 7;
	unsigned vector = guest->injected_event & 0xff;

	if (!(guest->injected_event & EVENT_VALID))
		return true;
	if (guest->doing == GUEST_AWAITS_SIPI)
		return false;
	if (type == NMI || (type == HARDWARE_EXCEPTION && vector == MACHINE_CHECK))
		return true;
	return guest->doing == GUEST_IS_HALTED &&
	       (type == EXTERNAL_INTERRUPT || (type == OTHER_EVENT && vector == 0) ||
	               (type == HARDWARE_EXCEPTION && vector == DEBUG));
}

static bool
is_possible_activity(const struct guest *guest, uint32_t blocking)
{
	if (guest->doing == GUEST_RUNS)
		return true;
	if (guest->doing > GUEST_AWAITS_SIPI || !(rdmsr(IA32_VMX_MISC) >> (5 + guest->doing) & 1))
		return false;
	if (guest->doing == GUEST_IS_HALTED && (vmread(GUEST_SS_ACCESS_RIGHTS) & RIGHTS_DPL))
		return false;
	return !(blocking & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS)) && wakes(guest);
}

static bool
is_possible_blocking(const struct guest *guest, uint32_t blocking)
{
	uint32_t short_blocking = blocking & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS);
	unsigned type = guest->injected_event >> 8 & 7;

	if (short_blocking == (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS) ||
	        (guest->inside & INSIDE_SMI_HANDLER))
		return false;
	if ((blocking & BLOCKED_BY_STI) && !(guest->rflags & RFLAGS_IF))
		return false;
	if ((blocking & ENCLAVE) &&
	        ((blocking & BLOCKED_BY_MOV_SS) || !(cpuid(CPUID_EXTENSIONS, 0).ebx >> 2 & 1)))
		return false;
	if (!(guest->injected_event & EVENT_VALID))
		return true;
	if (type == NMI && (blocking & BLOCKED_BY_NMI) &&
	        (vmread(PIN_BASED_VM_EXECUTION_CONTROLS) & PIN_VIRTUAL_NMIS))
		return false;
	return !short_blocking || (type != EXTERNAL_INTERRUPT && type != NMI);
}

static bool
is_possible_pending(const struct guest *guest, uint32_t blocking, uint64_t pending)
{
	bool steps = (guest->rflags & RFLAGS_TF) && !(guest->debugctl & DEBUGCTL_BTF);
	bool bs_is_fixed = (blocking & (BLOCKED_BY_STI | BLOCKED_BY_MOV_SS)) ||
	                   guest->doing == GUEST_IS_HALTED;

	if (pending & NEVER_DUE)
		return false;
	if ((pending & RTM) && (pending != (RTM | ENABLED) || (blocking & BLOCKED_BY_MOV_SS) ||
	                               !(cpuid(CPUID_EXTENSIONS, 0).ebx >> 11 & 1)))
		return false;
	return !bs_is_fixed || !(pending & BS) == !steps;
}
//: end

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
	//: solution
	uint32_t blocking = 0;
	uint64_t pending = guest->due_dr6 & (BREAKPOINTS | BS | NEVER_DUE);

	pending |= ~guest->due_dr6 & RTM;
	if (pending & BREAKPOINTS & guest->enabled_breakpoints)
		pending |= ENABLED;
	if ((guest->executed_last & EXECUTED_STI) && !guest->interrupts_were_on)
		blocking |= BLOCKED_BY_STI;
	if (guest->executed_last & EXECUTED_MOV_SS)
		blocking |= BLOCKED_BY_MOV_SS;
	if (guest->inside & INSIDE_NMI_HANDLER)
		blocking |= BLOCKED_BY_NMI;
	if (guest->inside & INSIDE_ENCLAVE)
		blocking |= ENCLAVE;
	if (!is_possible_activity(guest, blocking) || !is_possible_blocking(guest, blocking) ||
	        !is_possible_pending(guest, blocking, pending))
		return REFUSE;
	vmwrite(GUEST_ACTIVITY_STATE, guest->doing);
	vmwrite(GUEST_INTERRUPTIBILITY_STATE, blocking);
	vmwrite(GUEST_PENDING_DEBUG_EXCEPTIONS, pending);
	return ENTER;
	//: skeleton
	//| /* YOUR CODE HERE.  Begin with vmwrite(GUEST_ACTIVITY_STATE, ...). */
	//| (void)guest;
	//| return UNWRITTEN;
	//: end
}

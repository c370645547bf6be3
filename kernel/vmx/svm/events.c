/* Events of a guest: what VM entry injects, what waits for its window, what comes before the next instruction. */
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "dev/apic.h"
#include "rules/names.h"
#include "vmx/svm/guest.h"
#include "vmx/svm/wait.h"

#define LAST_EXCEPTION 30 /* that VMRUN injects */

/* Is it an exception that pushes an error code, but, as VM entry injects it, shall not (IA32_VMX_BASIC bit 56)? */
static bool
lacks_error_code(uint32_t information)
{
	return (information & EVENT_TYPE) == EVENT_HARDWARE_EXCEPTION &&
	       exception_has_error_code(information & EVENT_VECTOR) &&
	       !(information & EVENT_ERROR_CODE);
}

/* VMX's types of events by those of AMD-V; INT1 is like an exception, but behind its instruction.  TCG pushes
 * an error code by the vector, not by the bit, but never for an interrupt; and VMRUN refuses exceptions with the
 * vector of NMI or one above 30, which are delivered like interrupts as well. */
static uint64_t
svm_type(uint32_t information)
{
	unsigned vector = information & EVENT_VECTOR;

	if (lacks_error_code(information))
		return SVM_EVENT_INTERRUPT;
	switch (information & EVENT_TYPE) {
	case EVENT_EXTERNAL_INTERRUPT: return SVM_EVENT_INTERRUPT;
	case EVENT_NMI: return SVM_EVENT_NMI;
	case EVENT_SOFTWARE_INTERRUPT:
	case EVENT_SOFTWARE_EXCEPTION: return SVM_EVENT_SOFTWARE;
	default:
		return vector == VECTOR_NMI || vector > LAST_EXCEPTION ? SVM_EVENT_INTERRUPT
		                                                       : SVM_EVENT_EXCEPTION;
	}
}

/* VM-entry event injection (SDM 3C 27.6). */
static void
inject(struct svm_guest *guest, uint32_t information)
{
	struct vmcb *vmcb = guest->vmcb;

	guest->activity = ACTIVITY_ACTIVE;
	guest->pending_debug = 0;
	guest->interruptibility &= ~BLOCKING_BY_INSTRUCTION;
	if ((information & EVENT_TYPE) == EVENT_OTHER) {
		guest->monitor_trap_due = true;
		return;
	}
	if ((information & EVENT_TYPE) == EVENT_NMI)
		guest->interruptibility |= BLOCKING_BY_NMI;
	/* What a software event pushes is the RIP behind its instruction. */
	if (svm_is_software_event(information)) {
		guest->software_event_bytes =
		        (uint32_t)svm_field(guest, VM_ENTRY_INSTRUCTION_LENGTH);
		vmcb->rip += guest->software_event_bytes;
	}
	guest->injected = information;
	vmcb->event_injection =
	        (information & EVENT_VECTOR) | svm_type(information) | SVM_EVENT_VALID;
	if (information & EVENT_ERROR_CODE)
		vmcb->event_injection |= SVM_EVENT_ERROR_CODE |
		                         svm_field(guest, VM_ENTRY_EXCEPTION_ERROR_CODE) << 32;
}

void
svm_begin_events(struct svm_guest *guest)
{
	uint32_t information = (uint32_t)svm_field(guest, VM_ENTRY_INTERRUPTION_INFORMATION);
	unsigned rate = guest->capabilities->vmx_misc & VMX_MISC_TIMER_RATE;

	guest->stepping = guest->step_wanted = false;
	guest->monitor_trap_due = false;
	guest->software_event_bytes = 0;
	guest->injected = 0;
	guest->leave_after_injection = 0;
	guest->timer_runs = guest->pin & PIN_PREEMPTION_TIMER;
	if (guest->timer_runs)
		guest->timer_left = svm_field(guest, VMX_PREEMPTION_TIMER_VALUE) << rate;
	if (information & EVENT_VALID)
		inject(guest, information);
}

static bool
takes_interrupts(const struct svm_guest *guest)
{
	return (guest->vmcb->rflags & RFLAGS_IF) &&
	       !(guest->interruptibility & BLOCKING_BY_INSTRUCTION);
}

static bool
nmi_window_is_open(const struct svm_guest *guest)
{
	return (guest->primary & PRIMARY_NMI_WINDOW_EXITING) &&
	       !(guest->interruptibility & (BLOCKING_BY_NMI | BLOCKING_BY_INSTRUCTION));
}

/* An exit, or an end of this VMRUN, that comes once the event has been injected: an interrupt of our own, which
 * is pending, brings it. */
static void
leave_after_injection(struct svm_guest *guest)
{
	if (guest->monitor_trap_due || (guest->primary & PRIMARY_MONITOR_TRAP_FLAG))
		guest->leave_after_injection = EXIT_REASON_MONITOR_TRAP_FLAG;
	else if (svm_timer_has_run_out(guest))
		guest->leave_after_injection = EXIT_REASON_PREEMPTION_TIMER;
	else if (nmi_window_is_open(guest))
		guest->leave_after_injection = EXIT_REASON_NMI_WINDOW;
	else if (!svm_watches_data(guest->vmcb))
		return;
	apic_interrupt_self();
}

/* What stands between the guest and its next instruction, by priority (SDM 3C 25.2 and 27.7). */
static enum svm_verdict
pending(struct svm_guest *guest)
{
	uint64_t bits = svm_due(guest->pending_debug);

	if (guest->monitor_trap_due)
		return svm_exit(guest, EXIT_REASON_MONITOR_TRAP_FLAG);
	if (bits && !(guest->interruptibility & BLOCKING_BY_MOV_SS)) {
		guest->pending_debug = 0;
		return svm_raise(guest, VECTOR_DB, 0, bits);
	}
	if (svm_timer_has_run_out(guest))
		return svm_exit(guest, EXIT_REASON_PREEMPTION_TIMER);
	if (guest->activity != ACTIVITY_WAIT_FOR_SIPI && nmi_window_is_open(guest))
		return svm_exit(guest, EXIT_REASON_NMI_WINDOW);
	if (guest->activity > ACTIVITY_HLT || !takes_interrupts(guest))
		return SVM_GO_ON;
	if (guest->primary & PRIMARY_INTERRUPT_WINDOW_EXITING)
		return svm_exit(guest, EXIT_REASON_INTERRUPT_WINDOW);
	return svm_virtual_interrupt_pends(guest) ? svm_deliver_virtual_interrupt(guest)
	                                          : SVM_GO_ON;
}

/* #UD always: it may be an instruction that AMD-V does not know.  #PF: see exits.c.  A step that ends in an
 * exception would leave our flag in the frame. */
static uint32_t
intercepted_exceptions(const struct svm_guest *guest)
{
	uint32_t bitmap = (uint32_t)svm_field(guest, EXCEPTION_BITMAP);

	if (guest->stepping || svm_watches_data(guest->vmcb))
		return 0xffffffff;
	return bitmap | BIT32(VECTOR_UD) | BIT32(VECTOR_PF);
}

enum svm_verdict
svm_before_instruction(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;
	bool wants_window;

	svm_end_step(guest);
	vmcb->intercepts &= ~(INTERCEPT_VINTR | INTERCEPT_IRET | INTERCEPT_INTN);
	vmcb->virtual_interrupt = V_INTR_MASKING;
	if (!(vmcb->event_injection & SVM_EVENT_VALID) && pending(guest) == SVM_VM_EXIT)
		return SVM_VM_EXIT;
	if (!(vmcb->event_injection & SVM_EVENT_VALID)) {
		if (guest->activity != ACTIVITY_ACTIVE)
			return svm_wait(guest);
		if (guest->step_wanted || (guest->interruptibility & BLOCKING_BY_INSTRUCTION) ||
		        (guest->primary & PRIMARY_MONITOR_TRAP_FLAG))
			svm_begin_step(guest);
	} else {
		/* Delivering an event ends what blocked for one instruction. */
		guest->interruptibility &= ~BLOCKING_BY_INSTRUCTION;
		leave_after_injection(guest);
	}
	wants_window = guest->primary & PRIMARY_INTERRUPT_WINDOW_EXITING ||
	               svm_virtual_interrupt_pends(guest);
	if (wants_window && !guest->stepping) {
		vmcb->intercepts |= INTERCEPT_VINTR;
		vmcb->virtual_interrupt |= V_IRQ | V_PRIORITY | V_IGNORE_TPR;
	}
	/* IRET ends blocking by NMI. */
	if ((guest->interruptibility & BLOCKING_BY_NMI) && !guest->stepping)
		vmcb->intercepts |= INTERCEPT_IRET;
	/* TCG does not find INT3 and INTO in the exception bitmap. */
	if (svm_exception_exits(guest, VECTOR_BP, 0) || svm_exception_exits(guest, VECTOR_OF, 0) ||
	        svm_watches_data(vmcb))
		vmcb->intercepts |= INTERCEPT_INTN;
	vmcb->intercept_exceptions = intercepted_exceptions(guest);
	return SVM_GO_ON;
}

enum svm_verdict
svm_iret(struct svm_guest *guest)
{
	/* The window opens behind it. */
	if (guest->primary & PRIMARY_NMI_WINDOW_EXITING)
		guest->step_wanted = true;
	else
		guest->interruptibility &= ~BLOCKING_BY_NMI;
	return SVM_GO_ON;
}

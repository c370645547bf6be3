/* Exceptions of a guest: a VM exit, or injected. */
#include <r33/events.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "rules/names.h"
#include "vmx/svm/guest.h"

#define SOFTWARE_TYPES \
	(1u << (EVENT_SOFTWARE_INTERRUPT >> 8) | \
	        1u << (EVENT_PRIVILEGED_SOFTWARE_EXCEPTION >> 8) | \
	        1u << (EVENT_SOFTWARE_EXCEPTION >> 8))

bool
svm_is_software_event(uint32_t information)
{
	return SOFTWARE_TYPES >> (information >> 8 & 7) & 1;
}

bool
svm_exception_exits(const struct svm_guest *guest, unsigned vector, uint32_t error_code)
{
	bool in_bitmap = svm_field(guest, EXCEPTION_BITMAP) >> vector & 1;
	uint32_t mask = (uint32_t)svm_field(guest, PAGE_FAULT_ERROR_CODE_MASK);

	if (vector != VECTOR_PF)
		return in_bitmap;
	return in_bitmap == ((error_code & mask) == svm_field(guest, PAGE_FAULT_ERROR_CODE_MATCH));
}

/* #DE, #TS, #NP, #SS, #GP, #CP (SDM 3A table 6-4, "Interrupt and Exception Classes"). */
#define CONTRIBUTORY 0x203c01u

#define FAULT_EXCEPTIONS \
	0x2b7ff1u /* all but #DB, #BP and #OF are faults (NMI and #DF: as nothing) */

enum fault_on_fault { ONE_AFTER_THE_OTHER, DOUBLE_FAULT, SHUTDOWN };

/* What becomes of an exception in delivering the event that this exit has interrupted (SDM 3A table 6-5,
 * "Conditions for Generating a Double Fault"): an injected one TCG does not look at. */
static enum fault_on_fault
fault_on_fault(const struct svm_guest *guest, unsigned second)
{
	uint64_t event = guest->vmcb->exit_interrupt_info;
	unsigned first = event & EVENT_VECTOR;
	bool contributes = CONTRIBUTORY >> second & 1;
	/* VMX's types have AMD-V's numbers, but not all are injected as what they are. */
	uint64_t type = (guest->injected ? guest->injected : event) & EVENT_TYPE;

	if (!(event & SVM_EVENT_VALID) || type != EVENT_HARDWARE_EXCEPTION)
		return ONE_AFTER_THE_OTHER;
	if (!contributes && second != VECTOR_PF)
		return ONE_AFTER_THE_OTHER;
	if (first == VECTOR_DF)
		return SHUTDOWN;
	if (first == VECTOR_PF || (first < 32 && (CONTRIBUTORY >> first & 1) && contributes))
		return DOUBLE_FAULT;
	return ONE_AFTER_THE_OTHER;
}

enum svm_verdict
svm_raise(struct svm_guest *guest, unsigned vector, uint32_t error_code, uint64_t qualification)
{
	bool has_code = exception_has_error_code(vector) && (guest->vmcb->cr0 & 1);

	guest->activity = ACTIVITY_ACTIVE;
	if (svm_exception_exits(guest, vector, error_code)) {
		guest->exit.interruption = EVENT_VALID | EVENT_HARDWARE_EXCEPTION | vector |
		                           (has_code ? EVENT_ERROR_CODE : 0);
		guest->exit.interruption_error = has_code ? error_code : 0;
		guest->exit.qualification = qualification;
		/* As the frame would have it (SDM 3C 28.3.3). */
		if (FAULT_EXCEPTIONS >> vector & 1)
			guest->vmcb->rflags |= RFLAGS_RF;
		return svm_exit(guest, EXIT_REASON_EXCEPTION_OR_NMI);
	}
	switch (fault_on_fault(guest, vector)) {
	case SHUTDOWN: return svm_exit(guest, EXIT_REASON_TRIPLE_FAULT);
	case DOUBLE_FAULT:
		guest->vmcb->exit_interrupt_info = 0;
		return svm_raise(guest, VECTOR_DF, 0, 0);
	default: break;
	}
	guest->injected = 0;
	/* The instruction whose event met this has not been completed. */
	guest->vmcb->rip -= guest->software_event_bytes;
	guest->software_event_bytes = 0;
	if (vector == VECTOR_PF)
		guest->vmcb->cr2 = qualification;
	if (vector == VECTOR_DB)
		guest->vmcb->dr6 |= qualification;
	guest->vmcb->event_injection =
	        SVM_EVENT_VALID | SVM_EVENT_EXCEPTION | vector |
	        (has_code ? SVM_EVENT_ERROR_CODE | (uint64_t)error_code << 32 : 0);
	return SVM_GO_ON;
}

/* INT3 and INTO are exceptions, INT n is an interrupt: AMD-V has one type for all three. */
static void
note_software_event(struct svm_guest *guest, bool is_injected)
{
	struct guest_instruction instruction;

	/* The instruction whose event this is has not been completed. */
	guest->vmcb->rip -= guest->software_event_bytes;
	guest->exit.instruction_length = guest->software_event_bytes;
	if (is_injected || !svm_fetch(guest, &instruction))
		return;
	guest->exit.instruction_length = instruction.length_bytes;
	if (instruction.kind == GUEST_INSTRUCTION_INT3 ||
	        instruction.kind == GUEST_INSTRUCTION_INTO)
		guest->exit.idt_vectoring =
		        (guest->exit.idt_vectoring & ~EVENT_TYPE) | EVENT_SOFTWARE_EXCEPTION;
}

void
svm_note_delivery(struct svm_guest *guest)
{
	uint64_t event = guest->vmcb->exit_interrupt_info;
	uint32_t injected = guest->injected;

	if (!(event & SVM_EVENT_VALID))
		return;
	guest->exit.idt_vectoring =
	        (injected ? injected : (uint32_t)event) & (EVENT_VECTOR | EVENT_TYPE | EVENT_VALID);
	if (injected ? injected & EVENT_ERROR_CODE
	             : (event & SVM_EVENT_TYPE) == SVM_EVENT_EXCEPTION &&
	                        (event & SVM_EVENT_ERROR_CODE)) {
		guest->exit.idt_vectoring |= EVENT_ERROR_CODE;
		guest->exit.idt_vectoring_error =
		        injected ? (uint32_t)svm_field(guest, VM_ENTRY_EXCEPTION_ERROR_CODE)
		                 : (uint32_t)(event >> 32);
	}
	if (injected ? svm_is_software_event(injected)
	             : (event & SVM_EVENT_TYPE) == SVM_EVENT_SOFTWARE)
		note_software_event(guest, injected);
}

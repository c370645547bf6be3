/* A part that did not even answer: it faulted, never returned, or tried what is not its own. */
#include "cpu/trap.h"
#include "grade/judge.h"
#include "lab/module.h"
#include "rules/names.h"

/* Which address #PF was about, and what it is to the part.  Its own code, its constants and the
 * description of the guest are there, to read; the kernel's memory is there as well, elsewhere. */
static void
describe_page_fault(const struct lab_fault *fault, struct case_result *result)
{
	const uint32_t written = PAGE_FAULT_PRESENT | PAGE_FAULT_WRITE;
	uint64_t guard = LAB_STACK_TOP - LAB_STACK_BYTES - 4096;
	bool own = fault->address >= USER_SPACE_LOW && fault->address < LAB_STACK_TOP;

	if (fault->error_code & PAGE_FAULT_FETCH)
		result_set(result, OUTCOME_LAB_FAULT,
		        "your code raised #PF: it jumped to address %#lx, which is not its code",
		        fault->address);
	else if (own && (fault->error_code & written) == written)
		result_set(result, OUTCOME_LAB_FAULT,
		        "your code raised #PF: it wrote to address %#lx, which it may only read",
		        fault->address);
	else
		result_set(result, OUTCOME_LAB_FAULT,
		        "your code raised #PF: it touched address %#lx, which is not its memory%s",
		        fault->address,
		        fault->address - guard < 4096
		                ? " (right below its stack: endless recursion?)"
		                : "");
}

/* For faults that say nothing about themselves: what they usually come from. */
static const char *
usual_causes(const struct lab_fault *fault)
{
	switch (fault->vector) {
	case VECTOR_UD: return ": this processor lacks the instruction, or it is switched off";
	case VECTOR_GP:
		return ": a misaligned operand, a reserved bit, or a non-canonical address (RET "
		       "with a wrong stack pointer?)";
	default: return "";
	}
}

/* The part did not even answer. */
bool
judge_misbehaviour(const struct lab_log *log, struct case_result *result)
{
	if (log->violation_count)
		result_set(result, OUTCOME_LAB_VIOLATION, "your code executed %s: %s",
		        instruction_name(log->violations[0].instruction),
		        log->violations[0].reason);
	else if (log->end == LAB_TIMED_OUT)
		result_set(result, OUTCOME_LAB_TIMEOUT,
		        "your code did not return within 2 seconds of the machine's time");
	else if (log->end == LAB_FAULTED && log->fault.vector == VECTOR_PF)
		describe_page_fault(&log->fault, result);
	else if (log->end == LAB_FAULTED)
		result_set(result, OUTCOME_LAB_FAULT, "your code raised %s%s%s",
		        exception_name(log->fault.vector),
		        log->fault.instruction ? " with the instruction "
		                               : usual_causes(&log->fault),
		        log->fault.instruction ? instruction_name(log->fault.instruction) : "");
	else
		return false;
	return true;
}

/*
 * The verdict: what was found, seen together with the exit reason, the exit qualification and the
 * VM-instruction error that the dump has.
 *
 * A processor looks at controls and host state first (VMfail), then at the guest state (exit
 * reason 33), and loads MSRs last (exit reason 34).
 */
#include <stdlib.h>

#include <r33/array.h>
#include <r33/exit_reasons.h>
#include <r33/instruction_errors.h>

#include "base/util.h"
#include "input.h"

enum {
	HEADLINE_RULES = 6,
};

/* The errors of VMLAUNCH and VMRESUME (SDM 3C, "VM Instruction Error Numbers").  Another number was left
 * by another instruction. */
static const struct {
	uint32_t number;
	const char *text;
} instruction_errors[] = {
	{ VM_ERROR_VMLAUNCH_NOT_CLEAR, "VMLAUNCH with a VMCS that is not clear: use VMRESUME" },
	{ VM_ERROR_VMRESUME_NOT_LAUNCHED,
	        "VMRESUME with a VMCS that was not launched: use VMLAUNCH" },
	{ VM_ERROR_VMRESUME_AFTER_VMXOFF, "VMRESUME after VMXOFF" },
	{ VM_ERROR_CONTROL_FIELDS, "invalid control field" },
	{ VM_ERROR_HOST_STATE, "invalid host-state field" },
	{ VM_ERROR_EXECUTIVE_CONTROLS,
	        "invalid VM-execution control fields in the executive VMCS" },
	{ VM_ERROR_MOV_SS, "VM entry with events blocked by MOV SS" },
};

const char *
explain_instruction_error(uint32_t number)
{
	for (size_t i = 0; i < COUNT(instruction_errors); i++) {
		if (instruction_errors[i].number == number)
			return instruction_errors[i].text;
	}
	return NULL;
}

static bool
entry_failed(const struct dump *dump)
{
	return dump->has_exit_reason && dump->exit_reason & EXIT_REASON_ENTRY_FAILURE;
}

/* Was it VMfail?  Xen and QEMU say so before the dump, whose exit reason then is an older one; elsewhere
 * it is the VM-instruction error that may be older. */
static bool
was_vmfail(const struct dump *dump)
{
	if (!dump->has_instruction_error || !explain_instruction_error(dump->vm_instruction_error))
		return false;
	return dump->format != DUMP_R33 || !entry_failed(dump);
}

enum entry_end
explain_end(const struct dump *dump)
{
	if (was_vmfail(dump))
		return dump->vm_instruction_error == VM_ERROR_CONTROL_FIELDS ? END_CONTROL
		       : dump->vm_instruction_error == VM_ERROR_HOST_STATE   ? END_HOST_STATE
		                                                             : END_INSTRUCTION;
	if (!dump->has_exit_reason)
		return END_UNKNOWN;
	if (!entry_failed(dump))
		return END_EXIT;
	switch (dump->exit_reason & UINT16_MAX) {
	case EXIT_REASON_INVALID_GUEST_STATE: return END_GUEST_STATE;
	case EXIT_REASON_MSR_LOADING: return END_MSR_LOADING;
	default: return END_OTHER_FAILURE;
	}
}

/* "2 rules violated: A, B" */
static char *
count_and_names(const struct explanation *explanation)
{
	const struct rule *rules[HEADLINE_RULES] = { NULL };
	size_t listed = 0, total = 0;
	char *names, *text;

	for (unsigned i = 0; i < RULE_OUTCOME_COUNT; i++)
		total += explanation->violated[i];
	for (size_t i = 0; i < explanation->violation_count && listed < HEADLINE_RULES; i++) {
		if (listed == 0 || explanation->violations[i].rule != rules[listed - 1])
			rules[listed++] = explanation->violations[i].rule;
	}
	names = rule_names(rules, listed, true);
	text = new_string("%zu rule%s violated: %s%s", total, total == 1 ? "" : "s", names,
	        total > listed ? ", …" : "");
	free(names);
	return text;
}

/* Is the first violated rule one that the end of the entry can come from? */
static bool
is_explained(const struct explanation *explanation)
{
	if (explanation->violation_count == 0)
		return false;
	switch (explanation->end) {
	case END_GUEST_STATE: return explanation->violated[INVALID_GUEST_STATE] > 0;
	case END_MSR_LOADING: return explanation->violated[MSR_LOAD_FAILS] > 0;
	case END_CONTROL: return explanation->violated[VMFAIL_CONTROL] > 0;
	case END_OTHER_FAILURE:
	case END_HOST_STATE:
	case END_INSTRUCTION: return false;
	default: return true;
	}
}

/* The verdict on a dump with violated rules: the first of them decides. */
static void
conclude_violated(struct explanation *explanation)
{
	static const struct {
		enum verdict verdict;
		const char *text;
	} outcomes[RULE_OUTCOME_COUNT] = {
		[INVALID_GUEST_STATE] = { VERDICT_INVALID_GUEST_STATE, "invalid guest state" },
		[MSR_LOAD_FAILS] = { VERDICT_MSR_LOAD_FAILS, "MSR loading fails" },
		[VMFAIL_CONTROL] = { VERDICT_INVALID_CONTROL, "invalid control field" },
	};
	unsigned outcome = explanation->violations[0].rule->outcome;
	bool guest_state_too =
	        outcome == VMFAIL_CONTROL && explanation->violated[INVALID_GUEST_STATE] > 0;
	char *rules = count_and_names(explanation);

	explanation->verdict = outcomes[outcome].verdict;
	explanation->headline = new_string("%s%s: %s", outcomes[outcome].text,
	        guest_state_too ? " and invalid guest state" : "", rules);
	free(rules);
}

/* The verdict on a dump without. */
static void
conclude_nothing(struct explanation *explanation)
{
	static const struct {
		enum verdict verdict;
		const char *text;
	} ends[] = {
		[END_UNKNOWN] = { VERDICT_NOTHING_FOUND, "no violated rule found" },
		[END_GUEST_STATE] = { VERDICT_NOTHING_FOUND,
		        "nothing visible in this dump: exit reason 33 says invalid guest state, "
		        "but no rule that can be judged is violated" },
		[END_MSR_LOADING] = { VERDICT_NOTHING_FOUND,
		        "nothing visible in this dump: exit reason 34 says that loading MSRs "
		        "failed, but no rule about them that can be judged is violated" },
		[END_OTHER_FAILURE] = { VERDICT_OTHER_FAILURE,
		        "the VM entry failed, but not because of its guest state" },
		[END_EXIT] = { VERDICT_NOT_A_FAILED_ENTRY, "no failed VM entry: the guest in the "
		                                           "dump was running, and no violated rule "
		                                           "was found" },
		[END_CONTROL] = { VERDICT_NOTHING_FOUND,
		        "nothing visible in this dump: VM-instruction error 7 says invalid control "
		        "field, but no rule about controls that can be judged is violated" },
		[END_HOST_STATE] = { VERDICT_OTHER_FAILURE,
		        "the host state is invalid: VM-instruction error 8 is not about the "
		        "guest" },
		[END_INSTRUCTION] = { VERDICT_OTHER_FAILURE,
		        "VMLAUNCH or VMRESUME failed, but not because of the guest state" },
	};

	explanation->verdict = ends[explanation->end].verdict;
	explanation->headline = copy_string(ends[explanation->end].text);
}

void
explain_conclude(struct explanation *explanation)
{
	if (explanation->dump->not_vmx) {
		explanation->verdict = VERDICT_NOT_VMX;
		explanation->headline =
		        copy_string("not VMX: the dump comes from an AMD processor, "
		                    "whose SVM has no VMCS and none of these rules");
		return;
	}
	if (is_explained(explanation))
		conclude_violated(explanation);
	else
		conclude_nothing(explanation);
}

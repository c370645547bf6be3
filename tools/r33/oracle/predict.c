/* How an entry will end, by the rules: see predict.h. */
#include "predict.h"

#include <r33/exit_reasons.h>
#include <r33/instruction_errors.h>

#include "state/bases.h"

enum { QUALIFICATION_NMI = 3 };

/* The exit qualification of a guest-state violation; Bochs has no code 3. */
static uint64_t
guest_state_qualification(const struct rule_violation *violation, enum bochs_version version)
{
	uint64_t qualification = rule_qualification(violation);

	return version != BOCHS_NONE && qualification == QUALIFICATION_NMI ? 0 : qualification;
}

uint32_t
predict(const struct vmcs *state, const struct capabilities *capabilities,
        enum bochs_version version, uint32_t *mask)
{
	struct rule_violation violations[RULES_MAX];
	struct rule_input input = vmcs_rule_input(state, capabilities);
	size_t count = rules_check_as_bochs(&input, version, violations, RULES_MAX);
	bool of_outcome[RULE_OUTCOME_COUNT] = { false };
	uint64_t qualification = 0, entry = UINT64_MAX;

	*mask = BATCH_RESULT_MASK_ALL;
	if (count > RULES_MAX)
		count = RULES_MAX;
	for (size_t i = 0; i < count; i++) {
		const struct rule_violation *violation = &violations[i];
		enum rule_outcome outcome = (enum rule_outcome)violation->rule->outcome;

		if (outcome == INVALID_GUEST_STATE) {
			uint64_t own = guest_state_qualification(violation, version);

			/* Any of several violations may be found first. */
			if (of_outcome[outcome] && own != qualification)
				*mask = BATCH_RESULT_NO_QUALIFICATION;
			qualification = own;
		} else if (outcome == MSR_LOAD_FAILS && rule_qualification(violation) < entry) {
			entry = rule_qualification(violation);
		}
		of_outcome[outcome] = true;
	}
	if (of_outcome[VMFAIL_CONTROL]) {
		*mask = BATCH_RESULT_MASK_ALL;
		return BATCH_RESULT(BATCH_VMFAIL, VM_ERROR_CONTROL_FIELDS, 0);
	}
	if (of_outcome[INVALID_GUEST_STATE])
		return BATCH_RESULT(
		        BATCH_ENTRY_FAILED, EXIT_REASON_INVALID_GUEST_STATE, qualification);
	if (of_outcome[ENGINE_PANICS])
		return BATCH_RESULT(BATCH_DIES, 0, 0);
	if (of_outcome[MSR_LOAD_FAILS])
		return BATCH_RESULT(BATCH_ENTRY_FAILED, EXIT_REASON_MSR_LOADING, entry);
	return BATCH_RESULT(BATCH_ENTERED, 0, 0);
}

bool
predict_may_enter(const struct vmcs *state, uint32_t predicted)
{
	unsigned end = predicted >> 24;

	return end != BATCH_DIES && !(end == BATCH_ENTERED && base_never_returns(state));
}

/* A dump is judged: violations, what could not be judged, and the verdict. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <r33/vmcs_fields.h>

#include "base/util.h"
#include "input.h"
#include "rules/terms.h"

/* All violated rules. */
static void
find_violations(struct explanation *explanation, const struct rule_input *input)
{
	size_t count = rules_check(input, NULL, 0);

	explanation->violations = allocate(count + 1, sizeof(*explanation->violations));
	explanation->violation_count = rules_check(input, explanation->violations, count);
}

/* Which outcome the processor would come to first, seen from how the entry ended. */
static int
rank_of_outcome(enum entry_end end, unsigned outcome)
{
	static const int in_order[] = {
		[VMFAIL_CONTROL] = 0, [INVALID_GUEST_STATE] = 1, [MSR_LOAD_FAILS] = 2
	};

	if ((end == END_GUEST_STATE && outcome == INVALID_GUEST_STATE) ||
	        (end == END_MSR_LOADING && outcome == MSR_LOAD_FAILS))
		return -1;
	return in_order[outcome];
}

/* Does the processor's exit qualification point at this violation? */
static bool
is_pointed_at(const struct explanation *explanation, const struct rule_violation *violation)
{
	const struct dump *dump = explanation->dump;

	return dump->has_qualification &&
	       ((explanation->end == END_GUEST_STATE &&
	                violation->rule->outcome == INVALID_GUEST_STATE) ||
	               (explanation->end == END_MSR_LOADING &&
	                       violation->rule->outcome == MSR_LOAD_FAILS)) &&
	       rule_qualification(violation) == dump->exit_qualification;
}

/* What the dump's exit reason and qualification speak of comes first; otherwise the table's order. */
static void
sort_violations(struct explanation *explanation)
{
	struct rule_violation *sorted = allocate(explanation->violation_count + 1, sizeof(*sorted));
	size_t count = 0;

	for (int rank = -1; rank <= 2; rank++) {
		for (int pointed = 1; pointed >= 0; pointed--) {
			for (size_t i = 0; i < explanation->violation_count; i++) {
				const struct rule_violation *violation =
				        &explanation->violations[i];

				if (rank_of_outcome(explanation->end, violation->rule->outcome) ==
				                rank &&
				        is_pointed_at(explanation, violation) == pointed)
					sorted[count++] = *violation;
			}
		}
	}
	free(explanation->violations);
	explanation->violations = sorted;
}

/* Count rules, not their repetitions. */
static void
count_violated(struct explanation *explanation)
{
	for (size_t i = 0; i < explanation->violation_count; i++) {
		const struct rule *rule = explanation->violations[i].rule;
		bool counted = false;

		for (size_t j = 0; j < i && !counted; j++)
			counted = explanation->violations[j].rule == rule;
		explanation->violated[rule->outcome] += !counted;
	}
}

void
explain(struct explanation *explanation, const struct dump *dump, const struct caps *caps)
{
	struct explain_input input;

	*explanation = (struct explanation){ .dump = dump, .caps = caps };
	if (!dump->not_vmx) {
		explain_input_make(&input, dump, &caps->capabilities);
		explanation->end = explain_end(dump);
		find_violations(explanation, &input.rules);
		explain_find_unknown(explanation, &input);
		sort_violations(explanation);
		count_violated(explanation);
	}
	explain_conclude(explanation);
	if (!dump->not_vmx)
		explain_add_remarks(explanation);
}

void
explanation_free(struct explanation *explanation)
{
	free(explanation->violations);
	free(explanation->unknown);
	free(explanation->assumed);
	free(explanation->headline);
	for (int i = 0; i < explanation->remark_count; i++)
		free(explanation->remarks[i]);
	memset(explanation, 0, sizeof(*explanation));
}

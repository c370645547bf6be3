/* A dump is judged: violations, what could not be judged, and the verdict. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <r33/vmcs_fields.h>

#include "input.h"
#include "rules/terms.h"
#include "base/util.h"

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

void
explain_remark(struct explanation *explanation, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	if (explanation->remark_count == REMARK_LIMIT)
		return;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0)
		explanation->remarks[explanation->remark_count++] = text;
	va_end(arguments);
}

const char *
verdict_word(enum verdict verdict)
{
	static const char *const words[VERDICT_COUNT] = {
		[VERDICT_INVALID_GUEST_STATE] = "invalid-guest-state",
		[VERDICT_MSR_LOAD_FAILS] = "msr-load-fails",
		[VERDICT_INVALID_CONTROL] = "invalid-control",
		[VERDICT_NOTHING_FOUND] = "nothing-found",
		[VERDICT_NOT_A_FAILED_ENTRY] = "not-a-failed-entry",
		[VERDICT_OTHER_FAILURE] = "other-failure",
		[VERDICT_NOT_VMX] = "not-vmx",
	};

	return words[verdict];
}

const char *
outcome_word(unsigned outcome)
{
	static const char *const words[RULE_OUTCOME_COUNT] = {
		[INVALID_GUEST_STATE] = "invalid-guest-state",
		[MSR_LOAD_FAILS] = "msr-load-fails",
		[VMFAIL_CONTROL] = "invalid-control",
	};

	return words[outcome];
}

const char *
cause_word(enum unknown_cause cause)
{
	static const char *const words[CAUSE_COUNT] = {
		[CAUSE_FIELDS] = "fields-missing",
		[CAUSE_MEMORY] = "memory-missing",
		[CAUSE_GUEST_VIEW] = "guest-view",
		[CAUSE_CUT] = "value-cut",
		[CAUSE_MIXTURE] = "mixture",
	};

	return words[cause];
}

const char *
dump_format_word(enum dump_format format)
{
	static const char *const words[] = {
		[DUMP_R33] = "reason33",
		[DUMP_KVM] = "kvm",
		[DUMP_XEN] = "xen",
		[DUMP_QEMU] = "qemu",
	};

	return words[format];
}

/* The part of an identifier that its family has in common. */
static size_t
family_length(const char *id)
{
	const char *hyphen = strchr(id, '-');

	return hyphen ? (size_t)(hyphen - id) : strlen(id);
}

static bool
same_family(const struct rule *a, const struct rule *b)
{
	size_t length = family_length(a->id);

	return length == family_length(b->id) && memcmp(a->id, b->id, length) == 0;
}

char *
rule_names(const struct rule *const *rules, size_t count, bool in_full)
{
	enum { FEW = 2 }; /* are named, not counted */
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *separator = "";

	if (!out)
		return copy_string("");
	for (size_t i = 0; i < count; i++) {
		size_t before = 0, all = 0;

		for (size_t j = 0; j < count; j++) {
			all += same_family(rules[i], rules[j]);
			before += j < i && same_family(rules[i], rules[j]);
		}
		if (in_full || all <= FEW)
			fprintf(out, "%s%s", separator, rules[i]->id);
		else if (before == 0)
			fprintf(out, "%s%.*s-* (%zu)", separator, (int)family_length(rules[i]->id),
			        rules[i]->id, all);
		separator = ", ";
	}
	fclose(out);
	return text;
}

int
explain_line(const struct dump *dump, uint32_t field)
{
	for (size_t i = 0; i < dump->field_count; i++) {
		if (dump->fields[i].field == field)
			return dump->fields[i].line;
	}
	return 0;
}

const char *
explain_field_name(uint32_t field)
{
	const char *name = vmcs_field_name(field);

	return name ? name : "?";
}

char *
rule_conditions(const struct rule *rule)
{
	char *text = NULL;

	for (unsigned i = 0; i < RULE_CONDITION_COUNT; i++) {
		bool when = rule->when & ON(i);
		char *longer;

		if (!when && !(rule->unless & ON(i)))
			continue;
		longer = new_string(
		        "%s%s%s", text ? text : "", text ? "; " : "", rule_condition_text(i, when));
		free(text);
		text = longer;
	}
	return text;
}

/* The words of an explanation, and the names in it: see explain.h. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "explain.h"
#include "rules/terms.h"

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

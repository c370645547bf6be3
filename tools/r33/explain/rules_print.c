/* One rule, for people and programs. */
#include "rules_print.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "base/wrap.h"
#include "explain.h"
#include "rules/terms.h"

enum { INDENT = 2 };

/* Lengthen a list; frees the shorter one. */
static char *
append(char *list, const char *separator, const char *item)
{
	char *longer = new_string("%s%s%s", list ? list : "", list ? separator : "", item);

	free(list);
	return longer;
}

char *
rule_failure(const struct rule *rule)
{
	if (rule->outcome == VMFAIL_CONTROL)
		return copy_string("VMfailValid, VM-instruction error 7");
	if (rule->outcome == MSR_LOAD_FAILS)
		return copy_string("exit reason 34, qualification: the entry's number");
	return new_string("exit reason 33, qualification %u", rule->qualification);
}

char *
rule_fields(const struct rule *rule, const char *mark)
{
	char *list = NULL, *name;

	name = new_string(
	        "%s%s%s", mark, explain_field_name(rule_field_encoding(rule->field)), mark);
	list = append(list, "", name);
	free(name);
	if (rule->repeat && rule->repeat != REPEAT_MSR_LOAD) {
		name = new_string("%s%s%s", mark,
		        explain_field_name(rule_field_encoding(rule->field + rule->repeat - 1u)),
		        mark);
		list = append(list, " to ", name);
		free(name);
	}
	for (size_t i = 0; i < sizeof(rule->also) && rule->also[i]; i++) {
		name = new_string("%s%s%s", mark,
		        explain_field_name(rule_field_encoding(rule->also[i])), mark);
		list = append(list, ", ", name);
		free(name);
	}
	if (rule->looks_outside)
		list = append(list, ", ",
		        rule->repeat == REPEAT_MSR_LOAD ? "the MSR-load area" : "memory");
	return list;
}

char *
rule_needs(const struct rule *rule)
{
	static const char *const texts[CAPABILITY_COUNT] = {
		[NEEDS_CR0_FIXED] = "IA32_VMX_CR0_FIXED0 and 1",
		[NEEDS_CR4_FIXED] = "IA32_VMX_CR4_FIXED0 and 1",
		[NEEDS_PHYSICAL_ADDRESS_WIDTH] = "the physical-address width",
		[NEEDS_LINEAR_ADDRESS_WIDTH] = "the linear-address width",
		[NEEDS_REVISION] = "IA32_VMX_BASIC",
		[NEEDS_MISC] = "IA32_VMX_MISC",
		[NEEDS_CONTROLS] = "the allowed settings of the controls",
		[NEEDS_EPT] = "IA32_VMX_EPT_VPID_CAP",
		[NEEDS_MSR_BITS] = "which bits its MSRs have",
		[NEEDS_EXTENSIONS] = "its extensions (CPUID)",
	};
	char *list = NULL;

	for (unsigned i = 0; i < CAPABILITY_COUNT; i++) {
		if (rule->needs >> i & 1)
			list = append(list, ", ", texts[i]);
	}
	return list;
}

const char *
rule_bochs(const struct rule *rule, enum bochs_version version)
{
	static const char *const words[] = {
		[BOCHS_AGREES] = "agrees",
		[BOCHS_LETS_PASS] = "lets-pass",
		[BOCHS_DIFFERS] = "differs",
		[BOCHS_CANNOT] = "cannot-be-posed",
	};

	return words[rule->bochs[version]];
}

/* A line for each version, if one of them does not simply agree. */
static void
print_bochs(FILE *out, const struct rule *rule)
{
	bool deviates = false;

	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++)
		deviates |= rule->bochs[i] != BOCHS_AGREES || rule->bochs_detail[i];
	for (enum bochs_version i = BOCHS_2_7; deviates && i < BOCHS_VERSIONS; i++) {
		const char *detail = rule->bochs_detail[i];
		char *label = new_string("Bochs %s", bochs_version_name(i));

		write_line(out, INDENT, label,
		        new_string("%s%s%s", rule_bochs(rule, i), detail ? ": " : "",
		                detail ? detail : ""));
		free(label);
	}
}

/* { "2.7": { "answer": "differs", "detail": "..." }, ... } */
static json_t *
bochs_json(const struct rule *rule)
{
	json_t *versions = json_object();

	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++)
		json_object_set_new(versions, bochs_version_name(i),
		        json_pack("{s:s, s:s?}", "answer", rule_bochs(rule, i), "detail",
		                rule->bochs_detail[i]));
	return versions;
}

void
rule_print(FILE *out, const struct rule *rule)
{
	char *conditions = rule_conditions(rule), *needs = rule_needs(rule);

	fprintf(out, "%s: %s\n", rule->id, rule->message);
	write_line(out, INDENT, "fields", rule_fields(rule, ""));
	write_labelled(out, INDENT, "applies", conditions ? conditions : "to every guest");
	write_labelled(out, INDENT, "legal", rule->legal);
	write_line(out, INDENT, "fails with", rule_failure(rule));
	write_labelled(out, INDENT, "why", rule->explanation);
	write_labelled(out, INDENT, "you see", rule->symptom);
	write_labelled(out, INDENT, "usually", rule->hint);
	if (needs)
		write_labelled(out, INDENT, "processor", needs);
	print_bochs(out, rule);
	write_labelled(out, INDENT, "SDM 3C", rule->section);
	free(conditions);
	free(needs);
}

json_t *
rule_json(const struct rule *rule)
{
	char *conditions = rule_conditions(rule), *needs = rule_needs(rule);
	json_t *fields = json_array();
	json_t *object;

	json_array_append_new(
	        fields, json_string(explain_field_name(rule_field_encoding(rule->field))));
	for (size_t i = 0; i < sizeof(rule->also) && rule->also[i]; i++)
		json_array_append_new(fields,
		        json_string(explain_field_name(rule_field_encoding(rule->also[i]))));
	object = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o}",
	        "id", rule->id, "section", rule->section, "outcome", outcome_word(rule->outcome),
	        "qualification",
	        rule->outcome == INVALID_GUEST_STATE ? json_integer(rule->qualification)
	                                             : json_null(),
	        "fields", fields, "message", rule->message, "legal", rule->legal, "explanation",
	        rule->explanation, "symptom", rule->symptom, "hint", rule->hint, "applies",
	        conditions ? json_string(conditions) : json_null(), "bochs",
	        rule_bochs(rule, BOCHS_2_7), "bochs_versions", bochs_json(rule), "processor",
	        needs ? json_string(needs) : json_null());
	free(conditions);
	free(needs);
	return object;
}

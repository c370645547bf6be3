/* The explanation of a dump for programs: docs/explain-json.md. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "explain.h"

enum { DECODED_BYTES = 500 };

/* A string that is safe and UTF-8. */
static json_t *
clean_json(const char *text)
{
	char *clean = clean_string(text);
	json_t *string = json_string(clean);

	free(clean);
	return string;
}

/* A number of 64 bits: as a string, for JSON's numbers are too short. */
static json_t *
hex_json(uint64_t value)
{
	char *text = new_string("0x%" PRIx64, value);
	json_t *string = json_string(text);

	free(text);
	return string;
}

/* The names of the bits at fault. */
static json_t *
bits_json(const struct rule_violation *violation)
{
	char text[DECODED_BYTES], *rest;
	json_t *bits = json_array();

	vmcs_field_name_bits(text, sizeof(text), violation->field, violation->offending);
	for (char *name = strtok_r(text, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
		json_array_append_new(bits, json_string(name + strspn(name, " ")));
	return bits;
}

/* A field, with the value that the dump has, if it has one. */
static json_t *
field_json(const struct dump *dump, uint32_t field)
{
	const uint64_t *value = dump_value(dump, field);
	char decoded[DECODED_BYTES] = "";
	int line = explain_line(dump, field);

	if (value)
		vmcs_field_decode(decoded, sizeof(decoded), field, *value);
	return json_pack("{s:s, s:o, s:s, s:o}", "field", explain_field_name(field), "value",
	        value ? hex_json(*value) : json_null(), "decoded", decoded, "line",
	        line ? json_integer(line) : json_null());
}

/* The other fields that a rule looks at, as far as the dump has them. */
static json_t *
with_json(const struct dump *dump, const struct rule_violation *violation)
{
	const struct rule *rule = violation->rule;
	json_t *with = json_array();

	for (size_t i = 0; i < sizeof(rule->also) && rule->also[i]; i++) {
		uint32_t field = rule_field_encoding(rule->also[i]);

		if (dump_value(dump, field) && field != violation->field)
			json_array_append_new(with, field_json(dump, field));
	}
	return with;
}

/* One violated rule. */
static json_t *
violation_json(const struct dump *dump, const struct rule_violation *violation)
{
	const struct rule *rule = violation->rule;
	char *conditions = rule_conditions(rule);
	json_t *object =
	        json_pack("{s:s, s:s, s:o}", "id", rule->id, "outcome", outcome_word(rule->outcome),
	                "qualification", hex_json(rule_qualification(violation)));

	json_object_update_new(object, field_json(dump, violation->field));
	if (rule->repeat == REPEAT_MSR_LOAD)
		json_object_set_new(object, "entry", json_integer(violation->index + 1));
	if (rule->looks_outside)
		json_object_set_new(object, "memory", hex_json(violation->value));
	json_object_set_new(object, "offending", hex_json(violation->offending));
	json_object_set_new(object, "offending_bits", bits_json(violation));
	json_object_set_new(object, "with", with_json(dump, violation));
	json_object_set_new(object, "applies", conditions ? json_string(conditions) : json_null());
	json_object_set_new(object, "message", json_string(rule->message));
	json_object_set_new(object, "legal", json_string(rule->legal));
	json_object_set_new(object, "explanation", json_string(rule->explanation));
	json_object_set_new(object, "hint", json_string(rule->hint));
	json_object_set_new(object, "section", json_string(rule->section));
	free(conditions);
	return object;
}

/* One rule that could not be judged. */
static json_t *
unknown_json(const struct unknown_rule *unknown)
{
	json_t *fields = json_array();

	for (int i = 0; i < unknown->field_count; i++)
		json_array_append_new(fields, json_string(explain_field_name(unknown->fields[i])));
	return json_pack("{s:s, s:s, s:o}", "id", unknown->rule->id, "cause",
	        cause_word(unknown->cause), "missing_fields", fields);
}

static json_t *
texts_json(char *const *texts, int count)
{
	json_t *array = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(array, clean_json(texts[i]));
	return array;
}

json_t *
explain_json(const struct explanation *explanation)
{
	const struct dump *dump = explanation->dump;
	json_t *violations = json_array(), *unknown = json_array(), *assumed = json_array();

	for (size_t i = 0; i < explanation->violation_count; i++)
		json_array_append_new(
		        violations, violation_json(dump, &explanation->violations[i]));
	for (size_t i = 0; i < explanation->unknown_count; i++)
		json_array_append_new(unknown, unknown_json(&explanation->unknown[i]));
	for (size_t i = 0; i < explanation->assumed_count; i++)
		json_array_append_new(assumed, json_string(explanation->assumed[i].rule->id));
	return json_pack(
	        "{s:s, s:o, s:[i,i], s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	        "format", dump_format_word(dump->format), "title",
	        dump->title ? clean_json(dump->title) : json_null(), "lines", dump->first_line,
	        dump->last_line, "verdict", verdict_word(explanation->verdict), "headline",
	        clean_json(explanation->headline), "exit_reason",
	        dump->has_exit_reason ? hex_json(dump->exit_reason) : json_null(),
	        "exit_qualification",
	        dump->has_qualification ? hex_json(dump->exit_qualification) : json_null(),
	        "vm_instruction_error",
	        dump->has_instruction_error ? json_integer(dump->vm_instruction_error)
	                                    : json_null(),
	        "capabilities",
	        explanation->caps->name ? clean_json(explanation->caps->name) : json_null(),
	        "remarks", texts_json(explanation->remarks, explanation->remark_count), "notes",
	        texts_json(dump->notes, dump->note_count), "violations", violations, "unknown",
	        unknown, "assumed", assumed);
}

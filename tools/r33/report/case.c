/* One case for people: what was expected, what happened, and which source line did it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "base/wrap.h"
#include "report.h"
#include "rules/rules.h"

enum { MOST_WRITES = 12, MOST_RULES = 6 };

/* A string of the mapping, or what to say if it is not there. */
static const char *
string_or(const json_t *mapping, enum record_key key, const char *otherwise)
{
	const char *text = block_string(mapping, key);

	return text ? text : otherwise;
}

/* "file:line in function", the address when no line is known, "" when not even that. */
static char *
location(const json_t *object, enum record_key rip_key)
{
	const char *file = object_string(object, "file");
	const char *function = object_string(object, "function");
	const char *rip = block_string(object, rip_key);

	if (file)
		return new_string(" at %s:%d%s%s", file,
		        (int)json_integer_value(json_object_get(object, "line")),
		        function ? " in " : "", function ? function : "");
	return rip ? new_string(" at %s%s%s", rip, function ? " in " : "", function ? function : "")
	           : copy_string("");
}

/* The VM exit. */
static void
write_exit(FILE *out, int indent, const json_t *details)
{
	const json_t *exit_object = block_member(details, KEY_EXIT);
	const json_t *error = block_member(details, KEY_INSTRUCTION_ERROR);

	if (exit_object)
		write_line(out, indent, "exit",
		        new_string("reason %d (%s)%s, qualification %s, guest RIP %s",
		                (int)block_integer(exit_object, KEY_EXIT_REASON),
		                string_or(exit_object, KEY_EXIT_NAME, "?"),
		                json_is_true(block_member(exit_object, KEY_EXIT_ENTRY_FAILURE))
		                        ? ", VM entry failed"
		                        : "",
		                string_or(exit_object, KEY_EXIT_QUALIFICATION, "?"),
		                string_or(exit_object, KEY_EXIT_RIP, "?")));
	if (error)
		write_line(out, indent, "VMfail",
		        new_string("VM-instruction error %d (%s)",
		                (int)block_integer(error, KEY_INSTRUCTION_ERROR_NUMBER),
		                string_or(error, KEY_INSTRUCTION_ERROR_NAME, "?")));
}

/* Do both rules have the same text under that key, or neither of them one? */
static bool
same_text(const json_t *rule, const json_t *other, enum record_key key)
{
	return strcmp(string_or(rule, key, ""), string_or(other, key, "")) == 0;
}

/* The violated rules: field and value, what is wrong with it, where it is.  What several rules
 * in succession have in common follows the last of them.  A rule's hint says how to repair the
 * state: no help where the guest is to be refused. */
static void
write_rules(FILE *out, int indent, const json_t *details, bool with_hints)
{
	const json_t *rules = block_member(details, KEY_RULES);
	size_t i;
	json_t *rule;

	json_array_foreach(rules, i, rule)
	{
		const json_t *next = json_array_get(rules, i + 1);
		const char *field = block_string(rule, KEY_RULE_FIELD);
		const char *section = block_string(rule, KEY_RULE_SECTION);
		const char *hint = with_hints ? block_string(rule, KEY_RULE_HINT) : NULL;

		if (i == MOST_RULES) {
			write_line(out, indent, "rule",
			        new_string("and %zu more", json_array_size(rules) - i));
			return;
		}
		if (i + 1 == MOST_RULES)
			next = NULL;
		write_line(out, indent, "rule",
		        new_string("%s%s%s%s%s: %s", string_or(rule, KEY_RULE_ID, "?"),
		                field ? ", " : "", field ? field : "", field ? " = " : "",
		                field ? string_or(rule, KEY_RULE_VALUE, "?") : "",
		                string_or(rule, KEY_RULE_MESSAGE, "violated")));
		if (hint && !(next && same_text(rule, next, KEY_RULE_HINT)))
			write_labelled(out, indent, "", hint);
		if (section && !(next && same_text(rule, next, KEY_RULE_SECTION)))
			write_line(out, indent, "", new_string("SDM 3C %s", section));
	}
}

/* Whose registers or memory it was. */
static const char *
observer(const json_t *observed)
{
	const char *by = string_or(observed, KEY_OBSERVED_BY, "guest");

	return strcmp(by, "kernel") == 0    ? "kernel saw"
	       : strcmp(by, "caller") == 0  ? "caller saw"
	       : strcmp(by, "context") == 0 ? "in context"
	                                    : "guest saw";
}

/* What the guest or another observer saw, and should not have. */
static void
write_observed(FILE *out, int indent, const json_t *details)
{
	size_t i;
	json_t *item;

	json_array_foreach(block_member(details, KEY_OBSERVED), i, item)
	{
		write_line(out, indent, observer(item),
		        new_string("%s = %s, expected %s", string_or(item, KEY_OBSERVED_NAME, "?"),
		                string_or(item, KEY_OBSERVED_GOT, "?"),
		                string_or(item, KEY_OBSERVED_EXPECTED, "?")));
	}
}

/* Does the sentence about what happened name the field, as a word of its own? */
static bool
is_named(const json_t *details, const char *field)
{
	const char *at = string_or(details, KEY_MESSAGE, "");
	size_t length = strlen(field);

	while ((at = strstr(at, field)) != NULL) {
		at += length;
		if (!isalnum((unsigned char)*at) && *at != '_')
			return true;
	}
	return false;
}

/* Is the field the subject of a rule or of an observation?  "CR0" means "GUEST_CR0". */
static bool
is_subject(const json_t *details, const char *field)
{
	static const char prefix[] = "GUEST_";
	const char *name;
	size_t i;
	json_t *item;

	json_array_foreach(block_member(details, KEY_RULES), i, item)
	{
		if (strcmp(string_or(item, KEY_RULE_FIELD, ""), field) == 0)
			return true;
	}
	json_array_foreach(block_member(details, KEY_OBSERVED), i, item)
	{
		name = string_or(item, KEY_OBSERVED_NAME, "");
		if (strcmp(name, field) == 0 || (strncmp(field, prefix, strlen(prefix)) == 0 &&
		                                        strcmp(name, field + strlen(prefix)) == 0))
			return true;
	}
	return is_named(details, field);
}

/* Is the line that wrote it in the directory of this lab? */
static bool
is_labs_own(const json_t *item, int lab)
{
	const char *file = object_string(item, "file");
	char *directory = new_string("labs/%d-", lab);
	bool own = strncmp(file ? file : "", directory, strlen(directory)) == 0;

	free(directory);
	return own;
}

/* The VMWRITEs that led to the failure: of the fields at fault, or all of the lab's; of a lab that is made
 * of others' parts, its own. */
static void
write_writes(FILE *out, int indent, const struct reported_case *result)
{
	const json_t *details = result->details;
	const json_t *writes = block_member(details, KEY_WRITES);
	bool matched = false, own = false;
	size_t i;
	json_t *item;
	int shown = 0;

	json_array_foreach(writes, i, item)
	{
		matched |= is_subject(details, string_or(item, KEY_WRITE_FIELD, "?"));
		own |= is_labs_own(item, result->lab);
	}
	json_array_foreach(writes, i, item)
	{
		char *where;

		if (matched   ? !is_subject(details, string_or(item, KEY_WRITE_FIELD, "?"))
		        : own ? !is_labs_own(item, result->lab)
		              : strcmp(string_or(item, KEY_WRITE_MODULE, "lab"), "lab") != 0)
			continue;
		if (shown++ == MOST_WRITES) {
			write_labelled(out, indent, "written", "and more");
			return;
		}
		where = location(item, KEY_WRITE_RIP);
		write_line(out, indent, "written",
		        new_string("%s = %s%s%s", string_or(item, KEY_WRITE_FIELD, "?"),
		                string_or(item, KEY_WRITE_VALUE, "?"), where,
		                strcmp(string_or(item, KEY_WRITE_MODULE, "lab"), "lab") == 0
		                        ? ""
		                        : " (not yours: the reference's)"));
		free(where);
	}
}

/* The exception lab code took. */
static void
write_fault(FILE *out, int indent, const json_t *details)
{
	const json_t *fault = block_member(details, KEY_FAULT);
	const char *instruction = block_string(fault, KEY_FAULT_INSTRUCTION);
	const char *address = block_string(fault, KEY_FAULT_ADDRESS);
	const char *error_code = block_string(fault, KEY_FAULT_ERROR_CODE);
	char *where;

	if (!fault)
		return;
	where = location(fault, KEY_FAULT_RIP);
	write_line(out, indent, "fault",
	        new_string("%s%s%s%s%s%s%s%s%s%s", string_or(fault, KEY_FAULT_NAME, "?"),
	                error_code ? ", error code " : "", error_code ? error_code : "",
	                address ? ", address " : "", address ? address : "", *where ? "," : "",
	                where, instruction ? " (" : "", instruction ? instruction : "",
	                instruction ? ")" : ""));
	free(where);
}

/* vmwrite(value, GUEST_CR0): the value is the number of a field of the guest, and the field is not.
 * What to say then; free it. */
static char *
swapped(const char *field, const char *value)
{
	static const char prefix[] = "GUEST_";
	unsigned long number = value ? strtoul(value, NULL, 16) : 0;
	const char *name = number <= UINT16_MAX ? vmcs_field_name((uint32_t)number) : NULL;

	if (!field || strncmp(field, prefix, strlen(prefix)) == 0 || !name ||
	        strncmp(name, prefix, strlen(prefix)) != 0)
		return copy_string("");
	return new_string(" (%s is %s: are field and value swapped?)", value, name);
}

/* What the lab tried and may not. */
static void
write_violations(FILE *out, int indent, const json_t *details)
{
	const json_t *violations = block_member(details, KEY_VIOLATIONS);
	long count = (long)block_integer(details, KEY_VIOLATION_COUNT);
	size_t i;
	json_t *item;

	json_array_foreach(violations, i, item)
	{
		const char *field = block_string(item, KEY_VIOLATION_FIELD);
		const char *value = block_string(item, KEY_VIOLATION_VALUE);
		char *where = location(item, KEY_VIOLATION_RIP);
		char *remark = swapped(field, value);

		write_line(out, indent, "not yours",
		        new_string("%s%s%s%s%s: %s%s%s%s",
		                string_or(item, KEY_VIOLATION_INSTRUCTION, "?"), field ? " " : "",
		                field ? field : "", value ? " = " : "", value ? value : "",
		                string_or(item, KEY_VIOLATION_MESSAGE, "refused"),
		                *where ? "," : "", where, remark));
		free(where);
		free(remark);
	}
	if (count > (long)json_array_size(violations))
		write_line(out, indent, "", new_string("%ld in all", count));
}

void
report_printed(FILE *out, int indent, const char *label, const char *text, bool truncated)
{
	char *copy = copy_string(text);
	char *rest = copy;
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!rest && !*line)
			break;
		if (indent == UNWRAPPED) {
			write_unwrapped(out, label, line);
			continue;
		}
		fprintf(out, "%*s%-*s| ", indent, "", LABEL_COLUMNS, label);
		write_clean(out, line, 0);
		fputc('\n', out);
		label = "";
	}
	if (truncated && indent == UNWRAPPED)
		write_unwrapped(out, label, "[and more]");
	else if (truncated)
		fprintf(out, "%*s%-*s| [and more]\n", indent, "", LABEL_COLUMNS, label);
	free(copy);
}

/* What did not fit into the report. */
static void
write_left_out(FILE *out, int indent, const struct reported_case *result)
{
	char *text = report_case_left_out(result);

	if (text)
		write_labelled(out, indent, "left out", text);
	free(text);
}

void
report_engine_note(FILE *out, const struct reported_case *result, int indent)
{
	const char *note = block_string(result->details, KEY_ENGINE_NOTE);

	if (note)
		write_labelled(out, indent, "engine", note);
}

/* All of it, in the order in which one asks. */
void
report_case_text(FILE *out, const struct reported_case *result, int indent, bool with_output)
{
	static const struct {
		enum record_key key;
		const char *label;
	} sentences[] = { { KEY_MESSAGE, "happened" }, { KEY_EXPECTED, "expected" },
		{ KEY_WISH, "wish" } };
	const json_t *details = result->details;
	const char *text;

	if (result->status == CASE_MISSING) {
		write_labelled(out, indent, "happened", "the case never reported");
		return;
	}
	for (size_t i = 0; i < COUNT(sentences); i++) {
		text = block_string(details, sentences[i].key);
		if (text && *text)
			write_labelled(out, indent, sentences[i].label, text);
	}
	write_exit(out, indent, details);
	write_rules(out, indent, details, !case_has_outcome(result, OUTCOME_MISSED_REFUSAL));
	write_observed(out, indent, details);
	write_writes(out, indent, result);
	write_fault(out, indent, details);
	write_violations(out, indent, details);
	text = object_string(details, "compiler");
	if (text)
		report_printed(out, indent, "compiler", text, false);
	text = block_string(details, KEY_OUTPUT);
	if (text && with_output)
		report_printed(out, indent, "printed", text,
		        json_is_true(block_member(details, KEY_OUTPUT_TRUNCATED)));
	text = block_string(details, KEY_HINT);
	if (text)
		write_labelled(out, indent, "hint", text);
	report_engine_note(out, result, indent);
	write_left_out(out, indent, result);
}

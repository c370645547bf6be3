/* A case's result as a test point with diagnostics. */
#include "grade/result.h"

#include <stdarg.h>

#include <r33/lab.h>

#include "cpu/trap.h"
#include "grade/record.h"
#include "lib/format.h"
#include "lib/string.h"
#include "rules/names.h"

static const char *const outcome_words[OUTCOME_COUNT] = {
	[OUTCOME_PASSED] = "passed",
	[OUTCOME_NOT_WRITTEN] = "not-written",
	[OUTCOME_ENTRY_FAILED] = "entry-failed",
	[OUTCOME_VMFAIL] = "vmfail",
	[OUTCOME_WRONG_STATE] = "wrong-state",
	[OUTCOME_GUEST_FAILED] = "guest-failed",
	[OUTCOME_WRONG_REFUSAL] = "wrong-refusal",
	[OUTCOME_MISSED_REFUSAL] = "missed-refusal",
	[OUTCOME_TWIN_FAILED] = "twin-failed",
	[OUTCOME_WRONG_RULE] = "wrong-rule",
	[OUTCOME_NEEDLESS_CHANGE] = "needless-change",
	[OUTCOME_LAB_FAULT] = "lab-fault",
	[OUTCOME_LAB_TIMEOUT] = "lab-timeout",
	[OUTCOME_LAB_VIOLATION] = "lab-violation",
	[OUTCOME_LAB_GARBAGE] = "lab-garbage",
	[OUTCOME_MODULE_MISSING] = "module-missing",
	[OUTCOME_MODULE_MALFORMED] = "module-malformed",
	[OUTCOME_HARNESS] = "harness",
};

void
result_set(struct case_result *result, enum case_outcome outcome, const char *format, ...)
{
	va_list arguments;

	result->outcome = outcome;
	va_start(arguments, format);
	format_string_va(result->message, sizeof(result->message), format, arguments);
	va_end(arguments);
}

void
result_append(struct case_result *result, const char *format, ...)
{
	size_t used = strlen(result->message);
	va_list arguments;

	va_start(arguments, format);
	format_string_va(result->message + used, sizeof(result->message) - used, format, arguments);
	va_end(arguments);
}

static const char *
field_name(uint32_t field, char unnamed[16])
{
	const char *name = vmcs_field_name(field);

	if (name)
		return name;
	format_string(unnamed, 16, "%#06x", field);
	return unnamed;
}

static void
record_exit(const struct guest_outcome *guest)
{
	if (guest->end == GUEST_VMFAIL) {
		record_line("  vm_instruction_error:");
		record_number(4, "number", guest->error_number);
		record_text(4, "name",
		        guest->error_number ? vm_instruction_error_name(guest->error_number)
		                            : "VMfailInvalid");
		return;
	}
	record_line("  exit:");
	record_number(4, "reason", guest->reason);
	record_text(4, "name", exit_reason_name(guest->reason));
	record_line("    entry_failure: %s", guest->end == GUEST_ENTRY_FAILED ? "true" : "false");
	record_hex(4, "qualification", guest->qualification);
	record_hex(4, "rip", guest->rip);
}

static void
record_rules(const struct case_result *result)
{
	char text[SENTENCE_MAX];

	if (result->rule_count)
		record_line("  rules:");
	for (size_t i = 0; i < result->rule_count; i++) {
		const struct rule_violation *violation = &result->rules[i];
		size_t used = format_string(text, sizeof(text), "%s%s", violation->rule->message,
		        violation->offending ? ": " : "");

		vmcs_field_name_bits(
		        text + used, sizeof(text) - used, violation->field, violation->offending);
		record_text(4, "- id", violation->rule->id);
		record_text(6, "section", violation->rule->section);
		record_text(6, "field", vmcs_field_name(violation->field));
		record_hex(6, "value", violation->value);
		record_text(6, "message", text);
		record_text(6, "hint", violation->rule->hint);
	}
}

static void
record_observed(const char *key, const struct observation *observation, uint64_t value)
{
	const char *words;
	char number[24];

	value &= observation->mask;
	words = observation->describe ? observation->describe(value) : NULL;
	format_string(number, sizeof(number), observation->decimal ? "%lu" : "%#lx", value);
	record_text(6, key, words ? words : number);
}

static void
record_differences(const struct case_result *result)
{
	if (result->difference_count)
		record_line("  observed:");
	for (size_t i = 0; i < result->difference_count; i++) {
		const struct difference *difference = &result->differences[i];

		record_text(4, "- name", difference->observation->name);
		if (difference->observation->by)
			record_text(6, "by", difference->observation->by);
		record_observed(
		        "expected", difference->observation, difference->observation->expected);
		record_observed("got", difference->observation, difference->got);
	}
}

static void
record_writes(const struct lab_log *log)
{
	char unnamed[16];

	if (log->write_count)
		record_line("  writes:");
	for (size_t i = 0; i < log->write_count; i++) {
		record_text(4, "- field", field_name(log->writes[i].field, unnamed));
		record_hex(6, "value", log->writes[i].value);
		record_hex(6, "rip", log->writes[i].rip);
		record_line("      module: lab");
	}
}

static void
record_fault(const struct lab_log *log)
{
	const struct lab_fault *fault = &log->fault;

	record_line("  fault:");
	if (log->end == LAB_TIMED_OUT) {
		record_text(4, "name", "time limit");
		record_hex(4, "rip", log->last_rip);
	} else {
		record_number(4, "vector", fault->vector);
		record_text(4, "name", exception_name(fault->vector));
		record_hex(4, "error_code", fault->error_code);
		record_hex(4, "rip", fault->rip);
		if (fault->vector == VECTOR_PF)
			record_hex(4, "address", fault->address);
		if (fault->instruction != INSTRUCTION_UNKNOWN)
			record_text(4, "instruction", instruction_name(fault->instruction));
	}
	record_line("    module: lab");
}

static void
record_violations(const struct lab_log *log)
{
	char unnamed[16];

	if (log->violation_count)
		record_line("  violations:");
	for (size_t i = 0; i < log->violation_count && i < LAB_MAX_VIOLATIONS; i++) {
		const struct lab_violation *violation = &log->violations[i];
		bool writes = violation->instruction == INSTRUCTION_VMWRITE;

		record_text(4, "- instruction", instruction_name(violation->instruction));
		record_text(6, "message", violation->reason);
		record_hex(6, "rip", violation->rip);
		if (writes || violation->instruction == INSTRUCTION_VMREAD)
			record_text(6, "field", field_name(violation->field, unnamed));
		if (writes)
			record_hex(6, "value", violation->value);
		record_line("      module: lab");
	}
	if (log->violation_count)
		record_number(2, "violation_count", log->violation_count);
}

static void
record_output(const struct lab_log *log)
{
	if (!log->output_bytes)
		return;
	record_string(2, "output", log->output,
	        log->output_bytes < LAB_OUTPUT_BYTES ? log->output_bytes : LAB_OUTPUT_BYTES);
	if (log->output_bytes > LAB_OUTPUT_BYTES)
		record_line("  output_truncated: true");
}

/* What the case was about says nothing to a student whose code did not even answer. */
static bool
has_answer(const struct case_result *result)
{
	return result->lab_ran && result->log.end == LAB_RETURNED && !result->log.violation_count &&
	       result->outcome != OUTCOME_NOT_WRITTEN && result->outcome != OUTCOME_LAB_GARBAGE;
}

static void
record_failure(const struct case_result *result, const struct test_case *test)
{
	record_text(2, "message", result->message);
	if (has_answer(result)) {
		record_text(2, "expected", result->expected);
		record_text(2, "wish", result->wish);
		/* It helps to find the answer, and a right one was given. */
		if (test->hint && result->outcome != OUTCOME_TWIN_FAILED)
			record_text(2, "hint", test->hint);
	}
	if (result->guest_ran)
		record_exit(&result->guest);
	record_rules(result);
	record_differences(result);
	if (!result->lab_ran)
		return;
	record_writes(&result->log);
	if (result->log.end != LAB_RETURNED)
		record_fault(&result->log);
	record_violations(&result->log);
}

/* The fields whose letters follow, by name: before the first that has such a part. */
static void
announce_fields(const struct part *part)
{
	static const struct part *announced;

	if (part == announced)
		return;
	record_piece("# fields");
	for (size_t i = 0; i < part->field_count; i++) {
		record_piece(" ");
		record_piece(vmcs_field_name(part->fields[i]));
	}
	record_line("%s", "");
	announced = part;
}

void
result_record(const struct case_result *result, const struct test_case *test, unsigned number)
{
	bool passed = result->outcome == OUTCOME_PASSED;

	if (result->fields[0])
		announce_fields(result->part);
	record_line("%s %u - %s", passed ? "ok" : "not ok", number, test->title);
	record_line("  ---");
	record_number(2, "lab", test->lab);
	record_text(2, "case", test->id);
	record_number(2, "points", test->points);
	if (!passed && result->earned)
		record_number(2, "earned", result->earned);
	record_line("  outcome: %s", outcome_words[result->outcome]);
	if (result->fields[0])
		record_text(2, "fields", result->fields);
	if (!passed)
		record_failure(result, test);
	if (result->lab_ran)
		record_output(&result->log);
	record_line("  ...");
}

/* A case's result as a test point with diagnostics. */
#include "grade/result.h"

#include <stdarg.h>

#include <r33/lab.h>

#include "cpu/trap.h"
#include "grade/record.h"
#include "lib/format.h"
#include "lib/string.h"
#include "rules/names.h"

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
		record_open(KEY_INSTRUCTION_ERROR);
		record_number(KEY_INSTRUCTION_ERROR_NUMBER, guest->error_number);
		record_text(KEY_INSTRUCTION_ERROR_NAME,
		        guest->error_number ? vm_instruction_error_name(guest->error_number)
		                            : "VMfailInvalid");
		return;
	}
	record_open(KEY_EXIT);
	record_number(KEY_EXIT_REASON, guest->reason);
	record_text(KEY_EXIT_NAME, exit_reason_name(guest->reason));
	record_boolean(KEY_EXIT_ENTRY_FAILURE, guest->end == GUEST_ENTRY_FAILED);
	record_hex(KEY_EXIT_QUALIFICATION, guest->qualification);
	record_hex(KEY_EXIT_RIP, guest->rip);
}

static void
record_rules(const struct case_result *result)
{
	char text[SENTENCE_MAX];

	if (result->rule_count)
		record_open(KEY_RULES);
	for (size_t i = 0; i < result->rule_count; i++) {
		const struct rule_violation *violation = &result->rules[i];
		size_t used = format_string(text, sizeof(text), "%s%s", violation->rule->message,
		        violation->offending ? ": " : "");

		vmcs_field_name_bits(
		        text + used, sizeof(text) - used, violation->field, violation->offending);
		record_text(KEY_RULE_ID, violation->rule->id);
		record_text(KEY_RULE_SECTION, violation->rule->section);
		record_text(KEY_RULE_FIELD, vmcs_field_name(violation->field));
		record_hex(KEY_RULE_VALUE, violation->value);
		record_text(KEY_RULE_MESSAGE, text);
		record_text(KEY_RULE_HINT, violation->rule->hint);
	}
}

static void
record_observed(enum record_key key, const struct observation *observation, uint64_t value)
{
	const char *words;
	char number[24];

	value &= observation->mask;
	words = observation->describe ? observation->describe(value) : NULL;
	format_string(number, sizeof(number), observation->decimal ? "%lu" : "%#lx", value);
	record_text(key, words ? words : number);
}

static void
record_differences(const struct case_result *result)
{
	if (result->difference_count)
		record_open(KEY_OBSERVED);
	for (size_t i = 0; i < result->difference_count; i++) {
		const struct difference *difference = &result->differences[i];

		record_text(KEY_OBSERVED_NAME, difference->observation->name);
		if (difference->observation->by)
			record_text(KEY_OBSERVED_BY, difference->observation->by);
		record_observed(KEY_OBSERVED_EXPECTED, difference->observation,
		        difference->observation->expected);
		record_observed(KEY_OBSERVED_GOT, difference->observation, difference->got);
	}
}

static void
record_writes(const struct lab_log *log)
{
	char unnamed[16];

	if (log->write_count)
		record_open(KEY_WRITES);
	for (size_t i = 0; i < log->write_count; i++) {
		record_text(KEY_WRITE_FIELD, field_name(log->writes[i].field, unnamed));
		record_hex(KEY_WRITE_VALUE, log->writes[i].value);
		record_hex(KEY_WRITE_RIP, log->writes[i].rip);
		record_word(KEY_WRITE_MODULE, "lab");
	}
}

static void
record_fault(const struct lab_log *log)
{
	const struct lab_fault *fault = &log->fault;

	record_open(KEY_FAULT);
	if (log->end == LAB_TIMED_OUT) {
		record_text(KEY_FAULT_NAME, "time limit");
		record_hex(KEY_FAULT_RIP, log->last_rip);
	} else {
		record_number(KEY_FAULT_VECTOR, fault->vector);
		record_text(KEY_FAULT_NAME, exception_name(fault->vector));
		record_hex(KEY_FAULT_ERROR_CODE, fault->error_code);
		record_hex(KEY_FAULT_RIP, fault->rip);
		if (fault->vector == VECTOR_PF)
			record_hex(KEY_FAULT_ADDRESS, fault->address);
		if (fault->instruction != INSTRUCTION_UNKNOWN)
			record_text(KEY_FAULT_INSTRUCTION, instruction_name(fault->instruction));
	}
	record_word(KEY_FAULT_MODULE, "lab");
}

static void
record_violations(const struct lab_log *log)
{
	char unnamed[16];

	if (log->violation_count)
		record_open(KEY_VIOLATIONS);
	for (size_t i = 0; i < log->violation_count && i < LAB_MAX_VIOLATIONS; i++) {
		const struct lab_violation *violation = &log->violations[i];
		bool writes = violation->instruction == INSTRUCTION_VMWRITE;

		record_text(KEY_VIOLATION_INSTRUCTION, instruction_name(violation->instruction));
		record_text(KEY_VIOLATION_MESSAGE, violation->reason);
		record_hex(KEY_VIOLATION_RIP, violation->rip);
		if (writes || violation->instruction == INSTRUCTION_VMREAD)
			record_text(KEY_VIOLATION_FIELD, field_name(violation->field, unnamed));
		if (writes)
			record_hex(KEY_VIOLATION_VALUE, violation->value);
		record_word(KEY_VIOLATION_MODULE, "lab");
	}
	if (log->violation_count)
		record_number(KEY_VIOLATION_COUNT, log->violation_count);
}

static void
record_output(const struct lab_log *log)
{
	if (!log->output_bytes)
		return;
	record_string(KEY_OUTPUT, log->output,
	        log->output_bytes < LAB_OUTPUT_BYTES ? log->output_bytes : LAB_OUTPUT_BYTES);
	if (log->output_bytes > LAB_OUTPUT_BYTES)
		record_boolean(KEY_OUTPUT_TRUNCATED, true);
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
	record_text(KEY_MESSAGE, result->message);
	if (has_answer(result)) {
		record_text(KEY_EXPECTED, result->expected);
		record_text(KEY_WISH, result->wish);
		/* It helps to find the answer, and a right one was given. */
		if (test->hint && result->outcome != OUTCOME_TWIN_FAILED)
			record_text(KEY_HINT, test->hint);
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
	record_number(KEY_LAB, test->lab);
	record_text(KEY_CASE, test->id);
	record_number(KEY_POINTS, test->points);
	if (!passed && result->earned)
		record_number(KEY_EARNED, result->earned);
	record_word(KEY_OUTCOME, outcome_words[result->outcome]);
	if (result->fields[0])
		record_text(KEY_FIELDS, result->fields);
	if (!passed)
		record_failure(result, test);
	if (result->engine_note && has_answer(result))
		record_text(KEY_ENGINE_NOTE, result->engine_note);
	if (result->lab_ran)
		record_output(&result->log);
	record_line("  ...");
}

/*
 * Grade: for each case a fresh guest and a fresh VMCS, the reference parts for all fields but the
 * lab's, then the lab's part, then the judge.  Nothing a case does outlives it.
 */
#include "grade/grade.h"

#include <r33/controls.h>
#include <r33/lab.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "cpu/fault.h"
#include "dev/console.h"
#include "grade/field_states.h"
#include "grade/guest_handlers.h"
#include "grade/guest_memory.h"
#include "grade/judge.h"
#include "grade/record.h"
#include "grade/summary.h"
#include "lib/format.h"
#include "lib/string.h"
#include "rules/names.h"
#include "vmx/backend.h"
#include "vmx/regions.h"

#define MAX_CASES 512

static bool passed[MAX_CASES];

static size_t
case_count(void)
{
	return (size_t)(cases_end - cases_start);
}

static const struct test_case *
case_of_id(unsigned lab, const char *id, size_t *index)
{
	for (*index = 0; *index < case_count(); ++*index)
		if (cases_start[*index]->lab == lab && strcmp(cases_start[*index]->id, id) == 0)
			return cases_start[*index];
	return NULL;
}

static const struct judge *
judge_of_lab(unsigned lab)
{
	for (const struct judge *const *judge = judges_start; judge < judges_end; judge++)
		if ((*judge)->lab == lab)
			return *judge;
	return NULL;
}

void
grade_prepare_vmcs(const struct guest *guest, const struct control_wish *controls)
{
	vmcs_pool_refresh();
	controls_write(&vmx_capabilities, guest->ia32e_mode, guest_memory_ept_pointer(), controls);
	host_state_write(&vmx_capabilities);
	vmcs_write(VM_ENTRY_INTERRUPTION_INFORMATION, guest->injected_event);
	/* Not every processor has every field: those that are missing say so, and need no zero. */
	for (size_t i = 0; i < PART_COUNT; i++)
		for (size_t j = 0; j < parts[i].field_count; j++)
			vmx->write(parts[i].fields[j], 0);
}

unsigned
grade_run_reference(const struct guest *guest, const struct part *graded)
{
	static struct lab_log log;

	for (size_t i = 0; i < PART_COUNT; i++) {
		if (&parts[i] == graded)
			continue;
		lab_run(&module_reference, &parts[i], guest, &vmcs_pool, &log);
		if (log.end != LAB_RETURNED || log.returned != ENTER || log.violation_count)
			return parts[i].number;
	}
	return 0;
}

/* The lab's part runs on the student's module; the front end's own test is its own judge. */
static void
run_lab_part(struct verdict_input *input, struct case_result *result)
{
	vmcs_pool.timer_shift = input->test->timer_shift;
	lab_run(&module_labs[input->test->lab], input->part, input->guest, &vmcs_pool,
	        &result->log);
	result->lab_ran = true;
	vmcs_pool.timer_shift = 0;
	/* Whatever the part did to the current VMCS pointer, the case goes on with its own. */
	vmcs_require(vmx->load(vmcs_pool.regions[0]), "VMPTRLD", vmcs_pool.regions[0]);
}

/* The front end's own test judges itself; what is left is how a guest must end that never reports. */
static void
judge_front_end_test(const struct test_case *test, struct case_result *result)
{
	bool ended_well = true;

	if (result->log.end != LAB_RETURNED || result->log.returned != ENTER) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "the front end did not do as the architecture says (returned %#lx)",
		        result->log.returned);
		return;
	}
	if (test->expectation != EXPECT_DONE) {
		result->guest_ran = true;
		guest_run(&result->guest, test->limit_ticks);
		ended_well = judge_ended_as_expected(test, &result->guest);
	}
	if (ended_well)
		result_set(result, OUTCOME_PASSED, "as expected");
	else
		result_set(result, OUTCOME_GUEST_FAILED, "the guest did not end as it should");
}

/* The guest's memory, and its description as the lab gets it. */
static void
place_guest(const struct test_case *test, struct guest *guest)
{
	guest_place(guest, test->image);
	if (test->interrupts_off)
		guest->rflags &= ~RFLAGS_IF;
	if (test->adjust)
		test->adjust(guest, &vmx_capabilities);
	if (test->handlers)
		guest_place_handlers(guest);
}

/* The usual case: the lab's part fills its fields, then the guest is entered. */
static void
fill_and_judge(struct verdict_input *input, struct case_result *result)
{
	if (input->judge)
		judge_prepare(input);
	run_lab_part(input, result);
	if (!input->judge) {
		judge_front_end_test(input->test, result);
		return;
	}
	/* A guest that must be refused is not asked anything. */
	if (input->judge->engine_note && !input->broken_rule_count)
		result->engine_note = input->judge->engine_note(input->guest, input->only_values);
	judge_fields(input, result);
	judge_case(input, result);
}

static void
grade_case(const struct test_case *test, struct case_result *result)
{
	struct guest guest = test->guest;
	struct verdict_input input = {
		.test = test,
		.guest = &guest,
		.judge = judge_of_lab(test->lab),
		.part = part_of_lab(test->lab),
		.twin_passed = true,
	};
	const struct module *module = &module_labs[test->lab];
	size_t twin = 0;
	unsigned failed_part;

	if (!input.part || (!input.judge && test->lab != part_front_end_test.number))
		kernel_panic("case %s: lab %u has no part or no judge", test->id, test->lab);
	if (test->twin && !case_of_id(test->lab, test->twin, &twin))
		kernel_panic("case %s: there is no twin %s", test->id, test->twin);
	if (!module->present || module->error) {
		result_set(result,
		        module->present ? OUTCOME_MODULE_MALFORMED : OUTCOME_MODULE_MISSING, "%s",
		        module->present ? module->error : "there is no module for this lab");
		return;
	}
	place_guest(test, &guest);
	grade_prepare_vmcs(&guest, &test->controls);
	vmcs_write(EXCEPTION_BITMAP, ~test->own_exceptions);
	if (test->write_controls)
		test->write_controls(&guest);
	failed_part = input.part->whole_guest ? 0 : grade_run_reference(&guest, input.part);
	if (failed_part) {
		result_set(result, OUTCOME_HARNESS,
		        "the reference's part %u could not fill its fields", failed_part);
		return;
	}
	if (test->twin)
		input.twin_passed = passed[twin];
	if (input.judge && input.judge->conduct)
		input.judge->conduct(&input, result);
	else
		fill_and_judge(&input, result);
	if (input.judge && result->outcome != OUTCOME_PASSED)
		input.judge->describe_wish(&guest, result->wish, sizeof(result->wish));
}

static bool
is_selected(const struct test_case *test, const struct case_selection *selection)
{
	const struct test_case *only;
	size_t index;

	if (selection->all_labs ? test->lab == part_front_end_test.number
	                        : test->lab != selection->lab)
		return false;
	if (!selection->only_case[0] || strcmp(test->id, selection->only_case) == 0)
		return true;
	only = case_of_id(test->lab, selection->only_case, &index);
	return only && only->twin && strcmp(only->twin, test->id) == 0;
}

/* Did the lab print something without a newline at its end? */
static bool
ends_inside_line(const struct lab_log *log)
{
	return log->output_bytes > 0 && log->output_bytes <= LAB_OUTPUT_BYTES &&
	       log->output[log->output_bytes - 1] != '\n';
}

/* Why this processor cannot pose the case, or NULL. */
static const char *
reason_to_skip(const struct test_case *test)
{
	static char text[SENTENCE_MAX];
	char names[SENTENCE_MAX / 2];
	uint32_t bits;
	uint32_t field = controls_impossible(&vmx_capabilities, &test->controls, &bits);

	if (!field)
		return test->skip ? test->skip(&vmx_capabilities) : NULL;
	vmcs_field_name_bits(names, sizeof(names), field, bits);
	format_string(text, sizeof(text), "this processor cannot set %s as the guest needs it: %s",
	        vmcs_field_name(field), names);
	return text;
}

static void
run_case(const struct test_case *test, size_t index, unsigned number, bool *harness_failed)
{
	static struct case_result result;
	const char *skip = reason_to_skip(test);

	record_line("# case %u \"%s\" lab=%u points=%u", number, test->id, test->lab, test->points);
	if (skip) {
		record_line("ok %u - %s # SKIP %s", number, test->title, skip);
		console_printf("%-28s skipped: %s\n", test->id, skip);
		summary_add(test, NULL);
		return;
	}
	memset(&result, 0, sizeof(result));
	grade_case(test, &result);
	passed[index] = result.outcome == OUTCOME_PASSED;
	if (result.outcome == OUTCOME_HARNESS)
		*harness_failed = true;
	result_record(&result, test, number);
	summary_add(test, &result);
	if (ends_inside_line(&result.log))
		console_printf("\n");
	console_printf("%-28s %s%s\n", test->id,
	        passed[index] ? "ok" : "not ok: ", passed[index] ? "" : result.message);
}

static unsigned
selected_count(const struct case_selection *selection)
{
	unsigned count = 0;

	for (size_t i = 0; i < case_count(); i++)
		count += is_selected(cases_start[i], selection);
	return count;
}

/* Private tests come from elsewhere: two of a name would be graded, and reported, as one. */
static void
require_unique_names(void)
{
	size_t first;

	for (size_t i = 0; i < case_count(); i++) {
		case_of_id(cases_start[i]->lab, cases_start[i]->id, &first);
		if (first != i)
			kernel_panic("lab %u has two cases with the id %s: give one another",
			        cases_start[i]->lab, cases_start[i]->id);
	}
	for (const struct judge *const *judge = judges_start; judge < judges_end; judge++)
		if (judge_of_lab((*judge)->lab) != *judge)
			kernel_panic("lab %u has two judges: leave one out", (*judge)->lab);
}

int
grade_run(const struct case_selection *selection)
{
	unsigned number = 0;
	bool harness_failed = false;

	if (case_count() > MAX_CASES)
		kernel_panic("more than %d cases", MAX_CASES);
	require_unique_names();
	record_line("1..%u", selected_count(selection));
	for (size_t i = 0; i < case_count(); i++)
		if (is_selected(cases_start[i], selection))
			run_case(cases_start[i], i, ++number, &harness_failed);
	return harness_failed ? END_HARNESS : END_DONE;
}

/*
 * Lab 9's judge: places a guest at the reset vector, lets the lab run it, looks on, and compares
 * what the guest saw, its sum and the state in which it ended.  Where the processor cannot enter such
 * a guest, it shows that with the only values.
 */
#include "grade/judge.h"

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/exit_reasons.h>
#include <r33/lab.h>
#include <r33/msr.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "expected.h"
#include "grade/grade.h"
#include "grade/guest_memory.h"
#include "lib/format.h"
#include "lib/string.h"
#include "rules/names.h"
#include "vmx/backend.h"
#include "vmx/regions.h"
#include "watch.h"

static struct watch watch;

/* The same in every run, and nothing that a lab could know. */
static uint32_t
next_nonce(void)
{
	static uint32_t state = 0x33;

	state = state * 1664525 + 1013904223;
	return state ^ state >> 16;
}

/* What the guest finds in memory: how far to go, the nonce, and at the reset vector, where 16 bytes
 * are all there is, the token and the jump to its image. */
static void
write_plan(const struct journey *journey, uint32_t nonce, uint32_t token)
{
	uint8_t *reset_vector = (uint8_t *)GUEST_WINDOW + RESET_OFFSET;
	uint64_t *report = (uint64_t *)REPORT_ADDRESS;
	static const uint8_t mov_to_ebx[] = { 0x66, 0xbb };
	static const uint8_t far_jump[] = { 0xea, 0, 0, IMAGE_REAL_ADDRESS >> 4 & 0xff,
		IMAGE_REAL_ADDRESS >> 12 };

	memcpy(reset_vector, mov_to_ebx, sizeof(mov_to_ebx));
	memcpy(reset_vector + 2, &token, sizeof(token));
	memcpy(reset_vector + 6, far_jump, sizeof(far_jump));
	report[RESET_SUM] = nonce;
	report[RESET_STAGE] = journey->stage;
	report[RESET_TRIES] = journey->tries;
}

/* "after the guest's station 3" */
static void
describe_station(char *text, size_t size)
{
	if (watch.station_count == 0)
		format_string(text, size, "before the guest's first station");
	else
		format_string(text, size, "after the guest's station %u",
		        watch.stations[watch.station_count - 1]);
}

/* The lab's function returned, but the guest has not made its last hypercall. */
static void
explain_early_return(struct case_result *result)
{
	static const char *const names[] = { "UNWRITTEN", "ENTER", "REFUSE" };
	uint64_t answer = result->log.returned;
	const char *name = answer < COUNT(names) ? names[answer] : "no decision";

	if (watch.entries == 0)
		result_set(result, OUTCOME_GUEST_FAILED,
		        "your function returned %s without entering the guest", name);
	else
		result_set(result, OUTCOME_GUEST_FAILED,
		        "the guest did not come to its end: your function returned %s at its exit "
		        "%u, %s at RIP %#lx",
		        name, watch.exits, exit_reason_name(watch.last.reason), watch.last.rip);
}

/* The time was up while the guest ran: that is what its timers are for. */
static bool
guest_used_up_the_time(void)
{
	return watch.exits > 0 && (watch.last.reason == EXIT_REASON_EXTERNAL_INTERRUPT ||
	                                  watch.last.reason == EXIT_REASON_PREEMPTION_TIMER);
}

/* Did the guest come to its end at all? */
static bool
judge_run(struct case_result *result)
{
	char station[48];

	describe_station(station, sizeof(station));
	if (watch.stopped)
		result_set(result, watch.outcome, "%s", watch.problem);
	else if (watch.entry_failed && watch.last.end == GUEST_VMFAIL)
		result_set(result, OUTCOME_VMFAIL, "entry %u failed: %s", watch.entries,
		        watch.last.error_number ? vm_instruction_error_name(watch.last.error_number)
		                                : "VMfailInvalid");
	else if (watch.entry_failed)
		result_set(result, OUTCOME_ENTRY_FAILED,
		        "VM entry %u, %s, failed with exit reason %u (%s): %s", watch.entries,
		        station, watch.last.reason, exit_reason_name(watch.last.reason),
		        watch.rule_count ? watch.rules[0].rule->id : "no rule says why");
	else if (!result->log.violation_count && guest_used_up_the_time())
		result_set(result, OUTCOME_LAB_TIMEOUT,
		        "2 seconds of the machine's time were up %s: it no longer exited, and its "
		        "RIP was %#lx",
		        station, watch.last.rip);
	else if (judge_misbehaviour(&result->log, result))
		return false;
	else if (!watch.done)
		explain_early_return(result);
	else
		return true;
	return false;
}

static bool
judge_stations(const struct journey *journey, struct case_result *result)
{
	unsigned stations[MAX_STATIONS];
	size_t count = expected_stations(journey, stations);

	for (size_t i = 0; i < count; i++) {
		if (i < watch.station_count && watch.stations[i] == stations[i])
			continue;
		result_set(result, OUTCOME_WRONG_STATE, "the guest did not pass \"%s\"",
		        station_text(stations[i]));
		return false;
	}
	if (count == watch.station_count)
		return true;
	result_set(result, OUTCOME_WRONG_STATE, "the guest passed %lu stations instead of %lu",
	        watch.station_count, count);
	return false;
}

/* Does what the lab printed contain the text? */
static bool
has_printed(const struct lab_log *log, const char *text)
{
	size_t length = strlen(text);
	size_t kept = log->output_bytes < LAB_OUTPUT_BYTES ? log->output_bytes : LAB_OUTPUT_BYTES;

	for (size_t i = 0; i + length <= kept; i++)
		if (strncmp(&log->output[i], text, length) == 0)
			return true;
	return log->output_bytes > LAB_OUTPUT_BYTES; /* what is beyond was not kept */
}

static bool
judge_prints(const struct journey *journey, struct case_result *result)
{
	unsigned stations[MAX_STATIONS];
	size_t count = expected_stations(journey, stations);

	for (size_t i = 0; i < count; i++) {
		if (has_printed(&result->log, station_text(stations[i])))
			continue;
		result_set(result, OUTCOME_WRONG_STATE,
		        "the guest asked to print \"%s\", but your code did not print it",
		        station_text(stations[i]));
		return false;
	}
	return true;
}

static bool
judge_sights(
        const struct journey *journey, uint32_t nonce, uint32_t token, struct case_result *result)
{
	uint32_t leaf_1[4];
	struct signature signature;
	size_t count;

	vmx->cpuid(CPUID_FEATURES, 0, leaf_1);
	signature = (struct signature){ leaf_1[2], leaf_1[0] + leaf_1[1] + leaf_1[3] };
	count = expected_values(journey, token, signature, result->observations);
	for (size_t i = 0; i < count; i++) {
		const struct observation *observation = &result->observations[i];
		uint64_t got = guest_report()[observation->slot];

		if (got != observation->expected)
			result->differences[result->difference_count++] =
			        (struct difference){ observation, got };
	}
	if (result->difference_count)
		result_set(result, OUTCOME_WRONG_STATE,
		        "the guest came to its end, but did not see what it should have seen in %s",
		        result->differences[0].observation->name);
	else if (guest_report()[RESET_SUM] !=
	         expected_sum(journey, nonce, result->observations, count))
		result_set(result, OUTCOME_WRONG_STATE,
		        "the guest's sum is %#lx, which is not that of a complete journey",
		        guest_report()[RESET_SUM]);
	else
		return true;
	return false;
}

/* The mode in which the VMCS says that the guest ended. */
static bool
judge_final_state(const struct journey *journey, struct case_result *result)
{
	bool ends_in_long_mode = journey->stage == STAGE_LONG && !(journey->tries & TRY_BACK);
	bool control = vmcs_read(VM_ENTRY_CONTROLS) & VM_ENTRY_IA32E_MODE_GUEST;
	bool code64 = vmcs_read(GUEST_CS_ACCESS_RIGHTS) & RIGHTS_L;
	uint64_t efer;

	/* Not every processor has the field. */
	if (vmx->read(GUEST_IA32_EFER, &efer) != VMX_SUCCEED)
		efer = control ? EFER_LMA : 0;
	if (control == ends_in_long_mode && code64 == ends_in_long_mode &&
	        !(efer & EFER_LMA) == !ends_in_long_mode)
		return true;
	result_set(result, OUTCOME_WRONG_STATE,
	        "the guest ended, but with \"IA-32e mode guest\" = %u, EFER = %#lx, CS.L = %u",
	        control, efer, code64);
	return false;
}

/* The values that anybody would try: does the processor refuse them? */
static bool
prove_refusal(const struct verdict_input *input, struct case_result *result)
{
	unsigned failed_part;

	failed_part = grade_run_reference(input->guest, part_of_lab(1));
	vmcs_write(
	        GUEST_CR0, (input->guest->cr0 | vmx_capabilities.cr0_fixed0) & ~(CR0_PE | CR0_PG));
	vmcs_write(GUEST_CR3, input->guest->cr3);
	vmcs_write(GUEST_CR4, input->guest->cr4 | vmx_capabilities.cr4_fixed0);
	vmcs_write(GUEST_CS_BASE, RESET_CS_BASE);
	if (!failed_part)
		guest_try_entry(&result->guest);
	if (!failed_part && result->guest.end == GUEST_ENTRY_FAILED &&
	        result->guest.reason == EXIT_REASON_INVALID_GUEST_STATE)
		return true;
	result->guest_ran = !failed_part;
	result_set(result, OUTCOME_HARNESS,
	        "this guest cannot be entered, but the processor did not say so (part %u)",
	        failed_part);
	return false;
}

static void
judge_answer(const struct verdict_input *input, uint32_t nonce, uint32_t token,
        struct case_result *result)
{
	const struct journey *journey = input->test->details;
	bool possible = journey->begins_in_long_mode || vmx_capabilities.unrestricted_guest;
	uint64_t answer = result->log.returned;

	if (watch.exits || watch.stopped || watch.entry_failed || result->log.end != LAB_RETURNED ||
	        result->log.violation_count || answer == ENTER) {
		if (judge_run(result) && judge_sights(journey, nonce, token, result) &&
		        judge_stations(journey, result) && judge_prints(journey, result) &&
		        judge_final_state(journey, result))
			result_set(result, OUTCOME_PASSED, "as expected");
		return;
	}
	if (answer == UNWRITTEN)
		result_set(result, OUTCOME_NOT_WRITTEN,
		        "your function returned UNWRITTEN: there is nothing to enter yet");
	else if (answer != REFUSE)
		result_set(result, OUTCOME_LAB_GARBAGE,
		        "your function returned %#lx, which is neither ENTER nor REFUSE: is a "
		        "return missing?",
		        answer);
	else if (possible)
		result_set(result, OUTCOME_WRONG_REFUSAL,
		        "your function returned REFUSE without entering the guest, but this "
		        "processor can enter it");
	else if (!prove_refusal(input, result))
		return;
	else if (!input->twin_passed)
		result_set(result, OUTCOME_TWIN_FAILED,
		        "the refusal is right, but earns its points only together with case %s, "
		        "its legal twin, which did not pass",
		        input->test->twin);
	else
		result_set(result, OUTCOME_PASSED, "as expected");
}

static void
conduct(const struct verdict_input *input, struct case_result *result)
{
	const struct journey *journey = input->test->details;
	uint32_t nonce = next_nonce(), token = next_nonce();
	bool possible = journey->begins_in_long_mode || vmx_capabilities.unrestricted_guest;

	format_string(result->expected, sizeof(result->expected),
	        possible ? "the guest comes to its end, and ENTER is returned"
	                 : "REFUSE: this processor cannot enter a guest in real mode");
	write_plan(journey, nonce, token);
	watch_begin(&watch, input->guest, !journey->begins_in_long_mode);
	lab_run(&module_labs[input->test->lab], input->part, input->guest, &vmcs_pool,
	        &result->log);
	watch_end();
	result->lab_ran = true;
	vmcs_require(vmx->load(guest_vmcs()), "VMPTRLD", guest_vmcs());
	if (watch.stopped)
		result->log.end = LAB_RETURNED; /* by us; it is not the lab's fault in this sense */
	result->guest_ran = watch.entries > 0;
	result->guest = watch.last;
	result->engine_note = watch.compares_limits ? SEGMENT_LIMITS_NOT_SHOWN : NULL;
	result->rule_count = watch.rule_count;
	memcpy(result->rules, watch.rules, sizeof(result->rules));
	judge_answer(input, nonce, token, result);
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	format_string(text, size,
	        "mode %s, cr0 %#lx, cr4 %#lx, rip %#lx, CS selector %#x; entered %u times, left %u "
	        "times",
	        guest->mode == GUEST_REAL ? "GUEST_REAL" : "GUEST_64BIT", guest->cr0, guest->cr4,
	        guest->rip, guest->segments[SEGMENT_CS].selector, watch.entries, watch.exits);
}

JUDGE = {
	.lab = 9,
	.conduct = conduct,
	.describe_wish = describe_wish,
};

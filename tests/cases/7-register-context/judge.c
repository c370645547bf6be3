/*
 * Lab 7's judge: calls vmenter() with known values in every register, lets a guest look at its own,
 * and looks at the caller's and at the context when it is back.
 */
#include "grade/judge.h"

#include <r33/array.h>
#include <r33/exit_reasons.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "calls.h"
#include "context_case.h"
#include "cpu/frames.h"
#include "cpu/trap.h"
#include "dev/timer.h"
#include "grade/case.h"
#include "grade/record.h"
#include "lab/front_end.h"
#include "lib/format.h"
#include "lib/string.h"
#include "rules/names.h"
#include "vmx/regions.h"

/* Round trips repeat their values after that many: where the lab's memory repeats as well, all that
 * follows has been seen. */
#define PERIOD 8

/* All calls of a case together, and what the kernel does because of the memory they write; each call has the
 * limit of a part besides. */
#define LIMIT_TICKS 30000

static struct call call;
static uint64_t guest_rip, guest_rflags; /* as the reference has set them */

/* The launch state and the fields that a call of this kind needs. */
static void
prepare_vmcs(enum call_kind kind)
{
	if (kind == NO_VMCS) {
		vmcs_require(vmx->clear(guest_vmcs()), "VMCLEAR", guest_vmcs());
		call.front_end->current_vmcs = NO_CURRENT_VMCS;
		return;
	}
	vmcs_require(vmx->load(guest_vmcs()), "VMPTRLD", guest_vmcs());
	call.front_end->current_vmcs = guest_vmcs();
	vmcs_write(GUEST_RIP, guest_rip);
	vmcs_write(GUEST_RFLAGS, kind == INVALID_GUEST ? 0 : guest_rflags);
	if (vmx_capabilities.preemption_timer)
		vmcs_write(VMX_PREEMPTION_TIMER_VALUE, UINT32_MAX);
}

static const char *
result_name(uint32_t result)
{
	static const char *const names[] = { "VMENTER_EXIT", "VMENTER_FAIL_INVALID",
		"VMENTER_FAIL_VALID" };

	return result < COUNT(names) ? names[result] : "which is not an enum vmenter_result";
}

/* What came back in EAX, and where the guest ended. */
static bool
judge_result(struct case_result *result)
{
	uint32_t got = (uint32_t)call.returned.registers[REGISTER_RAX];
	enum vmenter_result expected = call_result(call.kind);
	uint32_t error = call.front_end->instruction_error;

	if (got == VMENTER_RESULT_UNWRITTEN)
		result_set(result, OUTCOME_NOT_WRITTEN,
		        "your function returned UNWRITTEN: there is no vmenter() yet");
	else if (got == VMENTER_FAIL_VALID && expected == VMENTER_EXIT && error)
		result_set(result, OUTCOME_VMFAIL, "vmenter() returned VMENTER_FAIL_VALID: %s",
		        vm_instruction_error_name(error));
	else if (got != expected)
		result_set(result, OUTCOME_WRONG_STATE, "vmenter() returned %#x, %s, not %s", got,
		        result_name(got), result_name(expected));
	else if (call_enters(call.kind) && (uint16_t)vmcs_read(EXIT_REASON) != EXIT_REASON_VMCALL)
		result_set(result, OUTCOME_GUEST_FAILED,
		        "the guest started, but left with exit reason %lu (%s) before it was done",
		        vmcs_read(EXIT_REASON) & 0xffff,
		        exit_reason_name((unsigned)vmcs_read(EXIT_REASON) & 0xffff));
	else if (call_enters(call.kind) && call.guest_found.general[REGISTER_RSP] == 0)
		result_set(result, OUTCOME_GUEST_FAILED,
		        "vmenter() returned VMENTER_EXIT, but the guest has not run");
	else if (expected == VMENTER_FAIL_VALID && error != call_error(call.kind))
		result_set(result, OUTCOME_WRONG_STATE,
		        "vmenter() returned VMENTER_FAIL_VALID, but the VM-instruction error is "
		        "%u, not %u (%s)",
		        error, call_error(call.kind),
		        vm_instruction_error_name(call_error(call.kind)));
	else if (call.kind == INVALID_GUEST &&
	         vmcs_read(EXIT_REASON) !=
	                 (EXIT_REASON_ENTRY_FAILURE | EXIT_REASON_INVALID_GUEST_STATE))
		result_set(result, OUTCOME_HARNESS,
		        "a guest with RFLAGS = 0 was entered (exit reason %#lx)",
		        vmcs_read(EXIT_REASON));
	else
		return true;
	return false;
}

/* VMfail, or a VM exit? */
static bool
call_fails(void)
{
	return call_result(call.kind) != VMENTER_EXIT;
}

/* What is wrong after this call: false, and *result says so. */
static bool
judge_call(const struct context_case *details, struct case_result *result)
{
	bool enters = call_enters(call.kind);
	bool skipped = details->failures_only && enters;
	unsigned groups = skipped ? 0 : details->groups;
	unsigned look = skipped ? 0 : details->look;

	if (!judge_result(result))
		return false;
	if (enters && !guest_found_all(result, &call, groups))
		result_set(result, OUTCOME_WRONG_STATE,
		        "the guest was entered, but not with what the context holds");
	else if (enters && (look & LOOK_CALLER_VALUES) && !guest_found_no_caller(result, &call))
		result_set(result, OUTCOME_WRONG_STATE, "the guest finds values of its host");
	else if (!context_holds_all(result, &call, call_fails() ? ALL_GROUPS : groups))
		result_set(result, OUTCOME_WRONG_STATE,
		        "after vmenter() the context does not hold %s",
		        enters ? "what the guest left" : "what it held before");
	else if (judge_caller(result, &call, look))
		return true;
	name_differences(result);
	return false;
}

static void
describe_call(struct case_result *result, uint32_t number)
{
	format_string(result->expected, sizeof(result->expected),
	        "call %u, vmenter(context, launched = %s)%s, returns %s", number,
	        call_resumes(call.kind) ? "true" : "false", call_circumstances(call.kind),
	        result_name(call_result(call.kind)));
}

/* It did not answer.  The sentence for one that took too long knows of one call only. */
static bool
misbehaves(struct case_result *result)
{
	if (!judge_misbehaviour(&result->log, result))
		return false;
	if (result->outcome == OUTCOME_LAB_TIMEOUT && timer_ticks() >= call.front_end->last_tick)
		result_set(result, OUTCOME_LAB_TIMEOUT,
		        "all calls of vmenter() together took more than %d seconds of the "
		        "machine's time",
		        LIMIT_TICKS / TIMER_HZ);
	return true;
}

/* One call, judged.  False: the case is lost. */
static bool
make_call(const struct context_case *details, struct case_result *result, uint32_t number)
{
	describe_call(result, number + 1);
	prepare_vmcs(call.kind);
	call_vmenter(&call, number % PERIOD);
	record_alive();
	return !misbehaves(result) && judge_call(details, result);
}

static void
conduct(const struct verdict_input *input, struct case_result *result)
{
	const struct context_case *details = input->test->details;
	uint64_t memory[2] = { 0, 1 };
	uint32_t number = 0;

	guest_rip = vmcs_read(GUEST_RIP);
	guest_rflags = vmcs_read(GUEST_RFLAGS);
	call.module = &module_labs[input->test->lab];
	call.front_end = lab_begin(
	        call.module, input->part, input->guest, &vmcs_pool, LIMIT_TICKS, &result->log);
	result->lab_ran = true;
	for (unsigned i = 0; i < CALLS_MAX && details->calls[i] != NO_MORE_CALLS; i++) {
		call.kind = details->calls[i];
		if (!make_call(details, result, number++))
			return;
	}
	while (number < details->round_trips && memory[0] != memory[1]) {
		if (!make_call(details, result, number++))
			return;
		if (number % PERIOD == 0) {
			memory[0] = memory[1];
			memory[1] = call_memory_hash(&call);
		}
	}
	result_set(result, OUTCOME_PASSED, "as expected");
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	(void)guest;
	format_string(text, size,
	        "each 32 bits of a marked value begin with CA (your caller's), BE (the guest's "
	        "before, which it must find) or AF (the guest's after, which it leaves)");
}

JUDGE = { .lab = 7, .conduct = conduct, .describe_wish = describe_wish };

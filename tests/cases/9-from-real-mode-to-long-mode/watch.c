/* The kernel looks on while a lab runs a guest: see watch.h. */
#include "watch.h"

#include <r33/events.h>
#include <r33/exit_reasons.h>
#include <r33/hypercalls.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "cpu/trap.h"
#include "dev/timer.h"
#include "grade/judge_rules.h"
#include "grade/linked_vmcs.h"
#include "grade/record.h"
#include "lab/front_end.h"
#include "lab/parts.h"
#include "lib/format.h"
#include "lib/string.h"
#include "rules/names.h"
#include "vmx/deviations.h"

#define MAX_EXITS 50 /* three times what the longest journey needs, and less than its time allows */

#define REAL_MODE_LIMIT 0xffff
#define FIELD_STEP      2 /* from a segment register's field to the next one's */

#define QUALIFICATION_REGISTER(qualification) ((qualification) >> 8 & 0xf)

static struct watch *watch;

/* The state at the last exit. */
static uint64_t fields_then[MAX_ALL_FIELDS];
static struct guest_registers registers_then;
static uint64_t instruction_bytes;

static void
stop(enum case_outcome outcome, const char *format, ...)
{
	va_list arguments;

	watch->stopped = true;
	watch->outcome = outcome;
	va_start(arguments, format);
	format_string_va(watch->problem, sizeof(watch->problem), format, arguments);
	va_end(arguments);
}

/* Fields that a handler may have reason to change. */
static bool
is_handlers(uint32_t field)
{
	switch (field) {
	case GUEST_CR0:
	case GUEST_CR3:
	case GUEST_CR4: return watch->last.reason == EXIT_REASON_CONTROL_REGISTER;
	case GUEST_RIP:
	case GUEST_RFLAGS: /* RF */
	case GUEST_IA32_EFER:
	case GUEST_INTERRUPTIBILITY_STATE:
	case GUEST_PENDING_DEBUG_EXCEPTIONS:
	case GUEST_ACTIVITY_STATE:
	case VMX_PREEMPTION_TIMER_VALUE: return true;
	default: return false;
	}
}

/* Call with each field of guest state that the processor has; false ends the walk. */
static bool
walk_fields(bool (*visit)(size_t index, uint32_t field, uint64_t value))
{
	size_t index = 0;
	uint64_t value;

	for (size_t i = 0; i < PART_COUNT; i++)
		for (size_t j = 0; j < parts[i].field_count && index < MAX_ALL_FIELDS; j++, index++)
			if (vmx->read(parts[i].fields[j], &value) == VMX_SUCCEED &&
			        !visit(index, parts[i].fields[j], value))
				return false;
	return true;
}

static bool
remember_field(size_t index, uint32_t field, uint64_t value)
{
	(void)field;
	fields_then[index] = value;
	return true;
}

static bool
compare_field(size_t index, uint32_t field, uint64_t value)
{
	if (value == fields_then[index] || is_handlers(field))
		return true;
	stop(OUTCOME_WRONG_STATE,
	        "after the guest's exit %u (%s at RIP %#lx) your code changed %s from %#lx to "
	        "%#lx: that is the guest's",
	        watch->exits, exit_reason_name(watch->last.reason), watch->last.rip,
	        vmcs_field_name(field), fields_then[index], value);
	return false;
}

/* The general registers that the instruction which exited writes, a bit for each. */
static uint32_t
written_registers(void)
{
	switch (watch->last.reason) {
	case EXIT_REASON_CPUID:
		return 1u << REGISTER_RAX | 1u << REGISTER_RCX | 1u << REGISTER_RDX |
		       1u << REGISTER_RBX;
	case EXIT_REASON_RDMSR: return 1u << REGISTER_RAX | 1u << REGISTER_RDX;
	case EXIT_REASON_CONTROL_REGISTER: /* MOV from CR3 */
		return watch->last.qualification & 0x10
		               ? 1u << QUALIFICATION_REGISTER(watch->last.qualification)
		               : 0;
	default: return 0;
	}
}

static bool
compare_registers(const struct guest_registers *registers)
{
	static const char *const names[] = { "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI",
		"R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15" };

	for (unsigned i = 0; i < 16; i++) {
		if (i == REGISTER_RSP || written_registers() >> i & 1 ||
		        registers->general[i] == registers_then.general[i])
			continue;
		stop(OUTCOME_WRONG_STATE,
		        "after the guest's exit %u (%s at RIP %#lx) it continues with %#lx instead "
		        "of %#lx in %s: that is the guest's",
		        watch->exits, exit_reason_name(watch->last.reason), watch->last.rip,
		        registers->general[i], registers_then.general[i], names[i]);
		return false;
	}
	return true;
}

static bool
injects_event(void)
{
	return vmcs_read(VM_ENTRY_INTERRUPTION_INFORMATION) & EVENT_VALID;
}

static bool
compare_rip(void)
{
	uint64_t rip = vmcs_read(GUEST_RIP);
	bool event = injects_event();

	if (rip == watch->last.rip || (!event && rip == watch->last.rip + instruction_bytes))
		return true;
	stop(OUTCOME_WRONG_STATE,
	        "after the guest's exit %u (%s) your code set GUEST_RIP from %#lx to %#lx; the "
	        "instruction has %lu bytes%s",
	        watch->exits, exit_reason_name(watch->last.reason), watch->last.rip, rip,
	        instruction_bytes, event ? ", and a fault has the RIP of the instruction" : "");
	return false;
}

/* What Bochs would let pass, although it breaks a rule, is not entered. */
static bool
check_rules(void)
{
	bool engine_lets_pass;

	watch->rule_count = judge_rules(&part_whole_guest, NULL, watch->rules, &engine_lets_pass);
	if (engine_lets_pass)
		stop(OUTCOME_ENTRY_FAILED,
		        "Bochs lets this pass; a real processor does not: rule %s is violated (so "
		        "entry %u was not tried)",
		        watch->rules[0].rule->id, watch->entries + 1);
	return !engine_lets_pass;
}

/* In real mode the first instructions and the stack reach to the end of 64 KiB.  An engine that does not look at
 * limits would let the guest pass where a processor raises #GP. */
static bool
check_limits(void)
{
	watch->compares_limits = deviations.ignores_segments && watch->at_reset_vector;
	for (uint32_t i = 0; watch->compares_limits && i < 6; i++) {
		uint32_t field = GUEST_ES_LIMIT + FIELD_STEP * i;
		uint64_t limit = vmcs_read(field);

		if (limit >= REAL_MODE_LIMIT)
			continue;
		stop(OUTCOME_GUEST_FAILED,
		        "%s is %#lx: the guest reaches beyond it, which is #GP on a processor "
		        "(this "
		        "engine would not notice, so the entry was not tried)",
		        vmcs_field_name(field), limit);
		return false;
	}
	return true;
}

/* The first entry begins the journey where it must begin; the link pointer stays from then on. */
static bool
check_begin(void)
{
	uint64_t rip = vmcs_read(GUEST_RIP), base = vmcs_read(GUEST_CS_BASE);

	if (!linked_vmcs_is_harmless()) {
		stop(OUTCOME_WRONG_STATE, LINKED_VMCS_KEPT_OUT);
		return false;
	}
	if (watch->at_reset_vector && (rip != RESET_RIP || base != RESET_CS_BASE)) {
		stop(OUTCOME_WRONG_STATE,
		        "the guest would not start at the reset vector: GUEST_CS_BASE is %#lx, "
		        "GUEST_RIP %#lx",
		        base, rip);
		return false;
	}
	return check_limits();
}

/* Did the handler do its work, and nothing else? */
static bool
check_handling(const struct guest_registers *registers)
{
	return walk_fields(compare_field) && compare_registers(registers) && compare_rip();
}

/* What is left of the lab's time is the guest's: it may have interrupts off. */
static void
limit_guest(uint64_t deadline_ticks)
{
	uint64_t now = timer_ticks();
	uint64_t left = deadline_ticks > now ? deadline_ticks - now : 0;
	uint64_t value =
	        (left * timer_tsc_per_tick()) >> (vmx_capabilities.vmx_misc & VMX_MISC_TIMER_RATE);

	if (vmx_capabilities.preemption_timer)
		vmcs_write(VMX_PREEMPTION_TIMER_VALUE, value < UINT32_MAX ? value : UINT32_MAX);
}

static bool
before_entry(const struct guest_registers *registers, uint64_t deadline_ticks)
{
	if (watch->done)
		stop(OUTCOME_GUEST_FAILED,
		        "the guest came to its end, and your code entered it again");
	else if (watch->exits >= MAX_EXITS)
		stop(OUTCOME_GUEST_FAILED,
		        "the guest has exited %u times without coming to its end, the last time by "
		        "%s at RIP %#lx",
		        watch->exits, exit_reason_name(watch->last.reason), watch->last.rip);
	if (watch->stopped)
		return false;
	if (watch->exits == 0 ? !check_begin() : !check_handling(registers))
		return false;
	/* Between exits little changes that rules look at, but for an event. */
	if ((watch->exits == 0 || injects_event()) && !check_rules())
		return false;
	if (!watch->rule_count && guest_sleeps_for_ever()) {
		stop(OUTCOME_GUEST_FAILED, GUEST_SLEEPS_FOR_EVER);
		return false;
	}
	watch->entries++;
	record_first_entry();
	limit_guest(deadline_ticks);
	return true;
}

static void
take_hypercall(const struct guest_registers *registers)
{
	uint32_t number = (uint32_t)registers->general[REGISTER_RAX];

	if (number == HYPERCALL_DONE)
		watch->done = true;
	else if (number >> 16 == HYPERCALL_STATION >> 16 && watch->station_count++ < MAX_STATIONS)
		watch->stations[watch->station_count - 1] = (uint16_t)number;
}

static void
after_entry(enum vmx_result result, const struct guest_registers *registers)
{
	bool engine_lets_pass;
	uint64_t reason;

	if (result != VMX_SUCCEED) {
		watch->entry_failed = true;
		watch->last = (struct guest_outcome){ .end = GUEST_VMFAIL,
			.error_number = result == VMX_FAIL_VALID ? vmx->last_error() : 0 };
		return;
	}
	reason = vmcs_read(EXIT_REASON);
	watch->entry_failed = reason & EXIT_REASON_ENTRY_FAILURE;
	watch->last = (struct guest_outcome){
		.end = watch->entry_failed ? GUEST_ENTRY_FAILED : GUEST_EXITED,
		.reason = (uint16_t)reason,
		.qualification = vmcs_read(EXIT_QUALIFICATION),
		.rip = vmcs_read(GUEST_RIP),
		.rax = registers->general[REGISTER_RAX],
	};
	watch->exits++;
	if (watch->entry_failed) {
		watch->rule_count =
		        judge_rules(&part_whole_guest, NULL, watch->rules, &engine_lets_pass);
		return;
	}
	watch->rule_count = 0;
	instruction_bytes = vmcs_read(VM_EXIT_INSTRUCTION_LENGTH);
	registers_then = *registers;
	walk_fields(remember_field);
	if (watch->last.reason == EXIT_REASON_VMCALL)
		take_hypercall(registers);
}

void
watch_begin(struct watch *new_watch, const struct guest *guest, bool at_reset_vector)
{
	static const struct entry_watch functions = { before_entry, after_entry };

	watch = new_watch;
	memset(watch, 0, sizeof(*watch));
	watch->guest = guest;
	watch->at_reset_vector = at_reset_vector;
	front_end_watch = &functions;
}

void
watch_end(void)
{
	front_end_watch = NULL;
}

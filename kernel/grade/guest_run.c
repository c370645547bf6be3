/* Enter the guest until it is done. */
#include "grade/guest_run.h"

#include "cpu/extended_state.h"
#include "dev/timer.h"
#include "grade/probes.h"
#include "grade/record.h"
#include "rules/names.h"
#include "vmx/timed_entry.h"

#include <r33/vmcs_fields.h>

/* How long a test guest may run, in ticks of the timer: 2 s of the machine's time. */
#define LIMIT_TICKS 200

#define MISC_TIMER_RATE        0x1f
#define INTERRUPTION_HAS_ERROR (1u << 11)

/* The preemption timer counts the time-stamp counter down by one in 2^rate ticks. */
static void
set_preemption_timer(uint64_t tsc_ticks)
{
	uint64_t value = tsc_ticks >> (vmx_capabilities.vmx_misc & MISC_TIMER_RATE);

	if (vmx_capabilities.preemption_timer)
		vmcs_write(VMX_PREEMPTION_TIMER_VALUE, value < UINT32_MAX ? value : UINT32_MAX);
}

static void
read_exit_information(struct guest_outcome *outcome)
{
	uint64_t reason = vmcs_read(EXIT_REASON);

	outcome->end = reason & EXIT_REASON_ENTRY_FAILURE ? GUEST_ENTRY_FAILED : GUEST_EXITED;
	outcome->reason = (uint16_t)reason;
	outcome->qualification = vmcs_read(EXIT_QUALIFICATION);
	outcome->rip = vmcs_read(GUEST_RIP);
	if (outcome->reason == EXIT_EXCEPTION_OR_NMI) {
		outcome->interruption = (uint32_t)vmcs_read(VM_EXIT_INTERRUPTION_INFORMATION);
		if (outcome->interruption & INTERRUPTION_HAS_ERROR)
			outcome->interruption_error =
			        (uint32_t)vmcs_read(VM_EXIT_INTERRUPTION_ERROR_CODE);
	}
	if (outcome->reason == EXIT_EPT_VIOLATION)
		outcome->guest_physical = vmcs_read(GUEST_PHYSICAL_ADDRESS);
}

static void
run(struct guest_outcome *outcome)
{
	struct guest_registers registers = { { 0 } };
	uint64_t deadline_ticks = timer_ticks() + LIMIT_TICKS;
	unsigned probes = 0;
	enum vmx_result result;
	bool timed_out = false;

	extended_state_clear();
	record_first_entry();
	do {
		*outcome = (struct guest_outcome){ .end = GUEST_VMFAIL };
		/* Where the preemption timer watches, ours need not disturb the guest. */
		if (vmx_capabilities.preemption_timer)
			result = vmx->enter(&registers, probes > 0);
		else
			result =
			        vmx_enter_until(&registers, probes > 0, deadline_ticks, &timed_out);
		if (result != VMX_SUCCEED) {
			outcome->error_number = result == VMX_FAIL_VALID ? vmx->last_error() : 0;
			return;
		}
		read_exit_information(outcome);
	} while (!timed_out && probes++ < PROBES_MAX && probes_continue(outcome, &registers));
	outcome->rax = registers.general[0];
	if (timed_out || (outcome->end == GUEST_EXITED && outcome->reason == EXIT_PREEMPTION_TIMER))
		outcome->end = GUEST_TIMED_OUT;
}

void
guest_run(struct guest_outcome *outcome)
{
	set_preemption_timer(LIMIT_TICKS * timer_tsc_per_tick());
	run(outcome);
}

void
guest_try_entry(struct guest_outcome *outcome)
{
	set_preemption_timer(0);
	run(outcome);
}

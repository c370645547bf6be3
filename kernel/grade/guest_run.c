/* Enter the guest until it is done. */
#include "grade/guest_run.h"

#include <r33/events.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "cpu/extended_state.h"
#include "cpu/x86.h"
#include "dev/timer.h"
#include "grade/linked_vmcs.h"
#include "grade/probes.h"
#include "grade/record.h"
#include "rules/names.h"
#include "vmx/timed_entry.h"

/* How long a test guest may run, in ticks of the timer: 2 s of the machine's time. */
#define LIMIT_TICKS 200
/* ... and one whose preemption timer is its own. */
#define OWN_TIMER_LIMIT_TICKS 10

/* The preemption timer counts the time-stamp counter down by one in 2^rate ticks. */
static void
set_preemption_timer(uint64_t tsc_ticks)
{
	uint64_t value = tsc_ticks >> (vmx_capabilities.vmx_misc & VMX_MISC_TIMER_RATE);

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
	if (outcome->reason == EXIT_REASON_EXCEPTION_OR_NMI) {
		outcome->interruption = (uint32_t)vmcs_read(VM_EXIT_INTERRUPTION_INFORMATION);
		if (outcome->interruption & EVENT_ERROR_CODE)
			outcome->interruption_error =
			        (uint32_t)vmcs_read(VM_EXIT_INTERRUPTION_ERROR_CODE);
	}
	if (outcome->reason == EXIT_REASON_EPT_VIOLATION)
		outcome->guest_physical = vmcs_read(GUEST_PHYSICAL_ADDRESS);
}

/* Until a tick has just come: the next one is far away. */
static void
wait_for_tick(void)
{
	timer_unmask();
	/* The first may have been waiting. */
	for (unsigned i = 0; i < 2; i++)
		for (uint64_t before = timer_ticks(); timer_ticks() == before;)
			take_pending_interrupt();
	timer_mask();
}

bool
guest_sleeps_for_ever(void)
{
	if (vmcs_read(VM_ENTRY_INTERRUPTION_INFORMATION) & EVENT_VALID)
		return false; /* an injected event wakes it */
	switch (vmcs_read(GUEST_ACTIVITY_STATE)) {
	case ACTIVITY_HLT:
		return !vmx_capabilities.preemption_timer && !(vmcs_read(GUEST_RFLAGS) & RFLAGS_IF);
	case ACTIVITY_SHUTDOWN: return !vmx_capabilities.preemption_timer;
	case ACTIVITY_WAIT_FOR_SIPI: return true;
	default: return false;
	}
}

/* own_timer: the preemption timer is the guest's, and the kernel's watches. */
static void
run(struct guest_outcome *outcome, uint64_t limit_ticks, bool own_timer)
{
	static const uint64_t no_breakpoints[4];
	struct guest_registers registers = { { 0 } };
	uint64_t deadline_ticks = timer_ticks() + limit_ticks;
	bool timer_watches = vmx_capabilities.preemption_timer && !own_timer;
	unsigned probes = 0;
	enum vmx_result result;
	bool timed_out = false;

	*outcome = (struct guest_outcome){ .end = GUEST_KEPT_OUT };
	if (!linked_vmcs_is_harmless())
		return;
	extended_state_clear();
	/* They are in no VMCS: what an earlier guest left there, this one would find. */
	load_debug_registers(no_breakpoints, DR6_FIXED);
	record_first_entry();
	do {
		*outcome = (struct guest_outcome){ .end = GUEST_VMFAIL };
		/* Where the preemption timer watches, ours need not disturb the guest. */
		if (timer_watches)
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
	if (timed_out || (outcome->end == GUEST_EXITED && !own_timer &&
	                         outcome->reason == EXIT_REASON_PREEMPTION_TIMER))
		outcome->end = GUEST_TIMED_OUT;
}

void
guest_run(struct guest_outcome *outcome, unsigned limit_ticks)
{
	uint64_t ticks = limit_ticks ? limit_ticks : LIMIT_TICKS;

	set_preemption_timer(ticks * timer_tsc_per_tick());
	run(outcome, ticks, false);
}

void
guest_run_with_own_timer(struct guest_outcome *outcome)
{
	wait_for_tick();
	run(outcome, OWN_TIMER_LIMIT_TICKS, true);
}

void
guest_try_entry(struct guest_outcome *outcome)
{
	set_preemption_timer(0);
	run(outcome, LIMIT_TICKS, false);
}

void
guest_try_checks(struct guest_outcome *outcome)
{
	/* An entry that every processor refuses (SDM 3C 27.4, "Loading MSRs"). */
	static const struct __attribute__((aligned(16))) {
		uint32_t msr;
		uint32_t reserved;
		uint64_t value;
	} refused = { .msr = IA32_FS_BASE };

	vmcs_write(VM_ENTRY_MSR_LOAD_ADDRESS, (uint64_t)&refused);
	vmcs_write(VM_ENTRY_MSR_LOAD_COUNT, 1);
	guest_try_entry(outcome);
	vmcs_write(VM_ENTRY_MSR_LOAD_COUNT, 0);
}

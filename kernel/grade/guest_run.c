/* Enter the guest until it is done. */
#include "grade/guest_run.h"

#include "cpu/x86.h"
#include "dev/timer.h"
#include "grade/record.h"
#include "vmx/names.h"

#include <r33/vmcs_fields.h>

/* How long a test guest may run: by the preemption timer, in TSC ticks; without one by our own
 * timer.  In Bochs both count instructions. */
#define LIMIT_TSC_TICKS   5000000
#define LIMIT_TIMER_TICKS 200

#define MISC_TIMER_RATE        0x1f
#define INTERRUPTION_VALID     (1u << 31)
#define INTERRUPTION_HAS_ERROR (1u << 11)

static void
set_preemption_timer(uint64_t tsc_ticks)
{
	if (vmx_capabilities.preemption_timer)
		vmcs_write(VMX_PREEMPTION_TIMER_VALUE,
		        tsc_ticks >> (vmx_capabilities.vmx_misc & MISC_TIMER_RATE));
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
	uint64_t deadline = timer_ticks() + LIMIT_TIMER_TICKS;
	enum vmx_result result;
	bool resume = false;

	*outcome = (struct guest_outcome){ .end = GUEST_VMFAIL };
	record_first_entry();
	do {
		result = vmx->enter(&registers, resume);
		if (result == VMX_FAIL_VALID)
			outcome->error_number = vmx->last_error();
		if (result != VMX_SUCCEED)
			return;
		resume = true;
		read_exit_information(outcome);
		if (outcome->reason == EXIT_EXTERNAL_INTERRUPT)
			take_pending_interrupt();
	} while (outcome->end == GUEST_EXITED && outcome->reason == EXIT_EXTERNAL_INTERRUPT &&
	         timer_ticks() < deadline);
	outcome->rax = registers.general[0];
	if (outcome->end == GUEST_EXITED && (outcome->reason == EXIT_PREEMPTION_TIMER ||
	                                            outcome->reason == EXIT_EXTERNAL_INTERRUPT))
		outcome->end = GUEST_TIMED_OUT;
}

void
guest_run(struct guest_outcome *outcome)
{
	set_preemption_timer(LIMIT_TSC_TICKS);
	/* Where the preemption timer watches, our own timer need not disturb the guest. */
	if (!vmx_capabilities.preemption_timer)
		timer_unmask();
	run(outcome);
	timer_mask();
}

void
guest_try_entry(struct guest_outcome *outcome)
{
	set_preemption_timer(0);
	if (!vmx_capabilities.preemption_timer)
		timer_unmask();
	run(outcome);
	timer_mask();
}

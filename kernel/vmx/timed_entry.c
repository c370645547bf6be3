/* VM entry with a limit. */
#include "vmx/timed_entry.h"

#include <r33/vmcs_fields.h>

#include "cpu/x86.h"
#include "dev/timer.h"
#include "rules/names.h"

enum vmx_result
vmx_enter_until(
        struct guest_registers *registers, bool resume, uint64_t deadline_ticks, bool *timed_out)
{
	enum vmx_result result;
	bool timer_exit;

	timer_unmask();
	do {
		result = vmx->enter(registers, resume);
		resume = true;
		timer_exit = result == VMX_SUCCEED &&
		             vmcs_read(EXIT_REASON) == EXIT_REASON_EXTERNAL_INTERRUPT;
		if (timer_exit)
			take_pending_interrupt();
	} while (timer_exit && timer_ticks() < deadline_ticks);
	timer_mask();
	*timed_out = timer_exit;
	return result;
}

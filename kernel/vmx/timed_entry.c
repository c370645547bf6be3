/* VM entry with a limit. */
#include "vmx/timed_entry.h"

#include "cpu/trap.h"
#include "cpu/x86.h"
#include "dev/timer.h"
#include "dev/watchdog.h"
#include "vmx/names.h"

#include <r33/vmcs_fields.h>

#define INTERRUPTION_VECTOR_AND_TYPE 0x7ff
#define INTERRUPTION_NMI             (2u << 8 | TRAP_NMI)

/* Was it the watchdog's NMI? */
static bool
is_timer_exit(void)
{
	return (uint16_t)vmcs_read(EXIT_REASON) == EXIT_EXCEPTION_OR_NMI &&
	       (vmcs_read(VM_EXIT_INTERRUPTION_INFORMATION) & INTERRUPTION_VECTOR_AND_TYPE) ==
	               INTERRUPTION_NMI;
}

enum vmx_result
vmx_enter_until(
        struct guest_registers *registers, bool resume, uint64_t deadline_ticks, bool *timed_out)
{
	enum vmx_result result;
	bool timer_exit;

	timer_mask();
	watchdog_on();
	do {
		result = vmx->enter(registers, resume);
		resume = true;
		timer_exit = result == VMX_SUCCEED && is_timer_exit();
		if (timer_exit)
			end_nmi_blocking();
	} while (timer_exit && timer_ticks() < deadline_ticks);
	watchdog_off();
	*timed_out = timer_exit;
	return result;
}

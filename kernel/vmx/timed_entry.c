/* VM entry with a limit. */
#include "vmx/timed_entry.h"

#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "cpu/x86.h"
#include "dev/timer.h"
#include "rules/names.h"

/*
 * Of a VM exit that only the timer caused nobody hears who could follow LMA: the guest may have set CR0.PG just
 * before.  VM exit notes that in the control "IA-32e mode guest", but without "save IA32_EFER" not in the field
 * that the next entry loads (SDM 3C 27.3.1.1 and 28.3.1).
 */
static void
follow_lma(void)
{
	uint32_t controls = (uint32_t)vmcs_read(VM_ENTRY_CONTROLS);
	uint64_t efer = vmcs_read(GUEST_IA32_EFER) & ~EFER_LMA;

	vmcs_write(GUEST_IA32_EFER, efer | (controls & VM_ENTRY_IA32E_MODE_GUEST ? EFER_LMA : 0));
}

static bool
loads_efer(void)
{
	return vmcs_read(VM_ENTRY_CONTROLS) & VM_ENTRY_LOAD_IA32_EFER;
}

enum vmx_result
vmx_enter_until(
        struct guest_registers *registers, bool resume, uint64_t deadline_ticks, bool *timed_out)
{
	uint64_t efer = 0;
	enum vmx_result result;
	bool timer_exit, efer_is_ours = false;

	timer_unmask();
	do {
		result = vmx->enter(registers, resume);
		resume = true;
		timer_exit = result == VMX_SUCCEED &&
		             vmcs_read(EXIT_REASON) == EXIT_REASON_EXTERNAL_INTERRUPT;
		if (timer_exit && loads_efer()) {
			if (!efer_is_ours)
				efer = vmcs_read(GUEST_IA32_EFER);
			efer_is_ours = true;
			follow_lma();
		}
		if (timer_exit)
			take_pending_interrupt();
	} while (timer_exit && timer_ticks() < deadline_ticks);
	/* To follow it at last is the part's work. */
	if (efer_is_ours)
		vmcs_write(GUEST_IA32_EFER, efer);
	timer_mask();
	*timed_out = timer_exit;
	return result;
}

/* Entry and exit round trips, counted. */
#include "grade/bench.h"

#include <r33/control_registers.h>
#include <r33/vmcs_fields.h>

#include "cpu/fault.h"
#include "grade/grade.h"
#include "grade/guest_memory.h"
#include "grade/record.h"
#include "rules/names.h"
#include "vmx/backend.h"

void
bench_round_trips(uint32_t round_trips)
{
	struct guest guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE };
	struct guest_registers registers = { { 0 } };

	guest_place(&guest, "exits64");
	grade_prepare_vmcs(&guest, &no_control_wish);
	if (grade_run_reference(&guest, NULL))
		kernel_panic("the reference cannot set up the bench's guest");
	if (vmx_capabilities.preemption_timer)
		vmcs_write(VMX_PREEMPTION_TIMER_VALUE, UINT32_MAX);
	record_line("1..0 # SKIP bench");
	record_first_entry();
	record_line("# bench start round-trips=%u", round_trips);
	for (uint32_t i = 0; i < round_trips; i++) {
		vmcs_require(vmx->enter(&registers, i > 0), "VM entry of round trip", i);
		if (vmcs_read(EXIT_REASON) != EXIT_REASON_VMCALL)
			kernel_panic("bench: unexpected exit reason %lu", vmcs_read(EXIT_REASON));
	}
	record_line("# bench end");
}

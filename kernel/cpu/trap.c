/* Who handles which trap. */
#include "cpu/trap.h"

#include <stddef.h>

#include "cpu/descriptors.h"
#include "cpu/fault.h"
#include "cpu/x86.h"

_Static_assert(offsetof(struct trap_frame, rsp) == 168, "FRAME_RSP in trap_entry.S");

/* A place in the kernel where a fault is expected, and where to go on instead. */
struct exception_fixup {
	uint64_t faulting_rip;
	uint64_t resume_rip;
};
extern const struct exception_fixup exception_table_start[], exception_table_end[];

/* What an instruction raises by itself, a bit for each vector (SDM 3A table 6-1): #DE, #DB, #BP, #OF, #BR, #UD,
 * #NM, #TS, #NP, #SS, #GP, #PF, #MF, #AC, #XM, #CP.  The code that runs has to answer for these.  NMI, #DF and
 * #MC are the machine's, as is an unexpected interrupt. */
#define RAISED_BY_CODE 0x2b7cfbu

static cpl3_trap_handler *current_handler;
static void (*timer_interrupt)(void), (*apic_interrupt)(void);

void trap_dispatch(struct trap_frame *frame);

static bool
fix_up(struct trap_frame *frame)
{
	if (frame->vector != VECTOR_GP && frame->vector != VECTOR_UD)
		return false;
	for (const struct exception_fixup *fixup = exception_table_start;
	        fixup < exception_table_end; fixup++) {
		if (fixup->faulting_rip == frame->rip) {
			frame->rip = fixup->resume_rip;
			return true;
		}
	}
	return false;
}

static bool
is_labs_own(uint64_t vector)
{
	return vector == TRAP_LAB_CPUID || vector == TRAP_LAB_SERVICE ||
	       (vector < 32 && (RAISED_BY_CODE >> vector & 1));
}

/* Called by trap_entry.S for every trap; returning resumes the interrupted code. */
void
trap_dispatch(struct trap_frame *frame)
{
	bool from_cpl3 = (frame->cs & 3) == 3;

	if (frame->vector == TRAP_TIMER)
		timer_interrupt();
	else if (frame->vector == TRAP_APIC && apic_interrupt) {
		apic_interrupt();
		return;
	} else if (frame->vector == TRAP_SPURIOUS_IRQ7 || frame->vector == TRAP_SPURIOUS_APIC)
		return;
	else if (!from_cpl3 && fix_up(frame))
		return;
	else if (!from_cpl3 || !is_labs_own(frame->vector))
		kernel_fault(frame);
	if (from_cpl3 && !current_handler(frame))
		trap_leave_cpl3();
}

void
trap_on_timer(void (*interrupt)(void))
{
	timer_interrupt = interrupt;
}

void
trap_on_apic(void (*interrupt)(void))
{
	apic_interrupt = interrupt;
}

void
run_at_cpl3(struct trap_frame *frame, cpl3_trap_handler *handler)
{
	current_handler = handler;
	frame->cs = SELECTOR_USER_CODE;
	frame->ss = SELECTOR_USER_DATA;
	trap_enter_cpl3(frame);
	current_handler = NULL;
}

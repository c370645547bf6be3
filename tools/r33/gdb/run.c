/* Let the machine in Bochs run: see run.h. */
#include "run.h"

enum { INTERRUPT_POLL_MS = 20, SHUT_DOWN = 2, CPL_MASK = 3 };

/* The registers come with each stop: one exchange instead of two. */
#define AND_REGISTERS "\nr\nsreg"

/* How privileged the code is that runs. */
static unsigned
privilege(const struct run *run)
{
	return run->debuggee.cpu.segments[CPU_CS].selector & CPL_MASK;
}

/* Is the machine in the kernel's code, at the begin of a trap? */
static bool
is_in_stub(const struct run *run)
{
	uint64_t pc = debuggee_pc(&run->debuggee);

	return privilege(run) == 0 && pc >= run->places.stubs_low && pc < run->places.stubs_high;
}

/* Send "c" or "s", and wait for the stop.  HALT_STEPPED: it has stopped, *stop says how. */
static enum halt
let_run(struct run *run, const char *command, struct stop *stop)
{
	struct bochs *bochs = &run->debuggee.bochs;
	int patience_ms = run->gdb < 0 ? run->timeout_ms : -1;

	debuggee_forget(&run->debuggee);
	bochs_send(bochs, command);
	for (;;) {
		switch (bochs_wait(
		        bochs, run->gdb, run->interrupted ? INTERRUPT_POLL_MS : patience_ms)) {
		case BOCHS_ANSWERED:
			answer_stop(bochs->text, stop);
			if (debuggee_take_registers(&run->debuggee, bochs->text))
				return HALT_STEPPED;
			run->debuggee.unintelligible = true;
			break;
		case BOCHS_OTHER:
			switch (run->hear(run->context)) {
			case HEARD_LEAVE: return HALT_LEFT;
			case HEARD_INTERRUPT: run->interrupted = true; break;
			case HEARD_NOTHING: break;
			}
			if (run->interrupted)
				bochs_interrupt(bochs);
			continue;
		case BOCHS_TIMED_OUT:
			if (!run->interrupted)
				return HALT_LEFT;
			bochs_interrupt(bochs);
			continue;
		case BOCHS_ENDING: return HALT_LEFT;
		case BOCHS_GONE: break;
		}
		run->debuggee.gone = true;
		return HALT_ENDED;
	}
}

/* Does gdb want this stop?  Bochs compares linear addresses only: the guest may run at one where the
 * kernel's code is in the host. */
static bool
is_wanted(struct run *run)
{
	uint64_t pc = debuggee_pc(&run->debuggee);

	if (!breakpoints_has(&run->breakpoints, pc))
		return false;
	if (pc < run->places.low || pc >= run->places.high)
		return true;
	return !debuggee_vmx(&run->debuggee) || run->debuggee.vmx != VMX_GUEST;
}

/* What a stop that no breakpoint explains means. */
static enum halt
explain_stop(struct run *run, const struct stop *stop, bool stepping)
{
	const struct wanted *watched;
	uint64_t activity = 0;

	if (stop->reason == STOP_WATCH_WRITE || stop->reason == STOP_WATCH_READ) {
		watched = breakpoints_watch(
		        &run->breakpoints, stop->watched, stop->reason == STOP_WATCH_WRITE);
		if (watched) {
			run->watched = *watched;
			return HALT_WATCHPOINT;
		}
	}
	if (run->interrupted)
		return HALT_INTERRUPTED;
	if (!stepping && bochs_parameter(&run->debuggee.bochs, "cpu0.activity_state", &activity) &&
	        activity == SHUT_DOWN)
		return HALT_SHUT_DOWN;
	return HALT_STEPPED;
}

/* Run to the next stop that means something, or to one of our own addresses. */
static enum halt
go_on(struct run *run, uint64_t own, uint64_t other_own)
{
	for (;;) {
		struct stop stop;
		enum halt halt = let_run(run, "c" AND_REGISTERS, &stop);
		uint64_t pc = debuggee_pc(&run->debuggee);

		if (halt != HALT_STEPPED)
			return halt;
		if (stop.reason != STOP_BREAKPOINT)
			return explain_stop(run, &stop, false);
		if (is_wanted(run))
			return HALT_BREAKPOINT;
		if (own && (pc == own || pc == other_own))
			return HALT_STEPPED;
	}
}

/* Breakpoints could not be set: has Bochs no room for them, or is there no Bochs any more? */
static enum halt
refused(const struct run *run)
{
	return run->debuggee.gone ? HALT_ENDED : HALT_REFUSED;
}

enum halt
run_continue(struct run *run)
{
	run->interrupted = false;
	if (!breakpoints_apply(&run->breakpoints, &run->debuggee))
		return refused(run);
	return go_on(run, 0, 0);
}

enum halt
run_until(struct run *run, uint64_t address)
{
	unsigned own = breakpoints_set_own(&run->breakpoints, &run->debuggee, address);
	enum halt halt = go_on(run, address, address);

	if (halt != HALT_ENDED && halt != HALT_LEFT)
		breakpoints_delete_own(&run->debuggee, own);
	return halt;
}

/*
 * The lab has trapped: run until it goes on.  HALT_STEPPED: it does, or its part is over, and the
 * machine is where the kernel knows that.
 */
static enum halt
run_through_trap(struct run *run)
{
	struct kernel_places *places = &run->places;
	unsigned back, end;
	enum halt halt;

	if (!places->interrupt_return || !breakpoints_apply(&run->breakpoints, &run->debuggee))
		return HALT_STEPPED;
	back = breakpoints_set_own(&run->breakpoints, &run->debuggee, places->interrupt_return);
	end = breakpoints_set_own(&run->breakpoints, &run->debuggee, places->part_end);
	do {
		struct stop stop;

		halt = go_on(run, places->interrupt_return, places->part_end);
		if (halt == HALT_STEPPED && debuggee_pc(&run->debuggee) == places->interrupt_return)
			halt = let_run(run, "s" AND_REGISTERS, &stop);
	} while (halt == HALT_STEPPED && !run->interrupted && privilege(run) == 0 &&
	         debuggee_pc(&run->debuggee) != places->part_end);
	if (halt != HALT_ENDED && halt != HALT_LEFT) {
		breakpoints_delete_own(&run->debuggee, back);
		breakpoints_delete_own(&run->debuggee, end);
	}
	return halt;
}

/* Is it the timer's?  Bochs' step is over after the first instruction of its handler. */
static bool
is_in_timer_stub(const struct run *run)
{
	uint64_t pc = debuggee_pc(&run->debuggee);

	return pc >= run->places.timer_low && pc < run->places.timer_high;
}

/* One instruction; a tick of the kernel's timer that comes first is not one of the lab's. */
static enum halt
step(struct run *run)
{
	struct stop stop;
	enum halt halt;

	do {
		unsigned before = run->debuggee.known ? privilege(run) : 0;

		halt = let_run(run, "s" AND_REGISTERS, &stop);
		if (halt != HALT_STEPPED)
			return halt;
		if (before == 0 || !is_in_stub(run) || !is_in_timer_stub(run))
			return explain_stop(run, &stop, true);
		halt = run_through_trap(run);
	} while (halt == HALT_STEPPED && !run->interrupted && privilege(run) != 0);
	return halt;
}

/* Watchpoints count while stepping, too. */
static bool
apply_watchpoints(struct run *run)
{
	for (int i = 0; i < run->breakpoints.count; i++) {
		if (run->breakpoints.wanted[i].type >= GDB_WATCH_WRITE)
			return breakpoints_apply(&run->breakpoints, &run->debuggee);
	}
	return true;
}

enum halt
run_step(struct run *run)
{
	run->interrupted = false;
	if (!apply_watchpoints(run))
		return refused(run);
	debuggee_registers(&run->debuggee);
	return step(run);
}

enum halt
run_step_range(struct run *run, uint64_t low, uint64_t high)
{
	uint64_t pc;

	run->interrupted = false;
	if (!apply_watchpoints(run))
		return refused(run);
	debuggee_registers(&run->debuggee);
	do {
		unsigned before = privilege(run);
		enum halt halt = step(run);

		if (halt == HALT_STEPPED && before != 0 && is_in_stub(run))
			halt = run_through_trap(run);
		if (halt != HALT_STEPPED)
			return halt;
		if (run->interrupted)
			return HALT_INTERRUPTED;
		pc = debuggee_pc(&run->debuggee);
		if (is_wanted(run))
			return HALT_BREAKPOINT;
	} while (pc >= low && pc < high);
	return HALT_STEPPED;
}

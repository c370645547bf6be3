/* Let the machine run: see run.h. */
#include "run.h"

enum { INTERRUPT_POLL_MS = 20, CPL_MASK = 3, MOST_RETRIES = 64 };

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

/* Let it run, or step, and wait for the stop.  HALT_STEPPED: it has stopped, *stop says how. */
static enum halt
let_run(struct run *run, bool step, struct stop *stop)
{
	struct debuggee *debuggee = &run->debuggee;
	const struct debugger *debugger = debuggee->debugger;
	int patience_ms = run->gdb < 0 ? run->timeout_ms : -1;

	debuggee_forget(debuggee);
	debugger->resume(debuggee, step);
	for (;;) {
		switch (debugger->wait(
		        debuggee, run->gdb, run->interrupted ? INTERRUPT_POLL_MS : patience_ms)) {
		case DEBUGGER_ANSWERED:
			if (debugger->stopped(debuggee, stop)) {
				debuggee_registers_are_known(debuggee);
				return HALT_STEPPED;
			}
			debuggee->unintelligible = true;
			break;
		case DEBUGGER_OTHER:
			switch (run->hear(run->context)) {
			case HEARD_LEAVE: return HALT_LEFT;
			case HEARD_INTERRUPT: run->interrupted = true; break;
			case HEARD_NOTHING: break;
			}
			if (run->interrupted)
				debugger->interrupt(debuggee);
			continue;
		case DEBUGGER_TIMED_OUT:
			if (!run->interrupted)
				return HALT_LEFT;
			debugger->interrupt(debuggee);
			continue;
		case DEBUGGER_ENDING: return HALT_LEFT;
		case DEBUGGER_GONE: break;
		}
		debuggee->gone = true;
		return HALT_ENDED;
	}
}

/* Does gdb want this stop?  Linear addresses are all that is compared: the guest may run at one where the
 * kernel's code is in the host. */
static bool
is_wanted(struct run *run)
{
	uint64_t pc = debuggee_pc(&run->debuggee);

	if (!breakpoints_has(&run->breakpoints, pc) || (run->ignored && pc == run->ignored))
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

	if (stop->reason == STOP_WATCH_WRITE || stop->reason == STOP_WATCH_READ) {
		watched = breakpoints_watch(&run->breakpoints, &run->debuggee, stop->watched,
		        stop->reason == STOP_WATCH_WRITE);
		if (watched) {
			run->watched = *watched;
			return HALT_WATCHPOINT;
		}
	}
	if (run->interrupted)
		return HALT_INTERRUPTED;
	if (!stepping && run->debuggee.debugger->is_shut_down(&run->debuggee))
		return HALT_SHUT_DOWN;
	return HALT_STEPPED;
}

/* Run to the next stop that means something, or to one of our own addresses. */
static enum halt
go_on(struct run *run, uint64_t own, uint64_t other_own)
{
	for (;;) {
		struct stop stop;
		enum halt halt = let_run(run, false, &stop);
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

/* Breakpoints could not be set: is there no room for them, or no machine any more? */
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

/* A breakpoint of our own, not gdb's. */
static unsigned
set_own(struct run *run, uint64_t address)
{
	return run->debuggee.debugger->set_breakpoint(&run->debuggee, address);
}

/* It is needed no more. */
static void
clear_own(struct run *run, unsigned number, uint64_t address)
{
	if (number > 0)
		run->debuggee.debugger->clear_breakpoint(&run->debuggee, number, address);
}

enum halt
run_until(struct run *run, uint64_t address)
{
	unsigned own = set_own(run, address);
	enum halt halt = go_on(run, address, address);

	if (halt != HALT_ENDED && halt != HALT_LEFT)
		clear_own(run, own, address);
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
	back = set_own(run, places->interrupt_return);
	end = set_own(run, places->part_end);
	do {
		struct stop stop;

		halt = go_on(run, places->interrupt_return, places->part_end);
		if (halt == HALT_STEPPED && debuggee_pc(&run->debuggee) == places->interrupt_return)
			halt = let_run(run, true, &stop);
	} while (halt == HALT_STEPPED && !run->interrupted && privilege(run) == 0 &&
	         debuggee_pc(&run->debuggee) != places->part_end);
	if (halt != HALT_ENDED && halt != HALT_LEFT) {
		clear_own(run, back, places->interrupt_return);
		clear_own(run, end, places->part_end);
	}
	return halt;
}

/* Is it the timer's?  A step is over after the first instruction of its handler. */
static bool
is_in_timer_stub(const struct run *run)
{
	uint64_t pc = debuggee_pc(&run->debuggee);

	return pc >= run->places.timer_low && pc < run->places.timer_high;
}

/*
 * Where the kernel performs VMX, the guest has left in the middle of a step: most exits of the processor are
 * none of the guest's, and the guest goes on.  HALT_STEPPED: it does, or this was a VM exit.
 */
static enum halt
run_through_exit(struct run *run)
{
	const struct kernel_places *places = &run->places;
	unsigned back, end;
	enum halt halt;

	if (!breakpoints_apply(&run->breakpoints, &run->debuggee))
		return HALT_STEPPED;
	back = set_own(run, places->svm_vmrun);
	end = set_own(run, places->svm_exit_point);
	run->ignored = places->svm_vmrun; /* this one is no VM entry */
	halt = go_on(run, places->svm_vmrun, places->svm_exit_point);
	run->ignored = 0;
	if (halt != HALT_ENDED && halt != HALT_LEFT) {
		clear_own(run, back, places->svm_vmrun);
		clear_own(run, end, places->svm_exit_point);
	}
	if (halt == HALT_STEPPED && debuggee_pc(&run->debuggee) == places->svm_vmrun) {
		struct stop stop;

		halt = let_run(run, true, &stop);
	}
	return halt;
}

static bool
is_in_guest(struct run *run)
{
	return debuggee_vmx(&run->debuggee) && run->debuggee.vmx == VMX_GUEST;
}

/* One instruction of the processor; in a guest whose VMX the kernel performs, one of the guest's. */
static enum halt
step_once(struct run *run, struct stop *stop)
{
	bool in_guest = run->debuggee.debugger->software_vmx && is_in_guest(run);
	uint64_t before = debuggee_pc(&run->debuggee);
	enum halt halt;

	for (unsigned i = 0; i < MOST_RETRIES; i++) {
		halt = let_run(run, true, stop);
		if (halt != HALT_STEPPED || !in_guest || is_in_guest(run))
			break;
		halt = run_through_exit(run);
		/* Was the instruction performed?  A page that was not mapped stops it for a while. */
		if (halt != HALT_STEPPED || run->interrupted || !is_in_guest(run) ||
		        debuggee_pc(&run->debuggee) != before)
			break;
	}
	return halt;
}

/* One instruction; a tick of the kernel's timer that comes first is not one of the lab's. */
static enum halt
step(struct run *run)
{
	struct stop stop = { 0 };
	enum halt halt;

	do {
		unsigned before = run->debuggee.known ? privilege(run) : 0;

		halt = step_once(run, &stop);
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

/* Let the machine run: to a breakpoint, a step, a line's worth of steps. */
#pragma once

#include "breakpoints.h"
#include "debuggee.h"

/* Places in the kernel that stepping through a trap needs; 0 = not known. */
struct kernel_places {
	uint64_t low, high;             /* the kernel's image */
	uint64_t stubs_low, stubs_high; /* where traps arrive */
	uint64_t timer_low, timer_high; /* the timer's of them */
	uint64_t interrupt_return;      /* the IRETQ that all traps end with */
	uint64_t kernel_main;
	uint64_t lab_limit_ticks;       /* a variable: for how long a part may run */
	uint64_t part_end;              /* trap_leave_cpl3(): the part does not go on */
	uint64_t vmcs_layout_wanted;    /* a variable: is the kernel to show where fields are? */
	uint64_t vmcs_layout_readings;  /* what it has found out: struct vmcs_readings */
	uint64_t vmcs_layout_region;    /* the VMCS it has tried that with; clear */
	uint64_t svm_vmrun, svm_vmexit; /* where the kernel performs VMX: VMRUN, and behind it */
	uint64_t svm_exit_point;        /* ... and where a VM exit is complete */
	uint64_t svm_shown;             /* struct svm_shown */
};

/* Why the machine has stopped. */
enum halt {
	HALT_STEPPED,
	HALT_BREAKPOINT,
	HALT_WATCHPOINT, /* run->watched */
	HALT_INTERRUPTED,
	HALT_SHUT_DOWN, /* triple fault */
	HALT_ENDED,     /* the machine is gone */
	HALT_LEFT,      /* gdb is gone */
	HALT_REFUSED,   /* there is no room for a breakpoint */
};

/* What gdb has to say while the machine runs. */
enum heard { HEARD_NOTHING, HEARD_INTERRUPT, HEARD_LEAVE };

/* Breakpoints of our own at one time, besides gdb's: run_through_trap() in run_until(). */
enum { OWN_BREAKPOINTS = 3 };

struct run {
	struct machine *machine;
	struct debuggee debuggee;
	struct breakpoints breakpoints;
	struct kernel_places places;
	struct wanted watched;
	int gdb; /* the file gdb's packets come from; -1 = there is none yet */
	enum heard (*hear)(void *context); /* read what has come on it */
	void *context;
	int timeout_ms; /* of a run without gdb: then the machine is taken for lost */
	bool interrupted;
	uint64_t ignored; /* gdb's breakpoint here does not count now; 0 = none */
};

/* Until a breakpoint, or something unexpected. */
enum halt run_continue(struct run *run);

/* One instruction: also into a trap, into the guest, or out of it. */
enum halt run_step(struct run *run);

/* While the linear PC is in [low, high).  A trap into the kernel is one step. */
enum halt run_step_range(struct run *run, uint64_t low, uint64_t high);

/* Until this linear address, whatever gdb wants. */
enum halt run_until(struct run *run, uint64_t address);

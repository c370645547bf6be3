/* Enter the guest of the current VMCS until it is done. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmx/backend.h"

enum guest_end {
	GUEST_VMFAIL,       /* VMLAUNCH failed: error_number, 0 for VMfailInvalid */
	GUEST_ENTRY_FAILED, /* exit reason with bit 31: 33 or 34 */
	GUEST_EXITED,       /* it ran, and left by reason */
	GUEST_TIMED_OUT,    /* it ran for longer than any test guest needs */
	GUEST_KEPT_OUT,     /* not entered: its link pointer leads to memory of others */
};

struct guest_outcome {
	enum guest_end end;
	uint32_t error_number;
	unsigned reason; /* basic exit reason */
	uint64_t qualification;
	uint64_t rip;          /* GUEST_RIP at the exit */
	uint32_t interruption; /* VM-exit interruption information, for exceptions */
	uint32_t interruption_error;
	uint64_t guest_physical; /* EPT violations */
	uint64_t rax;
};

/* Launch and resume until the guest exits for a reason of its own.  Timer exits are the harness's
 * business: a guest that runs into its limit (0: what is enough for most) has timed out. */
void guest_run(struct guest_outcome *outcome, unsigned limit_ticks);

/* The same for a guest whose preemption timer is its own: VM exits that it causes are the guest's,
 * and the kernel's timer limits it, less generously.  A tick has just come: the next one does not
 * disturb a guest that runs for less. */
void guest_run_with_own_timer(struct guest_outcome *outcome);

/* Would nothing end a guest that is entered in the current VMCS's state?  One that waits for a SIPI
 * hears nothing else; without a preemption timer Bochs lets none go that is shut down, or halted with
 * interrupts off.
 * Such a state must not be entered, if it breaks no rule. */
bool guest_sleeps_for_ever(void);
#define GUEST_SLEEPS_FOR_EVER \
	"the state that you left breaks no rule, but nothing would ever wake the guest, so the " \
	"entry was not tried"

/* Only try the entry: where there is a preemption timer, the guest leaves before its first
 * instruction. */
void guest_try_entry(struct guest_outcome *outcome);

/* Have all checks made, and the guest not entered: what passes them ends in GUEST_ENTRY_FAILED with
 * EXIT_REASON_MSR_LOADING.  For guests that nothing would end. */
void guest_try_checks(struct guest_outcome *outcome);

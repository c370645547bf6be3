/* Guests that execute no instruction, and the timer that wakes us. */
#include "vmx/svm/wait.h"

#include <r33/controls.h>
#include <r33/non_register.h>

#include "cpu/fault.h"
#include "cpu/x86.h"
#include "dev/apic.h"
#include "dev/timer.h"
#include "rules/names.h"

void
svm_wait_or_run(struct svm_guest *guest, void (*wait)(struct svm_guest *guest))
{
	uint64_t begin, passed;

	if (!guest->timer_runs) {
		wait(guest);
		return;
	}
	begin = read_time_stamp_counter();
	apic_timer_start(guest->timer_left);
	wait(guest);
	passed = read_time_stamp_counter() - begin;
	guest->timer_left -= passed < guest->timer_left ? passed : guest->timer_left;
}

static void
sleep(struct svm_guest *guest)
{
	(void)guest;
	halt_until_interrupt();
}

enum svm_verdict
svm_wait(struct svm_guest *guest)
{
	uint64_t ticks = timer_ticks();
	bool takes_interrupts =
	        (guest->pin & PIN_EXTERNAL_INTERRUPT_EXITING) && guest->activity == ACTIVITY_HLT;

	if (guest->activity == ACTIVITY_WAIT_FOR_SIPI || (!guest->timer_runs && !takes_interrupts))
		kernel_panic(
		        "a guest in activity state %u: nothing would ever end it", guest->activity);
	for (;;) {
		if (svm_timer_has_run_out(guest))
			return svm_exit(guest, EXIT_REASON_PREEMPTION_TIMER);
		if (takes_interrupts && timer_ticks() != ticks)
			return svm_exit(guest, EXIT_REASON_EXTERNAL_INTERRUPT);
		svm_wait_or_run(guest, sleep);
	}
}

/* Off. */
#pragma once

/* How a run ends; docs/record-stream.md has the table. */
enum end_status {
	END_DONE = 0,
	END_HARNESS = 1,
	END_KERNEL_FAULT = 2,
	END_UNSUITABLE_PROCESSOR = 3,
	END_UNUSABLE_BOOT = 4,
};

/* From now on power_off() only halts: the screen stays as it is.  Real machines have other devices at those
 * ports, or none. */
void power_stay_on(void);

/*
 * Drain the serial ports and switch the machine off.  The status was written to the record
 * stream before, where the host reads it on every engine; QEMU gets it as its exit status too
 * (2 * status + 1), a real machine just halts.
 */
__attribute__((noreturn)) void power_off(enum end_status status);

/* The end of a run: a fault of the kernel itself, or a machine it cannot work on. */
#pragma once

#include "cpu/trap.h"

/* Print registers and a backtrace on the console, bail out on the record stream, power off. */
__attribute__((noreturn)) void kernel_fault(const struct trap_frame *frame);

/* The same for a contradiction the kernel noticed itself; format as in console_printf(). */
__attribute__((noreturn, format(printf, 1, 2))) void kernel_panic(const char *format, ...);

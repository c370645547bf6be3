/* The end of a run: a fault of the kernel itself, or a machine it cannot work on. */
#pragma once

#include "cpu/trap.h"

/* Who is told: print gets text for people; end gets the sentence for the record, and does not return. */
struct last_words {
	__attribute__((format(printf, 1, 2))) void (*print)(const char *format, ...);
	__attribute__((noreturn)) void (*end)(const char *sentence);
};

/* To be called before anything can go wrong. */
void kernel_fault_tells(const struct last_words *last_words);

/* Print registers and a backtrace, and end. */
__attribute__((noreturn)) void kernel_fault(const struct trap_frame *frame);

/* The same for a contradiction the kernel noticed itself; format as in lib/format.h. */
__attribute__((noreturn, format(printf, 1, 2))) void kernel_panic(const char *format, ...);

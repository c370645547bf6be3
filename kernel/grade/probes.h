/*
 * Probes: what a test guest is to try, one thing after the other, and how it ended.
 *
 * The kernel writes a list of them into the guest's memory; the guests segments64.S, segments32.S
 * and segments16.S (tests/guests/segments.inc) work through it.  What a probe reads goes to the
 * report page.  A probe that makes the guest exit (an exception, IN) is noted by the kernel in the
 * guest's registers, and the guest goes on with the next one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../tests/guests/report.h"
#include "grade/guest_run.h"

/* As the guests read it; the kinds are in report.h. */
struct probe {
	uint32_t kind;
	uint32_t operand; /* selector or port */
	uint64_t offset;
};

/* What a probe leaves on the report page when it did not come to its end: an exit with this
 * reason, for exceptions with this vector. */
#define PROBE_RESULT_EXIT(reason, vector, error_code) \
	((uint64_t)PROBE_EXITED << 32 | (uint64_t)(reason) << 40 | (uint64_t)(vector) << 32 | \
	        (error_code))

/* In words; the text is valid until the next call. */
const char *probe_result_text(uint64_t result);

/* Write the list, and the ruler that memory probes read, into the guest's memory. */
void probes_place(const struct probe *probes, size_t count);

/* What a load of 4 bytes from this linear address finds on the ruler. */
uint32_t probes_ruler_value(uint64_t linear);

/* The guest has exited.  If a probe was the cause, put its result into the registers and RIP
 * after it; the guest is then to be resumed. */
bool probes_continue(const struct guest_outcome *outcome, struct guest_registers *registers);

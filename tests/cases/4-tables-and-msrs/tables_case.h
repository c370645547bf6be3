/* What all cases of lab 4 have in common. */
#pragma once

#include <r33/control_registers.h>
#include <r33/msr.h>

#include "grade/case.h"
#include "grade/guest_msrs.h"

/* Its guests read their MSRs and take #DB, #UD, #GP and #PF in handlers of their own. */
#define TABLES_CASE \
	.lab = 4, .handlers = true, .own_exceptions = 1u << 1 | 1u << 6 | 1u << 13 | 1u << 14, \
	GUEST_READS_MSRS

/* The usual guests. */
#define PLAIN_64_BIT .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE
#define PLAIN_PAE    .mode = GUEST_32BIT_PAE, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE
#define PLAIN_32_BIT .mode = GUEST_32BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PSE

#define LOADS(control)         .controls.on[ENTRY_CONTROLS] = (control)
#define DOES_NOT_LOAD(control) .controls.off[ENTRY_CONTROLS] = (control)
#define RESTORES(control)      .controls.on[EXIT_CONTROLS] = (control)

/* CET needs CR0.WP; its host state must come back. */
#define CET_64_BIT .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG | CR0_WP, .cr4 = CR4_PAE | CR4_CET

/* For test_case.skip. */
static inline const char *
needs_counters(const struct capabilities *capabilities)
{
	return capabilities->perf_global_ctrl_bits
	               ? NULL
	               : "this guest needs performance counters that CPUID reports";
}

/* Call one part of a module at CPL 3, and write down what it did. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <r33/guest.h>

#include "lab/decode.h"
#include "lab/module.h"
#include "lab/parts.h"
#include "vmx/regions.h"

#define LAB_MAX_WRITES     64
#define LAB_MAX_VIOLATIONS 8
#define LAB_OUTPUT_BYTES   1024 /* what the report keeps of lab_printf() */
#define LAB_CONSOLE_BYTES  8192 /* what the console shows of it */

enum lab_end { LAB_RETURNED, LAB_FAULTED, LAB_TIMED_OUT };

/* The last VMWRITE to a field, and the instruction that did it. */
struct lab_write {
	uint32_t field;
	uint64_t value;
	uint64_t rip;
};

/* Something the part tried that is not its own. */
struct lab_violation {
	enum instruction_kind instruction;
	uint64_t rip;
	uint32_t field; /* VMREAD and VMWRITE */
	uint64_t value; /* VMWRITE */
	const char *reason;
};

struct lab_fault {
	unsigned vector;
	uint64_t error_code;
	uint64_t rip;
	uint64_t address; /* #PF */
	enum instruction_kind instruction;
};

struct lab_log {
	enum lab_end end;
	uint64_t returned; /* when it returned */
	uint64_t last_rip; /* when it timed out */
	struct lab_fault fault;
	size_t write_count;
	struct lab_write writes[LAB_MAX_WRITES];
	size_t violation_count; /* all; the first 8 are kept */
	struct lab_violation violations[LAB_MAX_VIOLATIONS];
	size_t output_bytes; /* all; the first 1024 are kept */
	char output[LAB_OUTPUT_BYTES];
};

/* Run the module's part for this guest on the current VMCS. *log is filled from scratch. */
void lab_run(const struct module *module, const struct part *part, const struct guest *guest,
        const struct vmcs_pool *pool, struct lab_log *log);

/*
 * The same in steps, for a part that is called with registers which the caller chooses: memory and
 * front end afresh, with a time limit for all calls together
 * (each has that of lab_run() besides); then any number of calls of vmenter().
 * log->end tells how a call ended; when it returned, *frame has the registers found then.  x87, SSE
 * and AVX registers and CR2 go through, DR0 to DR3 and DR6 are those of the front end.
 */
struct front_end;
struct trap_frame;
struct front_end *lab_begin(const struct module *module, const struct part *part,
        const struct guest *guest, const struct vmcs_pool *pool, uint64_t limit_ticks,
        struct lab_log *log);
void lab_call(struct trap_frame *frame);

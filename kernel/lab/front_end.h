/*
 * The trap front end: performs the instruction at which lab code trapped, on its behalf, if the
 * part may execute it.  Trap-and-emulate, the subject of the course, one level down.
 *
 * Flags and the VM-instruction error come back as the architecture defines them (SDM 3C 31.2),
 * so that a lab's own error handling is tested too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cpu/trap.h"
#include "lab/decode.h"
#include "lab/run.h"
#include "vmx/backend.h"
#include "vmx/regions.h"

struct front_end {
	const struct module *module;
	const struct part *part;
	const struct vmcs_pool *pool;
	struct lab_log *log;
	uint32_t instruction_error; /* what VM_INSTRUCTION_ERROR shows the lab */
	uint64_t current_vmcs;      /* ~0: none, as after VMCLEAR of it */
	uint64_t next_rip;          /* where the lab goes on */
	uint64_t deadline_tsc;      /* the same, by the time-stamp counter */
	uint64_t deadline_ticks;    /* when its time is up */
	uint64_t host_rip;          /* the lab's own, for a part that may enter */
	uint64_t host_rsp;
	uint64_t dr[4]; /* the lab's; the processor's only while the guest runs */
	uint64_t dr6;
	uint64_t last_tick;          /* of all calls by lab_call() */
	uint64_t return_rip;         /* of lab_call(), after its INT 33h */
	struct trap_frame *returned; /* the registers found there */
};

#define NO_CURRENT_VMCS (~0ull)

/* Watches a part that enters a guest; NULL: not watched.  before: false ends the part
 * instead of entering.  after: also of an entry that failed. */
struct entry_watch {
	bool (*before)(const struct guest_registers *registers, uint64_t deadline_ticks);
	void (*after)(enum vmx_result result, const struct guest_registers *registers);
};
extern const struct entry_watch *front_end_watch;

void front_end_init(struct front_end *front_end, const struct module *module,
        const struct part *part, const struct vmcs_pool *pool, struct lab_log *log);

/* Perform the instruction at frame->rip.  True: done, continue after it (or, after a VM exit, at the
 * lab's HOST_RIP).  False: it is none that a lab may execute, or its memory operand is not the
 * lab's; *log has the details of the fault. */
bool front_end_perform(struct front_end *front_end, struct trap_frame *frame);

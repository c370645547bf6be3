/* Lab 7: one call of vmenter(), with everything that went in and came out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "context_case.h"
#include "cpu/trap.h"
#include "grade/result.h"
#include "lab/module.h"

struct call {
	enum call_kind kind;
	const struct module *module;
	struct front_end *front_end;
	struct register_context caller;       /* what its caller had */
	struct register_context guest_before; /* what the context held */
	struct register_context guest_found;  /* what the guest found */
	struct register_context guest_leaves; /* what it left */
	struct register_context context;      /* what the context holds afterwards */
	struct register_context after;        /* what its caller found */
	struct trap_frame returned;
	uint64_t rsp;       /* at the call */
	bool stack_changed; /* above that */
};

/* Does a call of this kind enter the guest?  Does it say launched = true?  What must it return?
 * With which VM-instruction error, if any? */
bool call_enters(enum call_kind kind);
bool call_resumes(enum call_kind kind);
enum vmenter_result call_result(enum call_kind kind);
uint32_t call_error(enum call_kind kind);

/* " without a current VMCS", or nothing. */
const char *call_circumstances(enum call_kind kind);

/* Call it, with values made from the seed; the VMCS and call->kind are as they are to be. */
void call_vmenter(struct call *call, uint32_t seed);

/* All memory of the lab that was written since lab_begin(), in a number.  The part decides how much that
 * is: the time it takes is the part's, and shortens what is left for all calls. */
uint64_t call_memory_hash(const struct call *call);

/* These return true when all is well; otherwise the differences are in *result.  The guest found
 * its own registers; nothing of the caller's; the context holds what it must afterwards. */
bool guest_found_all(struct case_result *result, const struct call *call, unsigned groups);
bool guest_found_no_caller(struct case_result *result, const struct call *call);
bool context_holds_all(struct case_result *result, const struct call *call, unsigned groups);

/* Lengthen the sentence of *result by what differs. */
void name_differences(struct case_result *result);

/* What vmenter()'s caller finds; *result gets its outcome, too. */
bool judge_caller(struct case_result *result, const struct call *call, unsigned look);

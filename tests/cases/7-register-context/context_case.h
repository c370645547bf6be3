/* What a case of lab 7 consists of: calls of vmenter(), and what is looked at after each. */
#pragma once

#include <stdint.h>

#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/contexts.h"

enum call_kind {
	NO_MORE_CALLS,
	LAUNCH,       /* VMLAUNCH of a clear VMCS: the guest runs, up to its VMCALL */
	RESUME,       /* VMRESUME of a launched one: likewise */
	NO_VMCS,      /* VMLAUNCH without a current VMCS: VMfailInvalid */
	RESUME_CLEAR, /* VMRESUME of a clear VMCS: VMfailValid */
	LAUNCH_AGAIN, /* VMLAUNCH of a launched one: VMfailValid */
	INVALID_GUEST /* VMLAUNCH with RFLAGS = 0: a VM exit with exit reason 33 */
};

#define CALLS_MAX 4

/* Beside the groups of registers (grade/contexts.h). */
#define LOOK_CALLER_VALUES (1u << 0) /* in the guest: nothing of vmenter()'s caller */
#define LOOK_GUEST_VALUES  (1u << 1) /* in the caller: nothing of the guest */
#define LOOK_CALLEE_SAVED  (1u << 2) /* RBX, RBP, R12 to R15, RSP, and the caller's stack */
#define LOOK_CONTROL_WORDS (1u << 3) /* x87 control word and MXCSR */
#define LOOK_FLAGS         (1u << 4) /* DF and its like */
#define LOOK_AT_ALL        31u

struct context_case {
	enum call_kind calls[CALLS_MAX];
	unsigned groups;      /* that the guest must find, and the context must hold afterwards */
	unsigned look;        /* set of LOOK_... */
	bool failures_only;   /* groups and look count after calls that do not enter */
	uint32_t round_trips; /* 0, or: the last call is repeated until there are that many */
};

/* All cases have the same guest, which uses XSAVE where it can. */
#define CONTEXT_GUEST \
	.image = "context64", .guest = { .mode = GUEST_64BIT, \
		.cr0 = CR0_PE | CR0_PG, \
		.cr4 = CR4_PAE | CR4_OSFXSR, \
		.cr4_optional = CR4_OSXSAVE }

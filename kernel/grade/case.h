/*
 * Cases and judges: what is graded.
 *
 * A case is one file in tests/cases/LAB/, graded in the order of the file names; a lab's judge
 * (tests/cases/LAB/judge.c) knows what the processor makes of a wish.  Both find their way into
 * the kernel by linker sections: adding a file is enough.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <r33/guest.h>

#include "grade/probes.h"
#include "rules/capabilities.h"
#include "vmx/controls.h"

/* How the guest must come to its end. */
enum guest_expectation {
	EXPECT_DONE, /* by reporting, and with what it should have seen */
	EXPECT_TIME_OUT,
	EXPECT_EXIT, /* by test_case.exit_reason */
	/* Not at all: nothing would ever wake it.  The processor shows that it accepts the state, and the
	 * entry then fails in loading an MSR (exit reason 34), which comes after all checks. */
	EXPECT_ACCEPTED,
};

struct test_case {
	unsigned lab;
	const char *id;    /* stable, unique in its lab: "enter-64-bit" */
	const char *title; /* what is asked, for people */
	unsigned points;   /* all cases of a lab together: 100 */
	const char *image; /* the guest: tests/guests/IMAGE.S */
	/* Mode and wishes.  cr3, rip, rsp and rflags are added to what guest_place() fills in; what
	 * other labs answer for it fills in alone. */
	struct guest guest;
	enum guest_expectation expectation;
	unsigned exit_reason; /* for EXPECT_EXIT */
	unsigned limit_ticks; /* how long it may run, in ticks of the timer; 0: as long as most */
	bool interrupts_off;  /* the guest wishes for RFLAGS.IF = 0 */
	bool handlers;        /* its image has handlers: they get gates in its IDT */
	uint32_t own_exceptions; /* a bit for each exception it takes itself: the others exit */
	/* Controls that this guest needs otherwise than most (vmx/controls.h); a processor that does
	 * not allow them cannot pose the case.  write_controls fills the control fields that these
	 * need; NULL: none. */
	struct control_wish controls;
	void (*write_controls)(const struct guest *guest);
	bool own_timer; /* the preemption timer is the guest's, and does not watch over it */
	/* The preemption timer that the lab sees is slower than the processor's by this power of 2. */
	unsigned timer_shift;
	/* For wishes that depend on the processor; NULL: none. */
	void (*adjust)(struct guest *guest, const struct capabilities *capabilities);
	/* Why this processor cannot pose the case, or NULL.  NULL: as far as the controls go, it can. */
	const char *(*skip)(const struct capabilities *capabilities);
	/* What only this lab's judge understands; NULL: nothing. */
	const void *details;
	/* The case's legal twin: a refusal earns points only if the twin was entered. */
	const char *twin;
	const char *hint;
};

/* TEST_CASE = { .lab = 1, … }; once in a file. */
#define TEST_CASE \
	static const struct test_case test_case; \
	static const struct test_case *const test_case_entry \
	        __attribute__((used, section(".cases"))) = &test_case; \
	static const struct test_case test_case

extern const struct test_case *const cases_start[], *const cases_end[];

/* For test_case.skip: without PE or PG the reference can make no guest, whatever the lab does. */
static inline const char *
needs_unrestricted_guest(const struct capabilities *capabilities)
{
	return capabilities->unrestricted_guest
	               ? NULL
	               : "this guest needs unrestricted guest, which the processor does not have";
}

/* For test_case.skip: the fields GUEST_PDPTE0 to 3 exist, and are used. */
static inline const char *
needs_pdpte_fields(const struct capabilities *capabilities)
{
	return capabilities->ept ? NULL : "without EPT this processor takes the PDPTEs from memory";
}

/* A slot of the guest's report, and what it must hold under the mask. */
struct observation {
	const char *name;
	unsigned slot;
	uint64_t expected;
	uint64_t mask;
	const char *(*describe)(uint64_t value); /* NULL, or it returns NULL: shown as a number */
	bool decimal;                            /* which is one that people count in */
	uint32_t field;                          /* the VMCS field it comes from, 0: none */
	uint64_t field_mask;                     /* its bits that must be as in expected */
	const char *by; /* who saw it: "kernel", "caller" or "context" (lab 7); NULL: the guest */
	uint32_t saved_field; /* not 0: as the VM exit saved it there, instead of the slot */
};

#define MAX_OBSERVATIONS 128
#define MAX_PART_FIELDS  40
#define MAX_ALL_FIELDS   96 /* of all parts, for those that write a whole guest */

struct verdict_input;
struct case_result;

struct judge {
	unsigned lab;
	/* For a lab whose part does something else than fill fields: run it and decide.  The functions
	 * from only_values() to probes() are not called then. */
	void (*conduct)(const struct verdict_input *input, struct case_result *result);
	/*
	 * The only values worth trying for this guest, in the order of the part's fields: the wish, with
	 * what the processor demands.  The rules decide whether they can be entered: if they cannot,
	 * nothing can, and the part has to refuse.  After the fields there is room for what else the
	 * functions below must know of the processor.
	 */
	void (*only_values)(const struct guest *guest, const struct capabilities *capabilities,
	        uint64_t *values);
	/* What a guest entered with these values sees; returns how many. */
	size_t (*observations)(const struct guest *guest, const uint64_t *values,
	        struct observation *observations);
	/* What more there is to see, depending on how the case makes its guest end; after the others.
	 * NULL: nothing. */
	size_t (*end_observations)(const struct test_case *test, const struct guest *guest,
	        const uint64_t *values, struct observation *observations);
	/* What the kernel itself sees when the guest has ended: more slots of the report.  NULL: none. */
	void (*collect)(const struct guest *guest, const uint64_t *values, uint64_t *report);
	/* What the guest is to try (at most PROBES_MAX); returns how many.  NULL: nothing. */
	size_t (*probes)(const struct guest *guest, const uint64_t *values, struct probe *probes);
	/* What of this guest the engine cannot show, for the report; NULL: it shows all.  NULL: always. */
	const char *(*engine_note)(const struct guest *guest, const uint64_t *values);
	/* The wish for the report of a failed case: what this lab's part has to look at. */
	void (*describe_wish)(const struct guest *guest, char *text, size_t size);
};

/* JUDGE = { .lab = 1, … }; */
#define JUDGE \
	static const struct judge judge; \
	static const struct judge *const judge_entry __attribute__((used, section(".judges"))) = \
	        &judge; \
	static const struct judge judge

extern const struct judge *const judges_start[], *const judges_end[];

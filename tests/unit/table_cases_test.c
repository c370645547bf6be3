/*
 * Unit tests of lab 4's cases and judge.  What must be refused comes from an oracle written from the
 * text of SDM 3C 27.3.1.1 and 27.3.1.3, which shares no name and no mask with the rules; what guests
 * see is written down by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/bits.h>

#include "../tests/guests/tables.h"
#include "case_list.h"
#include "grade/guest_memory.h"
#include "guest_msrs_fake.h"

#define LAB        4
#define UPPER_HALF 0xffff800000000000ull
#define LONG_MODE  0x500 /* LME and LMA */

/* VM-entry controls. */
#define DEBUG_CONTROLS 2
#define IA32E_MODE     9
#define COUNTERS       13
#define PAT            14
#define EFER           15
#define CET            20
#define USUAL_CONTROLS (BIT(DEBUG_CONTROLS) | BIT(PAT) | BIT(EFER))

#define GENERAL_COUNTERS 4
#define FIXED_COUNTERS   3

static const struct capabilities processor = {
	.linear_address_width = 48,
	.unrestricted_guest = true,
	.perf_global_ctrl_bits = 0x1000700000000 | 0xf,
};

static uint32_t
controls_of(const struct test_case *test)
{
	uint32_t controls = USUAL_CONTROLS & ~test->controls.off[ENTRY_CONTROLS];
	bool ia32e = test->guest.mode == GUEST_64BIT || test->guest.mode == GUEST_COMPATIBILITY;

	return controls | test->controls.on[ENTRY_CONTROLS] | (ia32e ? BIT(IA32E_MODE) : 0);
}

/* The wish as the part gets it: what the kernel adds to a case, done here once more. */
static struct guest
wish_of(const struct test_case *test)
{
	struct guest guest = test->guest;

	guest.ia32e_mode = controls_of(test) >> IA32E_MODE & 1;
	guest.gdt_base += 0x1002000;
	guest.gdt_limit += 0xff;
	guest.idt_base += 0x1002800;
	guest.idt_limit += 0x7ff;
	guest.dr7 |= BIT(10);
	guest.pat = guest.pat ? guest.pat : FAKE_HOST_PAT;
	guest.efer ^= guest.ia32e_mode ? LONG_MODE : 0;
	if (test->adjust)
		test->adjust(&guest, &processor);
	return guest;
}

/* Bits 63:47 are all 0 or all 1. */
static bool
is_address(uint64_t value)
{
	return value < BIT(47) || value >= UPPER_HALF;
}

static unsigned
broken_pat_entries(uint64_t pat)
{
	unsigned broken = 0;

	for (unsigned entry = 0; entry < 8; entry++, pat >>= 8)
		switch (pat & 255) {
		case 0:
		case 1:
		case 4:
		case 5:
		case 6:
		case 7: break;
		default: broken++;
		}
	return broken;
}

/* LMA is the control; LMA is LME if there is paging; nothing else but SCE and NXE. */
static unsigned
broken_by_efer(const struct guest *guest)
{
	unsigned lme = guest->efer >> 8 & 1, lma = guest->efer >> 10 & 1;
	unsigned broken = lma != guest->ia32e_mode;

	broken += lma != lme && guest->cr0 >> 31;
	for (unsigned bit = 0; bit < 64; bit++)
		if (bit != 0 && bit != 8 && bit != 10 && bit != 11 && (guest->efer & BIT(bit)))
			return broken + 1;
	return broken;
}

static unsigned
broken_by_counters(uint64_t counters)
{
	for (unsigned bit = 0; bit < 64; bit++)
		if ((counters & BIT(bit)) && bit >= GENERAL_COUNTERS &&
		        (bit < 32 || bit >= 32 + FIXED_COUNTERS))
			return 1;
	return 0;
}

static unsigned
broken_by_cet(const struct guest *guest)
{
	bool reserved = false;

	for (unsigned bit = 6; bit <= 9; bit++)
		reserved = reserved || (guest->s_cet & BIT(bit));
	return reserved + (guest->ssp % 4 != 0) + !is_address(guest->ssp) +
	       !is_address(guest->interrupt_ssp_table);
}

/* How many sentences of the SDM this wish breaks. */
static unsigned
broken_sentences(const struct test_case *test)
{
	struct guest guest = wish_of(test);
	uint32_t controls = controls_of(test);
	unsigned broken = !is_address(guest.gdt_base) + !is_address(guest.idt_base) +
	                  (guest.gdt_limit > 65535) + (guest.idt_limit > 65535) +
	                  !is_address(guest.sysenter_esp) + !is_address(guest.sysenter_eip);

	if (controls & BIT(DEBUG_CONTROLS))
		broken += (guest.dr7 >= BIT(32)) + ((guest.debugctl & (BIT(3) | BIT(4) | BIT(5))) ||
		                                           guest.debugctl >= BIT(16));
	if (controls & BIT(COUNTERS))
		broken += broken_by_counters(guest.perf_global_ctrl);
	if (controls & BIT(PAT))
		broken += broken_pat_entries(guest.pat);
	if (controls & BIT(EFER))
		broken += broken_by_efer(&guest);
	if (controls & BIT(CET))
		broken += broken_by_cet(&guest);
	return broken;
}

/* "Is refused", says a title: for one sentence alone; but LMA that contradicts its control may. */
static void
titles_tell_the_answer(void **state)
{
	size_t refusals = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		unsigned broken = broken_sentences(cases_start[i]);

		assert_int_equal(cases_start[i]->lab, LAB);
		refusals += is_refused(cases_start[i]);
		if (broken != (unsigned)is_refused(cases_start[i]))
			fail_msg("%s breaks %u rules", cases_start[i]->id, broken);
	}
	assert_in_range(refusals, 14, CASE_COUNT - 14);
}

/* Each refusal has a twin with the same controls that can be entered; both are skipped together. */
static void
refusals_have_twins(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i], *twin;

		if (!is_refused(test))
			continue;
		assert_non_null(test->twin);
		twin = find(test->twin);
		assert_false(is_refused(twin));
		assert_memory_equal(&test->controls, &twin->controls, sizeof(test->controls));
		assert_ptr_equal(
		        test->skip == NULL ? NULL : test, twin->skip == NULL ? NULL : test);
	}
}

/* The control of each group is on in one case that names it, and off in another. */
static void
controls_are_on_and_off(void **state)
{
	static const unsigned controls[] = { DEBUG_CONTROLS, PAT, EFER, CET };

	(void)state;
	for (size_t c = 0; c < COUNT(controls); c++) {
		bool on = false, off = false;

		for (size_t i = 0; i < CASE_COUNT; i++) {
			const struct control_wish *wish = &cases_start[i]->controls;

			on = on || (wish->on[ENTRY_CONTROLS] & BIT(controls[c]));
			off = off || (wish->off[ENTRY_CONTROLS] & BIT(controls[c]));
		}
		assert_true(on && off);
	}
}

static const struct observation *
find_observation(const struct test_case *test, unsigned slot, struct observation *observations)
{
	struct guest guest = wish_of(test);
	uint64_t values[MAX_PART_FIELDS];
	size_t count;

	fake_entry_controls = controls_of(test);
	judges_start[0]->only_values(&guest, &processor, values);
	count = judges_start[0]->observations(&guest, values, observations);
	for (size_t i = 0; i < count; i++)
		if (observations[i].slot == slot)
			return &observations[i];
	fail_msg("%s: nobody looks at slot %u", test->id, slot);
	return NULL;
}

/* What must be seen in each case, worked out by hand. */
static void
guests_see_what_they_must(void **state)
{
	static const struct {
		const char *id;
		unsigned slot;
		uint64_t expected;
	} rows[] = {
		{ "plain-64-bit", REPORT_UNDEFINED, 0x106 },
		{ "plain-64-bit", REPORT_INTERRUPT, 0x130 },
		{ "plain-64-bit", REPORT_BREAKPOINTS, 0 },
		{ "plain-64-bit", REPORT_EXECUTE_DISABLE, 0x90000010e },
		{ "plain-64-bit", REPORT_SYSCALL, 0x106 },
		{ "plain-64-bit", REPORT_SYSENTER, 0x10d },
		{ "plain-64-bit", REPORT_EFER, 0x500 },
		{ "tables-in-upper-half", REPORT_GDT_BASE, 0xffff800001002000 },
		{ "short-idt", REPORT_INTERRUPT, 0x1820000010d },
		{ "short-idt", REPORT_IDT_LIMIT, 0x77 },
		{ "breakpoint", REPORT_BREAKPOINTS, 1 },
		{ "breakpoint-at-datum", REPORT_BREAKPOINTS, 2 },
		{ "breakpoint-at-datum", REPORT_DR7, 0xd00008 },
		{ "debug-controls-not-loaded", REPORT_BREAKPOINTS, 0 },
		{ "debug-controls-not-loaded", REPORT_DR7, 0 },
		{ "sysenter-64-bit", REPORT_SYSENTER, 0xffff800001011400 },
		{ "sysenter-64-bit", REPORT_SYSENTER_SELECTORS, 0x100008 },
		{ "sysenter-32-bit", REPORT_SYSENTER_STACK, 0x1037000 },
		{ "sysenter-32-bit", REPORT_EXECUTE_DISABLE, 0xca11 },
		{ "execute-disable", REPORT_EXECUTE_DISABLE, 0x110000010e },
		{ "execute-disable-pae", REPORT_EXECUTE_DISABLE, 0x110000010e },
		{ "execute-disable-pae", REPORT_EFER, 0x801 },
		{ "syscall", REPORT_SYSCALL, 0x5ca11 },
		{ "long-mode-enabled", REPORT_EFER, 0x100 },
		{ "efer-not-loaded", REPORT_EFER, FAKE_HOST_EFER },
		{ "efer-not-loaded", REPORT_EXECUTE_DISABLE, 0x110000010e },
		{ "pat-not-loaded", REPORT_PAT, FAKE_HOST_PAT },
		{ "shadow-stack", REPORT_SSP, 0x103eff8 },
		{ "cet-not-loaded", REPORT_SSP, 0 },
		{ "cet-not-loaded", REPORT_S_CET, 0 },
	};
	struct observation observations[MAX_OBSERVATIONS];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct observation *observation =
		        find_observation(find(rows[i].id), rows[i].slot, observations);

		if ((observation->expected & observation->mask) != rows[i].expected)
			fail_msg("%s, slot %u: %#lx", rows[i].id, rows[i].slot,
			        observation->expected & observation->mask);
	}
}

/* A part must write what is loaded, and needs not write what is not. */
static void
only_loaded_fields_are_asked_for(void **state)
{
	static const struct {
		const char *id;
		unsigned slot;
		bool loaded;
	} rows[] = {
		{ "plain-64-bit", REPORT_DR7, true },
		{ "plain-64-bit", REPORT_EFER, true },
		{ "plain-64-bit", REPORT_PAT, true },
		{ "debug-controls-not-loaded", REPORT_DR7, false },
		{ "efer-not-loaded", REPORT_EFER, false },
		{ "pat-not-loaded", REPORT_PAT, false },
		{ "shadow-stack", REPORT_SSP, true },
		{ "cet-not-loaded", REPORT_SSP, false },
	};
	struct observation observations[MAX_OBSERVATIONS];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
		        find_observation(find(rows[i].id), rows[i].slot, observations)->field != 0,
		        rows[i].loaded);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles_tell_the_answer),
		cmocka_unit_test(refusals_have_twins),
		cmocka_unit_test(controls_are_on_and_off),
		cmocka_unit_test(guests_see_what_they_must),
		cmocka_unit_test(only_loaded_fields_are_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Unit tests of lab 2's cases and judge.  What must be refused comes from an oracle written from the
 * text of SDM 3C 27.3.1.4, "Checks on Guest RIP, RFLAGS, and SSP", which shares no name and no mask
 * with the rules.
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

#include "case_list.h"
#include "grade/guest_memory.h"

#define LAB              2
#define STACK_ANYWHERE   0x1038000
#define MOST_OBSERVATION 7

/* Today's linear addresses, and those of processors with 5-level paging. */
static const struct capabilities processors[] = {
	{ .linear_address_width = 48, .physical_address_width = 40, .unrestricted_guest = true },
	{ .linear_address_width = 57, .physical_address_width = 52, .unrestricted_guest = true },
	{ .linear_address_width = 48, .physical_address_width = 36 },
};
#define PROCESSORS (COUNT(processors))

/* The wish as the part gets it: what the kernel adds to a case, done here once more. */
static struct guest
wish_of(const struct test_case *test, const struct capabilities *processor)
{
	struct guest guest = test->guest;
	bool low = guest.mode == GUEST_REAL || guest.mode == GUEST_VIRTUAL_8086;

	guest.ia32e_mode = guest.mode == GUEST_64BIT || guest.mode == GUEST_COMPATIBILITY;
	guest.rip += low ? 0 : IMAGE_ADDRESS;
	guest.rsp += STACK_ANYWHERE;
	if (!test->interrupts_off)
		guest.rflags |= BIT(9);
	if (test->adjust)
		test->adjust(&guest, processor);
	return guest;
}

static bool
is_reserved_flag(unsigned bit)
{
	return bit == 3 || bit == 5 || bit == 15 || bit >= 22;
}

/* How many sentences of the SDM these values break. */
static unsigned
broken_sentences(
        const struct guest *guest, const uint64_t *values, const struct capabilities *processor)
{
	uint64_t rip = values[0], rflags = values[2];
	unsigned lowest = guest->mode == GUEST_64BIT ? processor->linear_address_width : 32;
	bool ones = false, zeros = false, reserved = false;
	bool external_interrupt = guest->injected_event >> 31 && !(guest->injected_event & 0x700);

	for (unsigned bit = lowest; bit < 64; bit++) {
		ones = ones || (rip & BIT(bit));
		zeros = zeros || !(rip & BIT(bit));
	}
	for (unsigned bit = 0; bit < 64; bit++)
		reserved = reserved || (is_reserved_flag(bit) && (rflags & BIT(bit)));
	return (ones && (zeros || guest->mode != GUEST_64BIT)) + reserved + !(rflags & BIT(1)) +
	       ((rflags & BIT(17)) && (guest->ia32e_mode || !(guest->cr0 & BIT(0)))) +
	       (external_interrupt && !(rflags & BIT(9)));
}

static unsigned
broken_by(const struct test_case *test, const struct capabilities *processor)
{
	struct guest guest = wish_of(test, processor);
	uint64_t values[MAX_PART_FIELDS];

	judges_start[0]->only_values(&guest, processor, values);
	return broken_sentences(&guest, values, processor);
}

/* The parentheses keep cmocka's macro of this name away. */
static bool
is_skipped(const struct test_case *test, const struct capabilities *processor)
{
	return test->skip && (test->skip)(processor);
}

/* "Is refused", says a title: on every processor, and for one sentence alone.  All others can be
 * entered everywhere. */
static void
titles_tell_the_answer(void **state)
{
	size_t refusals = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		refusals += is_refused(cases_start[i]);
		for (size_t model = 0; model < PROCESSORS; model++)
			if (broken_by(cases_start[i], &processors[model]) !=
			        (unsigned)is_refused(cases_start[i]))
				fail_msg("%s on processor %zu breaks %u rules", cases_start[i]->id,
				        model, broken_by(cases_start[i], &processors[model]));
	}
	assert_in_range(refusals, 6, CASE_COUNT - 6);
}

/* Each refusal has a twin, which can be entered, and may be skipped only where its case is. */
static void
refusals_have_twins(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];

		if (!is_refused(test))
			continue;
		assert_non_null(test->twin);
		assert_false(is_refused(find(test->twin)));
		for (size_t model = 0; model < PROCESSORS; model++)
			if (is_skipped(find(test->twin), &processors[model]))
				assert_true(is_skipped(test, &processors[model]));
	}
}

/* Of the three values none differs from the wish but in bit 1 of RFLAGS. */
static void
values_are_the_wish(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		struct guest guest = wish_of(cases_start[i], &processors[0]);
		uint64_t values[MAX_PART_FIELDS];

		judges_start[0]->only_values(&guest, &processors[0], values);
		assert_true(values[0] == guest.rip && values[1] == guest.rsp);
		assert_true(values[2] == (guest.rflags | 2));
	}
}

static uint64_t
expected_in(const struct test_case *test, unsigned slot)
{
	struct guest guest = wish_of(test, &processors[0]);
	uint64_t values[MAX_PART_FIELDS];
	struct observation observations[MAX_OBSERVATIONS];
	size_t count;

	judges_start[0]->only_values(&guest, &processors[0], values);
	count = judges_start[0]->observations(&guest, values, observations);
	assert_in_range(count, 1, MOST_OBSERVATION);
	for (size_t i = 0; i < count; i++)
		if (observations[i].slot == slot)
			return observations[i].expected & observations[i].mask;
	fail_msg("%s: nobody looks at slot %u", test->id, slot);
	return 0;
}

/* A guest waits for the events that its case brings, at the instruction where they come. */
static void
events_are_expected(void **state)
{
	static const struct {
		const char *id;
		uint64_t event, rip;
	} events[] = {
		{ "enter-64-bit", 0, 0 },
		{ "no-event", 0, 0 },
		{ "single-step", 0x101, 0x1010001 },
		{ "take-interrupt", 0x131, 0x1010000 },
		{ "nmi-with-interrupts-off", 0x102, 0x1010000 },
		{ "rip-behind-lower-half", 0x10d, 0x800001010000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(events); i++) {
		const struct test_case *test = find(events[i].id);

		assert_int_equal(expected_in(test, REPORT_EVENT), events[i].event);
		assert_int_equal(expected_in(test, REPORT_EVENT_RIP), events[i].rip);
		if (events[i].event)
			assert_true(test->handlers);
	}
}

/* RFLAGS is compared without the two bits that PUSHF does not show, and 32-bit guests see 32 bits. */
static void
guests_see_what_they_can(void **state)
{
	(void)state;
	assert_int_equal(expected_in(find("enter-virtual-8086"), REPORT_RFLAGS), 0x3202);
	assert_int_equal(expected_in(find("enter-virtual-8086"), REPORT_MSW), 1);
	assert_int_equal(expected_in(find("enter-real"), REPORT_MSW), 0);
	assert_int_equal(expected_in(find("enter-upper-half"), REPORT_RIP), 0xffff800001010000);
	assert_int_equal(expected_in(find("rip-above-4-gib"), REPORT_RIP), 0x1010000);
}

static void
judge_is_lab_2s(void **state)
{
	(void)state;
	assert_int_equal(judges_end - judges_start, 1);
	assert_int_equal(judges_start[0]->lab, LAB);
	for (size_t i = 0; i < CASE_COUNT; i++)
		assert_int_equal(cases_start[i]->lab, LAB);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge_is_lab_2s),
		cmocka_unit_test(titles_tell_the_answer),
		cmocka_unit_test(refusals_have_twins),
		cmocka_unit_test(values_are_the_wish),
		cmocka_unit_test(events_are_expected),
		cmocka_unit_test(guests_see_what_they_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

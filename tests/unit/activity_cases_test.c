/*
 * Unit tests of lab 5's cases and judge.  What must be refused comes from an oracle written from the
 * text of SDM 3C 27.3.1.5, "Checks on Guest Non-Register State", which shares no name and no mask
 * with the rules; the fields of each moment, and what its guest meets, stand here as numbers.
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

#define LAB   5
#define START 0x1010000ull

static const struct capabilities processor = { .preemption_timer = true };

/* The wish as the part gets it: what the kernel adds to a case, done here once more. */
static struct guest
wish_of(const struct test_case *test)
{
	struct guest guest = test->guest;

	guest.ia32e_mode = 1;
	guest.rip = START;
	if (!test->interrupts_off)
		guest.rflags |= BIT(9);
	if (!guest.due_dr6)
		guest.due_dr6 = 0xffff0ff0;
	return guest;
}

static void
values_of(const struct test_case *test, uint64_t *values)
{
	struct guest guest = wish_of(test);

	judges_start[0]->only_values(&guest, &processor, values);
}

/* "The activity-state field must indicate ..." and the sentences on injection. */
static unsigned
activity_sentences(const struct guest *guest, const uint64_t *values)
{
	unsigned ss_level = guest->segments[SEGMENT_SS].descriptor >> 45 & 3;
	unsigned type = guest->injected_event >> 8 & 7, vector = guest->injected_event & 0xff;
	bool event = guest->injected_event >> 31, exception = event && type == 3, allowed = true;

	if (event && values[0] == 1)
		allowed = type == 0 || type == 2 || (exception && (vector == 1 || vector == 18));
	if (event && values[0] == 2)
		allowed = type == 2 || (exception && vector == 18);
	if (event && values[0] == 3)
		allowed = false;
	return (values[0] > 3) + (values[0] == 1 && ss_level != 0) +
	       (values[0] != 0 && values[1] % 4 != 0) + !allowed;
}

/* The sentences on the interruptibility state. */
static unsigned
blocking_sentences(const struct test_case *test, const struct guest *guest, const uint64_t *values)
{
	bool sti = values[1] & 1, mov_ss = values[1] & 2, nmi = values[1] & 8;
	bool event = guest->injected_event >> 31;
	unsigned type = guest->injected_event >> 8 & 7;
	bool virtual_nmis = test->controls.on[PIN_CONTROLS] & BIT(5);

	return (values[1] >= 32) + (sti && mov_ss) + (sti && !(guest->rflags & BIT(9))) +
	       (event && type == 0 && (sti || mov_ss)) + (event && type == 2 && (sti || mov_ss)) +
	       !!(values[1] & 4) + (event && type == 2 && virtual_nmis && nmi) +
	       !!(values[1] & 16); /* no SGX */
}

/* The sentences on the pending debug exceptions. */
static unsigned
pending_sentences(const struct guest *guest, const uint64_t *values)
{
	bool steps = (guest->rflags & BIT(8)) && !(guest->debugctl & 2);
	bool fixed = values[1] % 4 != 0 || values[0] == 1;
	unsigned count = 0;

	for (unsigned bit = 0; bit < 64; bit++)
		if ((bit >= 4 && bit <= 11) || bit == 13 || bit == 15 || bit >= 17)
			count += values[2] >> bit & 1;
	return count + (fixed && (values[2] >> 14 & 1) != steps) +
	       (values[2] >> 16 & 1); /* no RTM */
}

static unsigned
broken_by(const struct test_case *test)
{
	struct guest guest = wish_of(test);
	uint64_t values[MAX_PART_FIELDS];

	values_of(test, values);
	return activity_sentences(&guest, values) + blocking_sentences(test, &guest, values) +
	       pending_sentences(&guest, values);
}

/* "Is refused", says a title, and one sentence alone is why.  All others break none. */
static void
titles_tell_the_answer(void **state)
{
	size_t refusals = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		refusals += is_refused(cases_start[i]);
		if (broken_by(cases_start[i]) != (unsigned)is_refused(cases_start[i]))
			fail_msg("%s breaks %u sentences", cases_start[i]->id,
			        broken_by(cases_start[i]));
	}
	assert_in_range(refusals, 12, CASE_COUNT - 12);
}

/* Each refusal has a twin that can be entered wherever the case is posed. */
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
		assert_null(find(test->twin)->skip);
	}
}

static const struct moment {
	const char *id;
	uint64_t values[3];
	/* EXPECT_DONE: event, RIP, DR6.  Otherwise the RIP at which it is stopped. */
	uint64_t event, rip, dr6;
} moments[] = {
	{ "runs", { 0, 0, 0 }, 0, 0, 0 },
	{ "halted", { 1, 0, 0 }, 0, START, 0 },
	{ "halted-woken", { 1, 0, 0 }, 0x131, START, 0 },
	{ "sti-hlt", { 1, 0, 0 }, 0, START, 0 },
	{ "shut-down", { 2, 0, 0 }, 0, START, 0 },
	{ "shut-down-nmi", { 2, 0, 0 }, 0x102, START, 0 },
	{ "awaits-sipi", { 3, 0, 0 }, 0, 0, 0 },
	{ "after-sti", { 0, 1, 0 }, 0, START + 1, 0 },
	{ "sti-again", { 0, 0, 0 }, 0, START, 0 },
	{ "after-mov-ss", { 0, 2, 0 }, 0, START + 1, 0 },
	{ "nmi-handler", { 0, 8, 0 }, 0, START + 0x40, 0 },
	{ "nmi-handler-physical", { 0, 8, 0 }, 0, 0, 0 },
	{ "nmi-in-nmi-handler", { 0, 8, 0 }, 0x102, START, 0 },
	{ "breakpoint-due", { 0, 0, 0x1002 }, 0x101, START, 2 },
	{ "breakpoint-after-mov-ss", { 0, 2, 0x1001 }, 0x101, START + 1, 1 },
	{ "breakpoint-not-enabled", { 0, 0, 1 }, 0, 0, 0 },
	{ "step-over-mov-ss", { 0, 2, 0x4000 }, 0x101, START + 1, 0x4000 },
	{ "step-after-sti", { 0, 1, 0x4000 }, 0x101, START, 0x4000 },
	{ "step-without-tf", { 0, 0, 0x4000 }, 0x101, START, 0x4000 },
	{ "branch-steps", { 0, 2, 0 }, 0, 0, 0 },
};
#define MOMENTS (COUNT(moments))

static void
fields_hold_the_moment(void **state)
{
	size_t entered = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++)
		entered += !is_refused(cases_start[i]);
	assert_int_equal(entered, MOMENTS);
	for (size_t i = 0; i < MOMENTS; i++) {
		uint64_t values[MAX_PART_FIELDS];

		values_of(find(moments[i].id), values);
		if (memcmp(values, moments[i].values, sizeof(moments[i].values)) != 0)
			fail_msg("%s: %#lx %#lx %#lx", moments[i].id, values[0], values[1],
			        values[2]);
	}
}

static void
check_end(const struct moment *moment)
{
	const struct test_case *test = find(moment->id);
	struct guest guest = wish_of(test);
	struct observation seen[MAX_OBSERVATIONS];
	uint64_t values[MAX_PART_FIELDS];
	size_t count;

	values_of(test, values);
	count = judges_start[0]->end_observations(test, &guest, values, seen);
	switch (test->expectation) {
	case EXPECT_ACCEPTED: assert_int_equal(count, 0); break;
	case EXPECT_DONE:
		assert_int_equal(count, 4);
		assert_int_equal(seen[0].expected & seen[0].mask, moment->event);
		assert_int_equal(seen[1].expected & seen[1].mask, moment->rip);
		assert_int_equal(seen[2].expected & seen[2].mask, moment->dr6);
		assert_true(!moment->event || test->handlers);
		break;
	default:
		assert_int_equal(count, 2);
		assert_int_equal(seen[0].expected & seen[0].mask, moment->rip);
		assert_int_equal(seen[1].expected & seen[1].mask, 0);
	}
}

/* Each guest is expected to meet what comes, at the instruction where it comes. */
static void
guests_meet_what_comes(void **state)
{
	(void)state;
	for (size_t i = 0; i < MOMENTS; i++)
		check_end(&moments[i]);
}

/* A guest that sleeps costs one tick of the timer. */
static void
sleepers_have_short_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++)
		if (cases_start[i]->expectation == EXPECT_TIME_OUT)
			assert_int_equal(cases_start[i]->limit_ticks, 1);
}

static void
judge_is_lab_5s(void **state)
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
		cmocka_unit_test(judge_is_lab_5s),
		cmocka_unit_test(titles_tell_the_answer),
		cmocka_unit_test(refusals_have_twins),
		cmocka_unit_test(fields_hold_the_moment),
		cmocka_unit_test(guests_meet_what_comes),
		cmocka_unit_test(sleepers_have_short_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

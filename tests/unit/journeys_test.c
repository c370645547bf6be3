/*
 * Unit tests of lab 9's cases: what a guest sees on its journey and the sum that it makes of it.  The
 * oracle is a processor of three registers that makes each journey, by the text of SDM 3A,
 * "Initializing IA-32e Mode", and SDM 3A table "IA-32 and Intel 64 Processor States Following Power-up,
 * Reset, or INIT"; it shares no table with the judge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/bits.h>

#include "../cases/9-from-real-mode-to-long-mode/expected.h"
#include "case_list.h"

#define LAB       9
#define NONCE     0xc0ffee33u
#define TOKEN     0x70c3e4a1u
#define SIGNATURE ((struct signature){ .ecx = 0xfffffbffu, .others = 0x0123abcdu })

/* The oracle's processor, and what it has seen. */
static struct processor {
	uint64_t cr0, cr4, efer, sum;
	uint32_t seen[64];
	size_t count;
} processor;

static void
see(uint64_t value)
{
	uint64_t twice = (processor.sum & 0xffffffff) * 0x100000001;

	/* Bits 31:0 rotated left by 5: bits 58:27 of the value written twice. */
	processor.sum =
	        (processor.sum >> 32 << 32) | ((twice >> 27 & 0xffffffff) ^ (uint32_t)value);
	processor.seen[processor.count++] = (uint32_t)value;
}

static void
set_paging(bool on)
{
	processor.cr0 = on ? processor.cr0 | BIT(31) : processor.cr0 & ~BIT(31);
	if (on && (processor.efer & BIT(8)))
		processor.efer |= BIT(10);
	else
		processor.efer &= ~BIT(10);
}

/* #GP(0), found by the handler at the instruction itself. */
static void
see_fault(void)
{
	see(0x100);
}

static void
in_64_bit_mode(void)
{
	see(0x64b17c0d);
	processor.sum = (uint32_t)processor.sum * 0x9e3779b97f4a7c15;
}

static void
travel(const struct journey *journey)
{
	processor = (struct processor){ .cr0 = 0x60000010, .sum = NONCE };
	if (journey->begins_in_long_mode) {
		see(SIGNATURE.ecx & ~BIT(5));
		processor.sum = (uint32_t)processor.sum * 0x9e3779b97f4a7c15;
		return;
	}
	see(2);
	see(0xfff0);
	see(TOKEN);
	see(4 * journey->stage);
	see(0x7ff);
	see(0x400);
	see(processor.efer);
	see(processor.cr0);
	see(processor.cr4);
	see(SIGNATURE.ecx & ~BIT(5));
	see(SIGNATURE.others);
	if (journey->tries & 1)
		see_fault();
	if (journey->stage < 2)
		return;
	see(processor.cr0 |= BIT(0));
	if (journey->tries & 2) {
		see_fault();
		see(processor.efer);
		see_fault();
		see_fault();
	}
	if (journey->tries & 4) {
		see_fault();
		see(processor.cr4);
	}
	if (journey->tries & 8) {
		see(processor.cr0 | BIT(5));
		see(processor.cr0);
	}
	if (journey->stage < 3)
		return;
	see(0x30000);
	see(processor.cr4 |= BIT(5));
	processor.cr0 &= ~(BIT(29) | BIT(30));
	set_paging(true);
	see(processor.cr0);
	see(journey->stage);
	see(processor.efer);
	if (journey->tries & 16)
		see_fault();
	if (journey->stage < 4)
		return;
	set_paging(false);
	see(processor.efer = BIT(0) | BIT(8) | BIT(11));
	set_paging(true);
	see(processor.efer);
	in_64_bit_mode();
	if (!(journey->tries & 32))
		return;
	set_paging(false);
	see(processor.efer);
	processor.cr0 &= ~BIT(0);
	see(processor.cr0);
}

static void
compare(const struct journey *journey)
{
	struct observation observations[MAX_OBSERVATIONS];
	size_t count = expected_values(journey, TOKEN, SIGNATURE, observations);

	travel(journey);
	assert_int_equal(count, processor.count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(observations[i].expected, processor.seen[i]);
	assert_int_equal(expected_sum(journey, NONCE, observations, count), processor.sum);
}

/* Every case of the lab, and every journey that a case could ask for. */
static void
journeys_are_those_of_a_processor(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		if (cases_start[i]->lab != LAB)
			continue;
		compare(cases_start[i]->details);
		count++;
	}
	assert_true(count >= 8);
	for (unsigned stage = 1; stage <= 4; stage++)
		for (uint32_t tries = 0; tries < 64; tries++)
			compare(&(const struct journey){ .stage = stage, .tries = tries });
}

/* A journey that leaves out one value, or sees another, has another sum. */
static void
sums_differ(void **state)
{
	struct observation observations[MAX_OBSERVATIONS];
	struct journey journey = { .stage = 4, .tries = 32 };
	size_t count = expected_values(&journey, TOKEN, SIGNATURE, observations);
	uint64_t sum = expected_sum(&journey, NONCE, observations, count);

	(void)state;
	assert_int_not_equal(sum, expected_sum(&journey, NONCE + 1, observations, count));
	assert_int_not_equal(sum, expected_sum(&journey, NONCE, observations, count - 1));
	for (size_t i = 0; i < count; i++) {
		observations[i].expected ^= 1;
		assert_int_not_equal(sum, expected_sum(&journey, NONCE, observations, count));
		observations[i].expected ^= 1;
	}
}

/* Stations follow each other, and each has a text that 16 characters hold. */
static void
stations_have_texts(void **state)
{
	unsigned stations[MAX_STATIONS];

	(void)state;
	assert_int_equal(expected_stations(&(struct journey){ .stage = 3 }, stations), 3);
	assert_int_equal(stations[2], 3);
	assert_int_equal(
	        expected_stations(&(struct journey){ .stage = 4, .tries = 32 }, stations), 6);
	for (unsigned i = 0; i < 6; i++) {
		assert_int_equal(stations[i], i + 1);
		assert_in_range(strlen(station_text(stations[i])), 1, 16);
	}
	assert_int_equal(
	        expected_stations(
	                &(struct journey){ .stage = 4, .begins_in_long_mode = true }, stations),
	        1);
	assert_null(station_text(0));
	assert_null(station_text(7));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(journeys_are_those_of_a_processor),
		cmocka_unit_test(sums_differ),
		cmocka_unit_test(stations_have_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

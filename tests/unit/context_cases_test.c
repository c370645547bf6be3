/*
 * Unit tests of lab 7's register contexts and of its comparisons.  The oracle is a map of its own,
 * written from SDM 1, "XSAVE Area", and from vmenter.h: which byte belongs to what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "../cases/7-register-context/calls.h"

#define FEATURES 7
#define SEEDS    16
#define XSAVE    192 /* where the extended area begins */

static const uint8_t owners[] = { OWNER_CALLER, OWNER_BEFORE, OWNER_AFTER };

/* Bytes that a guest can find in its registers, with the bits that count. */
struct range {
	unsigned from, step, count, bytes;
	unsigned groups;
	bool marked;
};

static const struct range ranges[] = {
	{ 0, 8, 4, 8, GROUP_GENERAL, true },
	{ 40, 8, 11, 8, GROUP_GENERAL, true },
	{ 128, 8, 1, 8, GROUP_CR2, true },
	{ 136, 8, 4, 8, GROUP_DEBUG, true },
	{ 168, 8, 1, 2, GROUP_DEBUG, false }, /* DR6: the rest is fixed */
	{ XSAVE + 0, 2, 1, 2, GROUP_X87 | GROUP_CONTROL, false },
	{ XSAVE + 3, 1, 1, 1, GROUP_X87, false }, /* TOP and condition codes */
	{ XSAVE + 4, 1, 1, 1, GROUP_X87, false },
	{ XSAVE + 24, 4, 1, 2, GROUP_SSE | GROUP_CONTROL, false },
	{ XSAVE + 32, 16, 8, 8, GROUP_X87, true },
	{ XSAVE + 40, 16, 8, 2, GROUP_X87, false },
	{ XSAVE + 160, 8, 32, 8, GROUP_SSE, true },
	{ XSAVE + 576, 8, 32, 8, GROUP_AVX, true },
};
#define RANGES (COUNT(ranges))

static const struct range *
range_of(unsigned byte)
{
	for (size_t i = 0; i < RANGES; i++)
		for (unsigned j = 0; j < ranges[i].count; j++)
			if (byte - ranges[i].from - j * ranges[i].step < ranges[i].bytes)
				return &ranges[i];
	return NULL;
}

/* What judge.c and calls.c do in the kernel. */
bool
call_enters(enum call_kind kind)
{
	return kind == LAUNCH || kind == RESUME;
}

void
result_set(struct case_result *result, enum case_outcome outcome, const char *format, ...)
{
	(void)format;
	result->outcome = outcome;
}

void
result_append(struct case_result *result, const char *format, ...)
{
	(void)format;
	(void)result;
}

/* Each byte of a register belongs to one piece of the right groups, each other byte to none. */
static void
pieces_cover_the_registers(void **state)
{
	struct register_context context, changed;

	(void)state;
	context_fill(&context, OWNER_BEFORE, 1, FEATURES);
	for (unsigned byte = 0; byte < sizeof(context); byte++) {
		const struct range *range = range_of(byte);
		unsigned pieces = 0;

		changed = context;
		((uint8_t *)&changed)[byte] ^= 0xff;
		for (size_t i = 0; i < context_piece_count; i++) {
			const struct context_piece *piece = &context_pieces[i];

			if (context_value(&changed, piece) == context_value(&context, piece))
				continue;
			pieces++;
			assert_non_null(range);
			assert_int_equal(piece->groups, range->groups);
			assert_int_equal(piece->marked, range->marked);
		}
		if (pieces != (range != NULL))
			fail_msg("byte %u belongs to %u pieces", byte, pieces);
	}
}

/* What is marked begins with its owner's byte, what is not differs from owner to owner. */
static void
owners_are_told_apart(void **state)
{
	struct register_context contexts[3];

	(void)state;
	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		for (unsigned i = 0; i < 3; i++)
			context_fill(&contexts[i], owners[i], seed, FEATURES);
		for (size_t j = 0; j < context_piece_count; j++)
			for (unsigned i = 0; i < 3; i++) {
				const struct context_piece *piece = &context_pieces[j];
				uint64_t value = context_value(&contexts[i], piece);

				if (piece->marked)
					assert_true(value >> 56 == owners[i] &&
					            (value >> 24 & 0xff) == owners[i]);
				for (unsigned k = 0; k < 3; k++)
					assert_int_equal(piece_is_of(&contexts[i], piece, owners[k],
					                         &contexts[k]),
					        i == k);
			}
	}
}

/* No value raises an exception when it is loaded or used; no upper half without AVX. */
static void
values_are_harmless(void **state)
{
	struct register_context context, again, without;

	(void)state;
	for (uint32_t seed = 0; seed < SEEDS; seed++)
		for (unsigned i = 0; i < 3; i++) {
			const uint8_t *area = context.extended;
			uint16_t fcw, fsw;
			uint32_t mxcsr;

			context_fill(&context, owners[i], seed, FEATURES);
			memcpy(&fcw, area, 2);
			memcpy(&fsw, area + 2, 2);
			memcpy(&mxcsr, area + 24, 4);
			assert_int_equal(fcw & 0x7f, 0x7f);
			assert_int_equal(fcw >> 12, 0);
			assert_int_equal(fsw & 0x80ff, 0);
			assert_int_equal(mxcsr & 0xffff1fff & ~0x8000u, 0x1f80);
			assert_int_equal(area[512], FEATURES);
			assert_int_equal(context.dr6 & ~0xe00full, 0xffff0ff0);
			context_fill(&again, owners[i], seed, FEATURES);
			assert_memory_equal(&context, &again, sizeof(context));
			context_fill(&again, owners[i], seed + 1, FEATURES);
			assert_true(context.general[0] != again.general[0]);
			context_fill(&without, owners[i], seed, 3);
			for (unsigned byte = 576; byte < 832; byte++)
				assert_int_equal(without.extended[byte], 0);
		}
}

static void
fill_call(struct call *call)
{
	memset(call, 0, sizeof(*call));
	call->kind = RESUME;
	context_fill(&call->caller, OWNER_CALLER, 3, FEATURES);
	context_fill(&call->guest_before, OWNER_BEFORE, 3, FEATURES);
	context_fill(&call->guest_leaves, OWNER_AFTER, 3, FEATURES);
	call->guest_found = call->guest_before;
	call->context = call->guest_leaves;
	call->after = call->caller;
}

/* A changed bit is seen by the comparisons of its groups and by no other. */
static void
comparisons_see_their_groups(void **state)
{
	static struct case_result result;
	struct call call;

	(void)state;
	for (unsigned byte = 0; byte < sizeof(call.context); byte++) {
		const struct range *range = range_of(byte);
		unsigned owned = range ? range->groups & ALL_GROUPS : 0;

		for (unsigned group = 1; group < GROUP_CONTROL; group <<= 1) {
			fill_call(&call);
			((uint8_t *)&call.guest_found)[byte] ^= 0xff;
			((uint8_t *)&call.context)[byte] ^= 0xff;
			result.difference_count = 0;
			assert_int_equal(guest_found_all(&result, &call, group), !(owned & group));
			result.difference_count = 0;
			assert_int_equal(
			        context_holds_all(&result, &call, group), !(owned & group));
		}
	}
}

/* What a caller must find again, and what it must not find. */
static void
callers_are_judged(void **state)
{
	static const unsigned callee_saved[] = { 3, 5, 12, 13, 14, 15 };
	static struct case_result result;
	struct call call;
	unsigned kept = 0;

	(void)state;
	fill_call(&call);
	assert_true(judge_caller(&result, &call, LOOK_AT_ALL));
	for (unsigned i = 0; i < 16; i++) {
		bool saved = false;

		for (unsigned j = 0; j < 6; j++)
			saved = saved || callee_saved[j] == i;
		fill_call(&call);
		call.after.general[i] = 0;
		result.difference_count = 0;
		assert_int_equal(judge_caller(&result, &call, LOOK_AT_ALL), !saved);
		call.after.general[i] = call.guest_leaves.general[i];
		result.difference_count = 0;
		assert_int_equal(judge_caller(&result, &call, LOOK_GUEST_VALUES), saved || i == 4);
		kept += saved;
	}
	assert_int_equal(kept, 6);
	fill_call(&call);
	call.returned.rflags = 1u << 10;
	assert_false(judge_caller(&result, &call, LOOK_FLAGS));
	fill_call(&call);
	call.rsp = 8;
	result.difference_count = 0;
	assert_false(judge_caller(&result, &call, LOOK_CALLEE_SAVED));
	fill_call(&call);
	call.stack_changed = true;
	result.difference_count = 0;
	assert_false(judge_caller(&result, &call, LOOK_CALLEE_SAVED));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_cover_the_registers),
		cmocka_unit_test(owners_are_told_apart),
		cmocka_unit_test(values_are_harmless),
		cmocka_unit_test(comparisons_see_their_groups),
		cmocka_unit_test(callers_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

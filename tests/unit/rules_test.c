/*
 * Unit tests of the rules on CR0, CR3 and CR4.  What is right comes from rules_oracle.h, which is
 * written from the SDM's text and not from the rules.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/vmcs_fields.h>

#include "rules/rules.h"
#include "rules_oracle.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define VIOLATION_MAX 16

/* Reads struct registers, but for one field. */
struct reader {
	const struct registers *guest;
	uint32_t unknown_field;
};

static bool
read_field(void *context, uint32_t field, uint64_t *value)
{
	const struct reader *reader = context;

	*value = field == GUEST_CR0           ? reader->guest->cr0
	         : field == GUEST_CR3         ? reader->guest->cr3
	         : field == GUEST_CR4         ? reader->guest->cr4
	         : field == VM_ENTRY_CONTROLS ? reader->guest->entry_controls
	                                      : 0;
	return field != reader->unknown_field;
}

static size_t
check(const struct capabilities *processor, const struct registers *guest,
        struct rule_violation *violations, size_t maximum)
{
	struct reader reader = { guest, UINT32_MAX };

	return rules_check(
	        &(struct rule_input){ read_field, &reader, processor }, violations, maximum);
}

static unsigned
rule_number(const struct rule *rule)
{
	for (unsigned i = 0; i < RULES; i++)
		if (strcmp(rule->id, rule_ids[i]) == 0)
			return i;
	fail_msg("no test knows the rule %s", rule->id);
	return RULES;
}

/* The rules' verdict, which must be the oracle's; returns how many are violated. */
static size_t
assert_as_oracle(const struct capabilities *processor, const struct registers *guest)
{
	struct rule_violation violations[VIOLATION_MAX];
	size_t count = check(processor, guest, violations, VIOLATION_MAX);
	struct verdict found = { { 0 } }, expected = oracle(processor, guest);

	assert_true(count <= RULES);
	for (size_t i = 0; i < count; i++) {
		unsigned number = rule_number(violations[i].rule);

		found.offending[number] = violations[i].offending;
		assert_true(violations[i].value == (rule_fields[number] == GUEST_CR0 ? guest->cr0
		                                           : rule_fields[number] == GUEST_CR3
		                                                   ? guest->cr3
		                                                   : guest->cr4));
	}
	for (unsigned i = 0; i < RULES; i++)
		if (found.offending[i] != expected.offending[i])
			fail_msg("%s: CR0 %llx CR3 %llx CR4 %llx controls %llx: expected %llx, "
			         "found %llx",
			        rule_ids[i], (unsigned long long)guest->cr0,
			        (unsigned long long)guest->cr3, (unsigned long long)guest->cr4,
			        (unsigned long long)guest->entry_controls,
			        (unsigned long long)expected.offending[i],
			        (unsigned long long)found.offending[i]);
	return count;
}

/* clang-format off */

/* A state that breaks one rule and no other, and its twin on the legal side of the boundary. */
static const struct {
	unsigned rule, model;
	struct registers broken, twin;
} pairs[] = {
	{ FIXED0, TIGERLAKE, { 0x80000001, 0, 0x2020, IA32E }, { 0x80000021, 0, 0x2020, IA32E } },
	{ FIXED0, PENRYN, { 0x80000001, 0, 0x2020, IA32E }, { 0x80000021, 0, 0x2020, IA32E } },
	{ FIXED0, LYNNFIELD, { 0x00000021, 0, 0x2000, 0 }, { 0x80000021, 0, 0x2000, 0 } },
	{ FIXED0, PENRYN, { 0x00000020, 0, 0x2000, 0 }, { 0x80000021, 0, 0x2000, 0 } },
	{ FIXED1, TIGERLAKE, { 0x180000021, 0, 0x2020, IA32E }, { 0xe0000021, 0, 0x2020, IA32E } },
	{ FIXED1, PENRYN, { BIT(63) | 0x80000021, 0, 0x2000, 0 }, { 0xffffffff, 0, 0x2000, 0 } },
	{ PG_PE, ARRANDALE, { 0x80000020, 0, 0x2000, 0 }, { 0x80000021, 0, 0x2000, 0 } },
	{ PG_PE, TIGERLAKE, { 0x80000020, 0, 0x2000, 0 }, { 0x00000020, 0, 0x2000, 0 } },
	{ FIXED0_4, PENRYN, { 0x80000021, 0, 0x0020, IA32E }, { 0x80000021, 0, 0x2020, IA32E } },
	{ FIXED0_4, ARRANDALE, { 0x00000020, 0, 0, 0 }, { 0x00000020, 0, 0x2000, 0 } },
	{ FIXED1_4, PENRYN, { 0x80000021, 0, 0xa020, IA32E }, { 0x80000021, 0, 0x467ff, IA32E } },
	{ FIXED1_4, SKYLAKE_X, { 0x80000021, 0, 0x2820, IA32E }, { 0x80000021, 0, 0x3727ff, IA32E } },
	{ FIXED1_4, ARRANDALE, { 0x80000021, 0, 0x42020, IA32E }, { 0x80000021, 0, 0x67ff, IA32E } },
	{ FIXED1_4, TIGERLAKE, { 0x80010021, 0, BIT(24) | 0x2020, IA32E }, { 0x80010021, 0, 0xf72fff, IA32E } },
	{ CET_WP, TIGERLAKE, { 0x80000021, 0, 0x802020, IA32E }, { 0x80010021, 0, 0x802020, IA32E } },
	{ CET_WP, TIGERLAKE, { 0x00000020, 0, 0x802000, 0 }, { 0x00000020, 0, 0x402000, 0 } },
	{ PG, ARRANDALE, { 0x00000021, 0, 0x2020, IA32E }, { 0x00000021, 0, 0x2020, 0 } },
	{ PG, SKYLAKE_X, { 0x00000020, 0, 0x2020, IA32E }, { 0x80000021, 0, 0x2020, IA32E } },
	{ PAE, PENRYN, { 0x80000021, 0, 0x2010, IA32E }, { 0x80000021, 0, 0x2010, 0 } },
	{ PAE, TIGERLAKE, { 0x80000021, 0, 0x2000, IA32E }, { 0x80000021, 0, 0x2020, IA32E } },
	{ PCIDE, SKYLAKE_X, { 0x80000021, 0, 0x22020, 0 }, { 0x80000021, 0, 0x22020, IA32E } },
	{ PCIDE, TIGERLAKE, { 0x00000020, 0, 0x22000, 0 }, { 0x00000020, 0, 0x12000, 0 } },
	{ MAXPHY, PENRYN, { 0x80000021, BIT(40), 0x2020, IA32E }, { 0x80000021, BIT(40) - 1, 0x2020, IA32E } },
	{ MAXPHY, TIGERLAKE, { 0x80000021, BIT(63), 0x2020, IA32E }, { 0x80000021, BIT(39), 0x2020, IA32E } },
};

/* clang-format on */

/* For each rule there is a state that breaks it alone, and a neighbour that breaks none. */
static void
each_rule_is_broken_alone(void **state)
{
	bool seen[RULES] = { false };

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		const struct capabilities *processor = &models[pairs[i].model];
		struct rule_violation violations[2];

		if (check(processor, &pairs[i].broken, violations, 2) != 1)
			fail_msg("pair %zu does not break exactly one rule", i);
		assert_string_equal(violations[0].rule->id, rule_ids[pairs[i].rule]);
		seen[pairs[i].rule] = true;
		if (check(processor, &pairs[i].twin, violations, 2) != 0)
			fail_msg("pair %zu: the twin breaks %s", i, violations[0].rule->id);
		assert_as_oracle(processor, &pairs[i].broken);
	}
	for (unsigned i = 0; i < RULES; i++)
		if (!seen[i])
			fail_msg("no pair for the rule %s", rule_ids[i]);
}

/* The guests that can be entered on a model break no rule. */
static size_t
valid_states(const struct capabilities *processor, struct registers *states)
{
	size_t count = COUNT(valid);

	memcpy(states, valid, sizeof valid);
	if (processor->unrestricted_guest) {
		memcpy(states + count, valid_unrestricted, sizeof valid_unrestricted);
		count += COUNT(valid_unrestricted);
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(assert_as_oracle(processor, &states[i]), 0);
	return count;
}

static void
flip(struct registers *guest, unsigned number)
{
	uint64_t *registers[] = { &guest->cr0, &guest->cr3, &guest->cr4, &guest->entry_controls };

	*registers[number / 64] ^= BIT(number % 64);
}

/* One flipped bit of any register, on any model with any address width, is judged as the SDM says. */
static void
single_flips_agree_with_the_sdm(void **state)
{
	static const uint8_t widths[] = { 32, 36, 40, 46, 51, 52, 53, 63, 64, 255 };
	struct registers states[COUNT(valid) + COUNT(valid_unrestricted)];
	size_t broken = 0;

	(void)state;
	for (unsigned model = 0; model < MODELS * COUNT(widths); model++) {
		struct capabilities processor = models[model % MODELS];
		size_t count;

		processor.physical_address_width = widths[model / MODELS];
		count = valid_states(&processor, states);
		for (size_t i = 0; i < count * 256; i++) {
			struct registers guest = states[i / 256];

			flip(&guest, i % 256);
			broken += assert_as_oracle(&processor, &guest) > 0;
		}
	}
	assert_true(broken > 1000);
}

/* Two flipped bits, too: no rule hides another. */
static void
double_flips_agree_with_the_sdm(void **state)
{
	struct registers states[COUNT(valid) + COUNT(valid_unrestricted)];

	(void)state;
	for (unsigned model = 0; model < MODELS; model++) {
		size_t count = valid_states(&models[model], states);

		for (size_t i = 0; i < count; i++)
			for (unsigned pair = 0; pair < 192 * 192; pair++) {
				struct registers guest = states[i];

				flip(&guest, pair / 192);
				flip(&guest, pair % 192);
				assert_as_oracle(&models[model], &guest);
			}
	}
}

/* NW and CD are never checked, not even where a processor would fix them. */
static void
nw_and_cd_are_free(void **state)
{
	static const uint64_t nw_cd[] = { 0, BIT(29), BIT(30), BIT(29) | BIT(30) };

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		struct capabilities processor = models[i % MODELS];
		struct registers guest = valid[0];

		processor.cr0_fixed0 |= BIT(29) | BIT(30);
		guest.cr0 |= nw_cd[i / 4];
		assert_int_equal(assert_as_oracle(&processor, &guest), 0);
		processor.cr0_fixed0 &= ~(BIT(29) | BIT(30));
		processor.cr0_fixed1 &= ~(BIT(29) | BIT(30));
		assert_int_equal(assert_as_oracle(&processor, &guest), 0);
	}
}

/* The fixed bits are the processor's, not a list in the rules: any capability record is obeyed. */
static void
any_capabilities_are_obeyed(void **state)
{
	(void)state;
	srandom(33);
	for (unsigned i = 0; i < 20000; i++) {
		struct capabilities processor = models[i % MODELS];
		struct registers guest = valid[i % COUNT(valid)];

		processor.cr0_fixed0 ^= BIT(random() % 64);
		processor.cr0_fixed1 ^= BIT(1 + random() % 30); /* PE and PG can always be 1 */
		processor.cr4_fixed0 ^= BIT(random() % 64);
		processor.cr4_fixed1 ^= BIT(random() % 64);
		for (unsigned flips = random() % 4; flips > 0; flips--)
			flip(&guest, random() % 256);
		assert_as_oracle(&processor, &guest);
	}
}

/* Without one of the fields nothing is judged, although many rules are broken. */
static void
unknown_fields_end_the_check(void **state)
{
	static const struct registers guest = { BIT(32) | BIT(31), BIT(60), BIT(23) | BIT(17), 0 };
	static const uint32_t unknown[] = { GUEST_CR0, GUEST_CR3, GUEST_CR4, VM_ENTRY_CONTROLS };

	(void)state;
	assert_true(assert_as_oracle(&models[TIGERLAKE], &guest) > 5);
	for (size_t i = 0; i < COUNT(unknown); i++) {
		struct reader reader = { &guest, unknown[i] };
		const struct rule_input input = { read_field, &reader, &models[TIGERLAKE] };

		assert_int_equal(rules_check(&input, NULL, 0), 0);
	}
}

/* With little room all violations are counted, the first are stored, and nothing behind them. */
static void
violations_beyond_the_room_are_counted(void **state)
{
	static const struct registers guest = { BIT(32) | BIT(31), BIT(60), BIT(23) | BIT(15),
		IA32E };
	struct rule_violation all[VIOLATION_MAX], some[VIOLATION_MAX], untouched;
	size_t count = check(&models[TIGERLAKE], &guest, all, VIOLATION_MAX);

	(void)state;
	assert_int_equal(count, 8);
	assert_int_equal(check(&models[TIGERLAKE], &guest, NULL, 0), count);
	memset(&untouched, 0xa5, sizeof untouched);
	for (size_t room = 0; room <= count; room++) {
		memset(some, 0xa5, sizeof some);
		assert_int_equal(check(&models[TIGERLAKE], &guest, some, room), count);
		for (size_t i = 0; i < room; i++) {
			assert_ptr_equal(some[i].rule, all[i].rule);
			assert_true(some[i].value == all[i].value);
			assert_true(some[i].offending == all[i].offending);
		}
		assert_memory_equal(&some[room], &untouched, sizeof untouched);
	}
}

/* The table names each rule once, at its field, with all its sentences, in the order of reports. */
static void
the_table_is_complete(void **state)
{
	(void)state;
	assert_int_equal(control_register_rule_count, RULES);
	for (unsigned i = 0; i < RULES; i++) {
		const struct rule *rule = &control_register_rules[i];

		assert_string_equal(rule->id, rule_ids[i]);
		assert_int_equal(rule->field, rule_fields[i]);
		assert_non_null(strstr(rule->section, "27.3.1.1 "));
		assert_true(strlen(rule->message) > 10 && strlen(rule->hint) > 10);
		assert_int_equal(rule->bochs_lets_pass, i == PG);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_is_broken_alone),
		cmocka_unit_test(single_flips_agree_with_the_sdm),
		cmocka_unit_test(double_flips_agree_with_the_sdm),
		cmocka_unit_test(nw_and_cd_are_free),
		cmocka_unit_test(any_capabilities_are_obeyed),
		cmocka_unit_test(unknown_fields_end_the_check),
		cmocka_unit_test(violations_beyond_the_room_are_counted),
		cmocka_unit_test(the_table_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Unit tests of a VMCS as a value, of the bases and of the fuzzer's states made from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "rules_compare.h"
#include "rules_models.h"
#include "rules_states.h"
#include "state/bases.h"

enum { SEED = 7, STATES = 2000 };

/* Every field has an index and comes back from it; everything else has none. */
static void
encodings_and_indexes_belong_together(void **state)
{
	unsigned named = 0;

	(void)state;
	for (uint32_t encoding = 0; encoding < 0x20000; encoding++) {
		int index = vmcs_index(encoding);

		assert_in_range(index + 1, 0, VMCS_FIELD_COUNT);
		if (index >= 0) {
			assert_int_equal(vmcs_encoding((unsigned)index), encoding);
			named++;
		}
	}
	assert_int_equal(named, VMCS_FIELD_COUNT);
	assert_int_equal(vmcs_index(GUEST_CR0 + 1), -1);
	assert_int_equal(vmcs_index(VMCS_LINK_POINTER + 1), -1);
	assert_int_equal(vmcs_index(0x6fff), -1);
	assert_int_equal(vmcs_index(UINT32_MAX), -1);
	assert_int_equal(vmcs_index(UINT32_MAX - 1), -1);
	assert_int_equal(vmcs_index(0x80000000), -1);
}

/* Values are cut to the field's width; fields that do not exist are 0 and stay so. */
static void
values_have_the_fields_width(void **state)
{
	struct vmcs vmcs = { 0 };

	(void)state;
	vmcs_set(&vmcs, GUEST_CS_SELECTOR, ~0ull);
	vmcs_set(&vmcs, GUEST_CS_LIMIT, ~0ull);
	vmcs_set(&vmcs, GUEST_CS_BASE, ~0ull);
	vmcs_set(&vmcs, VMCS_LINK_POINTER, ~0ull);
	assert_true(vmcs_get(&vmcs, GUEST_CS_SELECTOR) == 0xffff);
	assert_true(vmcs_get(&vmcs, GUEST_CS_LIMIT) == 0xffffffff);
	assert_true(vmcs_get(&vmcs, GUEST_CS_BASE) == ~0ull);
	assert_true(vmcs_get(&vmcs, VMCS_LINK_POINTER) == ~0ull);
	vmcs_set(&vmcs, 0x6fff, 1);
	assert_true(vmcs_get(&vmcs, 0x6fff) == 0);
	assert_true(vmcs_get(&vmcs, GUEST_SS_SELECTOR) == 0);
	assert_true(vmcs.known[vmcs_index(GUEST_CS_BASE)]);
	assert_false(vmcs.known[vmcs_index(GUEST_SS_BASE)]);
}

/* Memory keeps what was written last, is 0 elsewhere, and complains instead of overflowing. */
static void
memory_is_small_and_bounded(void **state)
{
	struct vmcs vmcs = { 0 }, full;
	int saved_stderr = dup(STDERR_FILENO);

	(void)state;
	for (uint64_t i = 0; i < VMCS_MEMORY_WORDS; i++)
		vmcs_set_memory(&vmcs, 0x1000 + 8 * i, i + 1);
	for (uint64_t i = 0; i < VMCS_MEMORY_WORDS; i++)
		vmcs_set_memory(&vmcs, 0x1000 + 8 * i, i + 100);
	assert_int_equal(vmcs.word_count, VMCS_MEMORY_WORDS);
	for (uint64_t i = 0; i < VMCS_MEMORY_WORDS; i++)
		assert_true(vmcs_memory(&vmcs, 0x1000 + 8 * i) == i + 100);
	assert_true(vmcs_memory(&vmcs, 0x2000) == 0);
	full = vmcs;
	assert_non_null(freopen("/dev/null", "w", stderr));
	vmcs_set_memory(&vmcs, 0x2000, 5);
	fflush(stderr);
	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	assert_memory_equal(&vmcs, &full, sizeof(vmcs));
}

/* As the rules' input a VMCS tells what it knows, one by one and many at once, and no more. */
static void
input_tells_what_is_known(void **state)
{
	struct vmcs vmcs = { 0 };
	struct rule_input input = vmcs_rule_input(&vmcs, &any_processor);
	const uint32_t fields[] = { GUEST_CR0, GUEST_CR3, GUEST_UINV };
	uint64_t value, values[3];
	bool known[3];

	(void)state;
	assert_false(input.current_vmcs_known);
	assert_ptr_equal(input.capabilities, &any_processor);
	vmcs.address = 0x5000;
	vmcs_set(&vmcs, GUEST_CR0, 0x21);
	input = vmcs_rule_input(&vmcs, &any_processor);
	assert_true(input.current_vmcs_known && input.current_vmcs == 0x5000);
	assert_true(input.read(input.context, GUEST_CR0, &value) && value == 0x21);
	assert_false(input.read(input.context, GUEST_CR3, &value));
	assert_false(input.read(input.context, 0x6fff, &value));
	input.read_many(input.context, fields, 3, values, known);
	assert_true(known[0] && values[0] == 0x21 && !known[1] && !known[2]);
	assert_false(input.read_memory(input.context, 0x5000, &value));
	vmcs_set_memory(&vmcs, 0x5000, 9);
	assert_true(input.read_memory(input.context, 0x5000, &value) && value == 9);
	assert_true(input.read_memory(input.context, BASE_CR3, &value) && value == 0);
}

/* A base breaks no rule of its processor, by the oracle's judgement. */
static void
bases_break_no_rule(void **state)
{
	unsigned made[MODELS] = { 0 };

	(void)state;
	models_derive();
	for (unsigned model = 0; model < BOCHS_MODELS; model++) {
		for (unsigned i = 0; i < base_count(); i++) {
			struct oracle oracle;
			struct vmcs vmcs;

			if (base_make(i, &models[model], &vmcs))
				continue;
			made[model]++;
			oracle_judge(&oracle, &vmcs, &models[model], false);
			for (unsigned id = 0; id < CATALOGUE_SIZE; id++)
				if (oracle.violated[id])
					fail_msg("%s on %s violates %s", base_name(i),
					        model_names[model],
					        catalogue_name((enum catalogue_id)id));
		}
	}
	assert_int_equal(made[SAPPHIRE_RAPIDS], base_count());
	assert_int_equal(made[ARROW_LAKE], base_count());
	assert_true(made[PENRYN] > 10 && made[PENRYN] < made[LYNNFIELD]);
	assert_true(made[LYNNFIELD] < made[ARRANDALE]);
}

static void
bases_have_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < base_count(); i++)
		assert_int_equal(base_find(base_name(i)), i);
	assert_int_equal(base_find("no such base"), -1);
}

/* Seed and number make the state, whatever was made before; others make others. */
static void
random_states_are_reproducible(void **state)
{
	struct state_source source;
	struct vmcs first, again, other;
	unsigned same_as_next = 0, same_as_seed = 0;

	(void)state;
	models_derive();
	states_prepare(&source, &models[SKYLAKE_X]);
	for (uint64_t i = 0; i < STATES; i++) {
		unsigned base = fuzz_state(&source.fuzz, SEED, i, &first);

		fuzz_state(&source.fuzz, SEED, i + 1, &other);
		same_as_next += memcmp(&first, &other, sizeof(first)) == 0;
		fuzz_state(&source.fuzz, SEED + 1, i, &other);
		same_as_seed += memcmp(&first, &other, sizeof(first)) == 0;
		assert_int_equal(fuzz_state(&source.fuzz, SEED, i, &again), base);
		assert_memory_equal(&first, &again, sizeof(first));
		states_make(&source, SEED, i, &first);
		states_make(&source, SEED, i, &again);
		assert_memory_equal(&first, &again, sizeof(first));
	}
	assert_true(same_as_next < STATES / 20 && same_as_seed < STATES / 20);
	states_free(&source);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodings_and_indexes_belong_together),
		cmocka_unit_test(values_have_the_fields_width),
		cmocka_unit_test(memory_is_small_and_bounded),
		cmocka_unit_test(input_tells_what_is_known),
		cmocka_unit_test(bases_break_no_rule),
		cmocka_unit_test(bases_have_names),
		cmocka_unit_test(random_states_are_reproducible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

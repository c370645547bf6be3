/* Unit tests of kernel/grade/judge_rules.c: which Bochs the engine is, as bochs= says it, or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <r33/array.h>

#include "grade/judge_rules.h"
#include "grade/linked_vmcs.h"
#include "grade/result.h"
#include "rules_models.h"
#include "state/bases.h"
#include "vmx/backend.h"
#include "vmx/deviations.h"
#include "vmx/regions.h"

struct capabilities vmx_capabilities;
static struct vmcs current;

static enum vmx_result
read_current(uint32_t field, uint64_t *value)
{
	int index = vmcs_index(field);

	if (index < 0 || !current.known[index])
		return VMX_FAIL_VALID;
	*value = current.values[index];
	return VMX_SUCCEED;
}

static const struct vmx_backend fake = { .read = read_current };
const struct vmx_backend *vmx = &fake;

uint64_t
guest_vmcs(void)
{
	return 0x1000;
}

bool
linked_vmcs_at(uint64_t address)
{
	(void)address;
	return false;
}

/* Does the judge believe that the engine enters this state, which breaks the rule? */
static bool
is_let_pass(const char *bochs, const char *rule)
{
	struct rule_violation violations[MAX_RULE_VIOLATIONS];
	bool engine_lets_pass;

	deviations_of_bochs(bochs);
	assert_int_equal(
	        judge_rules(&part_register_context, NULL, violations, &engine_lets_pass), 1);
	assert_string_equal(violations[0].rule->id, rule);
	return engine_lets_pass;
}

static void
make_current(enum model model, const char *base)
{
	models_derive();
	vmx_capabilities = models[model];
	assert_null(base_make((unsigned)base_find(base), &models[model], &current));
}

/* Bochs 2.7 does not look at it, 3.0 does. */
static void
only_the_older_one_lets_it_pass(void **state)
{
	static const char rule[] = "SEG-CS-DPL-NONCONF";

	(void)state;
	make_current(TIGERLAKE, "64-bit");
	vmcs_set(&current, GUEST_CS_ACCESS_RIGHTS, 0xa0fb);
	vmcs_set(&current, GUEST_CS_SELECTOR, 0x0b);
	assert_true(is_let_pass("2.7", rule));
	assert_false(is_let_pass("3.0", rule));
	assert_true(is_let_pass("any", rule));
	assert_false(is_let_pass("3.0", rule));
	assert_true(is_let_pass("2.8", rule)); /* not measured: any of them */
	assert_false(is_let_pass("", rule));   /* a processor */
}

/* And the other way round. */
static void
only_the_newer_one_lets_it_pass(void **state)
{
	static const char rule[] = "PKRS-HI";

	(void)state;
	make_current(ARROW_LAKE, "pkrs");
	vmcs_set(&current, GUEST_IA32_PKRS, 1ull << 32);
	assert_false(is_let_pass("2.7", rule));
	assert_true(is_let_pass("3.0", rule));
	assert_true(is_let_pass("any", rule));
	assert_false(is_let_pass("2.7", rule));
	assert_true(is_let_pass("2.8", rule));
	assert_false(is_let_pass("", rule));
}

/* Of a machine of which nothing is said nobody thinks as of Bochs, and what was said before is forgotten. */
static void
only_bochs_deviates(void **state)
{
	static const char *const of_bochs[] = { "2.7", "3.0", "2.8", "any" };

	(void)state;
	assert_int_equal(deviations.first, deviations.end);
	assert_false(deviations.saves_blocking_by_smi);
	for (size_t i = 0; i < COUNT(of_bochs); i++) {
		deviations_of_bochs(of_bochs[i]);
		assert_int_equal(deviations.end - deviations.first, i < 2 ? 1 : BOCHS_VERSIONS);
		assert_true(deviations.saves_blocking_by_smi);
	}
	deviations_of_bochs("");
	assert_int_equal(deviations.first, deviations.end);
	assert_false(deviations.saves_blocking_by_smi);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_bochs_deviates),
		cmocka_unit_test(only_the_older_one_lets_it_pass),
		cmocka_unit_test(only_the_newer_one_lets_it_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the text report says of one failed case: nothing twice, nothing that leads astray. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/report.h"

#define RULE(id, hint) \
	"{\"id\":\"" id \
	"\",\"section\":\"27.3.1.2 Checks\",\"message\":\"is wrong\",\"hint\":\"" hint "\"}"
#define TRIED(field, value) \
	"{\"violations\":[{\"instruction\":\"VMWRITE\",\"message\":\"no\",\"field\":\"" field \
	"\",\"value\":\"" value "\"}],\"violation_count\":1}"

/* The text of a case with that outcome and these details must be this. */
static void
assert_text(const char *outcome, const char *details, const char *expected)
{
	struct reported_case result = {
		.status = CASE_FAILED, .outcome = outcome, .details = json_loads(details, 0, NULL)
	};
	char *text;

	assert_non_null(result.details);
	text = report_case_string(&result, false);
	assert_string_equal(text, expected);
	free(text);
	json_decref(result.details);
}

/* Hint and section stand below the last of the rules that share them. */
static void
rules_share_their_hint(void **state)
{
	(void)state;
	assert_text("entry-failed",
	        "{\"rules\":[" RULE("A", "mask it") "," RULE("B", "mask it") "," RULE(
	                "C", "set it") "]}",
	        "rule       A: is wrong\n"
	        "rule       B: is wrong\n"
	        "           mask it\n"
	        "rule       C: is wrong\n"
	        "           set it\n"
	        "           SDM 3C 27.3.1.2 Checks\n");
}

/* A guest that is to be refused is not repaired. */
static void
no_repair_where_refusal_is_right(void **state)
{
	(void)state;
	assert_text("missed-refusal", "{\"rules\":[" RULE("A", "mask it") "]}",
	        "rule       A: is wrong\n"
	        "           SDM 3C 27.3.1.2 Checks\n");
}

/* Six rules are shown, the others counted. */
static void
many_rules_are_counted(void **state)
{
	(void)state;
	assert_text("entry-failed",
	        "{\"rules\":[" RULE("A", "x") "," RULE("B", "x") "," RULE("C", "x") "," RULE(
	                "D", "x") "," RULE("E", "x") "," RULE("F", "x") "," RULE("G",
	                "x") "," RULE("H", "y") "]}",
	        "rule       A: is wrong\n"
	        "rule       B: is wrong\n"
	        "rule       C: is wrong\n"
	        "rule       D: is wrong\n"
	        "rule       E: is wrong\n"
	        "rule       F: is wrong\n"
	        "           x\n"
	        "           SDM 3C 27.3.1.2 Checks\n"
	        "rule       and 2 more\n");
}

/* A value that is the number of a guest-state field, in a field that is none. */
static void
swapped_arguments_are_seen(void **state)
{
	(void)state;
	assert_text("lab-violation", TRIED("EOI_EXIT_BITMAP2", "0x6804"),
	        "not yours  VMWRITE EOI_EXIT_BITMAP2 = 0x6804: no (0x6804 is GUEST_CR4: are field "
	        "and value swapped?)\n");
	assert_text("lab-violation", TRIED("0x22ac", "0x6804"),
	        "not yours  VMWRITE 0x22ac = 0x6804: no (0x6804 is GUEST_CR4: are field and value "
	        "swapped?)\n");
	assert_text("lab-violation", TRIED("GUEST_RIP", "0x6804"),
	        "not yours  VMWRITE GUEST_RIP = 0x6804: no\n");
	assert_text("lab-violation", TRIED("TSC_OFFSET", "0x2010"),
	        "not yours  VMWRITE TSC_OFFSET = 0x2010: no\n");
	assert_text("lab-violation", TRIED("TSC_OFFSET", "0x100006804"),
	        "not yours  VMWRITE TSC_OFFSET = 0x100006804: no\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_share_their_hint),
		cmocka_unit_test(no_repair_where_refusal_is_right),
		cmocka_unit_test(many_rules_are_counted),
		cmocka_unit_test(swapped_arguments_are_seen),
	};

	return cmocka_run_group_tests_name("a case's text", tests, NULL, NULL);
}

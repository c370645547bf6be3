/* Unit tests of what r33 gdb shows of Bochs' log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gdb/log.h"

#define SHOWN 10

/* A log with this many failed entries, a line about something else behind each. */
static void
check_tail(unsigned failures)
{
	char log[8192] = "", expected[4096] = "", printed[4096] = "";
	FILE *in, *out = fmemopen(printed, sizeof(printed), "w");

	for (unsigned i = 1; i <= failures; i++) {
		char line[80];

		snprintf(line, sizeof(line), "e[CPU0  ] VMENTER FAIL: number %u\n", i);
		strcat(log, line);
		strcat(log, "e[CPU0  ] something else\n");
		if (i + SHOWN > failures)
			strcat(expected, line);
	}
	strcat(log, "e[CPU0  ] the last line\n");
	in = fmemopen(log, strlen(log), "r");
	assert_true(in && out);
	gdb_log_tail(in, out);
	fclose(in);
	fclose(out);
	assert_string_equal(printed, expected);
}

/* The last ten failed entries, the oldest first, and no line of another kind. */
static void
last_failures_in_order(void **state)
{
	(void)state;
	for (unsigned failures = 0; failures <= 3 * SHOWN + 1; failures++)
		check_tail(failures);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(last_failures_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

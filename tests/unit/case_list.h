/* The graded cases that a test is linked with.  After <cmocka.h>. */
#pragma once

#include <string.h>

#include "grade/case.h"

#define CASE_COUNT ((size_t)(cases_end - cases_start))

/* The case with this id; the test fails when there is none. */
static inline const struct test_case *
find(const char *id)
{
	for (size_t i = 0; i < CASE_COUNT; i++)
		if (strcmp(cases_start[i]->id, id) == 0)
			return cases_start[i];
	fail_msg("there is no case %s", id);
	return NULL;
}

/* Does the title say that the answer is REFUSE? */
static inline bool
is_refused(const struct test_case *test)
{
	return strstr(test->title, "is refused") != NULL;
}

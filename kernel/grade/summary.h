/*
 * What a run was worth, for a reader who has nothing but the screen: the verdicts above have scrolled
 * away.  Reports are the host's; this is not part of the record stream.
 */
#pragma once

struct case_result;
struct test_case;

/* Remember what became of a case; result: NULL when it was skipped. */
void summary_add(const struct test_case *test, const struct case_result *result);

/* Points of each lab, the cases that were lost, the total: as many names as one screen has room for. */
void summary_print(void);

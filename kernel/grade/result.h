/* What became of a case, and how the record stream and the console say it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grade/case.h"
#include "grade/guest_run.h"
#include "grade/record_words.h"
#include "lab/run.h"
#include "rules/rules.h"

/* For result.engine_note: the guest was not asked, the judge compared what was written. */
#define SEGMENT_LIMITS_NOT_SHOWN \
	"not shown by this engine: segment limits; the fields were compared instead"

#define MAX_RULE_VIOLATIONS 24
#define SENTENCE_MAX        480

struct difference {
	const struct observation *observation; /* of result->observations */
	uint64_t got;
};

struct case_result {
	enum case_outcome outcome;
	unsigned earned; /* of the case's points, when it is not passed */
	char message[SENTENCE_MAX];
	char expected[SENTENCE_MAX];
	char wish[SENTENCE_MAX];
	bool lab_ran; /* log is valid */
	struct lab_log log;
	bool guest_ran; /* guest is valid */
	struct guest_outcome guest;
	size_t rule_count;
	struct rule_violation rules[MAX_RULE_VIOLATIONS];
	struct observation observations[MAX_OBSERVATIONS];
	const char *
	        engine_note; /* what the engine could not show, in a sentence; NULL: it showed all */
	const struct part *part;         /* whose fields are judged in: */
	char fields[MAX_ALL_FIELDS + 1]; /* enum field_state of each; "": they are not judged */
	size_t difference_count;
	struct difference differences[MAX_OBSERVATIONS];
};

/* Set the outcome and its sentence; later calls overwrite earlier ones. */
void result_set(struct case_result *result, enum case_outcome outcome, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* Lengthen the sentence; what is too long is cut. */
void result_append(struct case_result *result, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* Write the test point of case number n. */
void result_record(const struct case_result *result, const struct test_case *test, unsigned number);

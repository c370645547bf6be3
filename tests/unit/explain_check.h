/* What the tests of r33 explain share: a dump is judged, and what was found is compared. */
#pragma once

#include <r33/array.h>

#include "dump_check.h"
#include "explain/explain.h"
#include "rules/rules.h"

#define HEADER "# reason33 dump 1\n"
#define VALID  "explain/r33-64.txt"

/* One dump and what was made of it. */
struct judged {
	struct dump_file file;
	struct caps caps;
	struct explanation explanation;
};

static inline void
judge_text(struct judged *judged, const char *text)
{
	dump_read(&judged->file, text, strlen(text));
	assert_null(judged->file.error);
	caps_of_any_processor(&judged->caps);
	explain(&judged->explanation, &judged->file.dumps[0], &judged->caps);
}

/* A valid dump with some lines put before it: the first value of a field counts. */
static inline void
judge(struct judged *judged, const char *changes)
{
	size_t size;
	char *base = fixture(VALID, &size);
	char *text = new_string(HEADER "%s%s", changes, base + strlen(HEADER));

	judge_text(judged, text);
	free(text);
	free(base);
}

static inline void
judge_fixture(struct judged *judged, const char *name)
{
	size_t size;
	char *text = fixture(name, &size);

	judge_text(judged, text);
	free(text);
}

static inline void
forget(struct judged *judged)
{
	explanation_free(&judged->explanation);
	dump_file_free(&judged->file);
}

/* The identifiers of the violated rules, in order. */
static inline char *
violated(const struct judged *judged)
{
	char *text = copy_string("");

	for (size_t i = 0; i < judged->explanation.violation_count; i++) {
		char *longer = new_string("%s%s%s", text, *text ? " " : "",
		        judged->explanation.violations[i].rule->id);

		free(text);
		text = longer;
	}
	return text;
}

static inline void
assert_violated(const struct judged *judged, const char *ids)
{
	char *seen = violated(judged);

	if (strcmp(seen, ids) != 0)
		fail_msg("%s: '%s' instead of '%s'", checked, seen, ids);
	free(seen);
}

static inline const struct unknown_rule *
find_unknown(const struct judged *judged, const char *id)
{
	for (size_t i = 0; i < judged->explanation.unknown_count; i++) {
		if (strcmp(judged->explanation.unknown[i].rule->id, id) == 0)
			return &judged->explanation.unknown[i];
	}
	return NULL;
}

static inline bool
is_in_remarks(const struct explanation *explanation, const char *text)
{
	for (int i = 0; i < explanation->remark_count; i++) {
		if (strstr(explanation->remarks[i], text))
			return true;
	}
	return false;
}

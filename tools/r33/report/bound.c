/*
 * How long a report may become.
 *
 * A submission decides how much there is to tell of it: some kilobytes of source make hundreds of
 * megabytes of writes, violations and printed lines, in every format.  So before anything is written,
 * what is told of the cases is cut to a size that every reader can take.  Points, verdicts and titles
 * are never cut, and a case that is says what is missing.
 */
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "report.h"

enum { DETAILS_BYTES = 4 * 1024 * 1024, ESCAPED_BYTES = 5 };

/* What makes the verdict, and stays. */
static const enum record_key verdict_keys[] = { KEY_LAB, KEY_CASE, KEY_POINTS, KEY_EARNED,
	KEY_OUTCOME };

/* What goes first: the longest, that is least missed. */
static const enum record_key long_keys[] = { KEY_WRITES, KEY_VIOLATIONS, KEY_OUTPUT, KEY_OBSERVED };

/* Count part of a JSON text; what XML escapes counts as long as it is there. */
static int
count_part(const char *bytes, size_t length, void *size)
{
	for (size_t i = 0; i < length; i++)
		*(size_t *)size += strchr("<>&\\", bytes[i]) ? ESCAPED_BYTES : 1;
	return 0;
}

/* The bytes of the details in the longest of the reports, but for the indentation. */
static size_t
size_of(const json_t *details)
{
	size_t size = 0;

	if (details)
		json_dump_callback(details, count_part, &size, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	return size;
}

/* Is it part of the verdict? */
static bool
is_verdict(const char *key)
{
	for (size_t i = 0; i < COUNT(verdict_keys); i++) {
		if (strcmp(key, record_keys[verdict_keys[i]].word) == 0)
			return true;
	}
	return false;
}

/* Leave one member out, and note its name. */
static void
leave_out(json_t *details, json_t *names, const char *key)
{
	if (!json_object_get(details, key))
		return;
	json_array_append_new(names, json_string(key));
	json_object_del(details, key);
}

/* Leave out all but the verdict. */
static void
leave_verdict(json_t *details, json_t *names)
{
	json_t *all = json_copy(details);
	const char *key;
	json_t *value;

	json_object_foreach(all, key, value)
	{
		if (!is_verdict(key) && value != names)
			leave_out(details, names, key);
	}
	json_decref(all);
}

/* Leave out what is long, and if that is not enough the rest. */
static void
cut(json_t *details, size_t most)
{
	json_t *names = json_array();

	json_object_set_new(details, "left_out", names);
	for (size_t i = 0; i < COUNT(long_keys); i++) {
		if (size_of(details) > most)
			leave_out(details, names, record_keys[long_keys[i]].word);
	}
	if (size_of(details) > most)
		leave_verdict(details, names);
}

void
report_bound(const struct grade *grade)
{
	/* Half is shared out: a case takes of the other half what those before it have left. */
	size_t share = DETAILS_BYTES / 2 / (size_t)(grade->case_count ? grade->case_count : 1);
	size_t left = DETAILS_BYTES;

	for (int i = 0; i < grade->case_count; i++) {
		json_t *details = grade->cases[i]->details;
		size_t most = left - share * (size_t)(grade->case_count - 1 - i);

		if (size_of(details) > most)
			cut(details, most);
		left -= size_of(details) < most ? size_of(details) : most;
	}
}

char *
report_left_out(const struct grade *grade)
{
	int count = 0;

	for (int i = 0; i < grade->case_count; i++)
		count += json_object_get(grade->cases[i]->details, "left_out") != NULL;
	return count ? new_string("%d case%s shown without all details, because the report would "
	                          "be too long; points and verdicts are complete",
	                       count, count == 1 ? " is" : "s are")
	             : NULL;
}

char *
report_case_left_out(const struct reported_case *result)
{
	const json_t *names = json_object_get(result->details, "left_out");
	char *text = NULL;
	size_t length, i;
	json_t *name;
	FILE *out = names ? open_memstream(&text, &length) : NULL;

	if (!out)
		return NULL;
	json_array_foreach(names, i, name)
	        fprintf(out, "%s%s", i ? ", " : "", json_string_value(name));
	fputs(": the report would be too long", out);
	fclose(out);
	return text;
}

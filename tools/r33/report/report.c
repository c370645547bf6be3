/* What the reports share, and where they go. */
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "base/save.h"

static const struct report_format formats[] = {
	{ "text", report_text },
	{ "json", report_json },
	{ "tap", report_tap },
	{ "junit", report_junit },
	{ "gradescope", report_gradescope },
	{ "html", report_html },
};

/* The format with this name, or NULL. */
const struct report_format *
report_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}

/* A status as a word. */
const char *
report_status_word(enum case_status status)
{
	static const char *const words[] = {
		[CASE_MISSING] = "missing",
		[CASE_PASSED] = "passed",
		[CASE_FAILED] = "failed",
		[CASE_SKIPPED] = "skipped",
	};

	return words[status];
}

/* A case's title, or what else it is called. */
const char *
report_title(const struct case_result *result)
{
	return result->title ? result->title : result->id ? result->id : "a case that was planned";
}

/* A case's identifier. */
const char *
report_id(const struct case_result *result)
{
	return result->id ? result->id : "unknown";
}

/* The engine, its version and the model. */
char *
report_machine(const struct grade *grade)
{
	return new_string("%s%s%s, %s", grade->engine, grade->engine_version[0] ? " " : "",
	        grade->engine_version, grade->cpu);
}

/* The lab's directory. */
const char *
report_lab_name(const struct grade *grade, int lab)
{
	for (int i = 0; i < grade->labs.count; i++) {
		if (grade->labs.labs[i].number == lab)
			return grade->labs.labs[i].directory;
	}
	return "unknown lab";
}

/* What a failed case has to say, as a string. */
char *
report_case_string(const struct case_result *result, bool with_output)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return copy_string("");
	report_case_text(out, result, 0, with_output);
	fclose(out);
	return text;
}

/* Several labs as text on the standard output: somebody looks at a screen. */
static bool
is_overview(const struct output *output, const struct options *options, const struct grade *grade)
{
	return output->format->write == report_text && strcmp(output->path, "-") == 0 &&
	       grade->labs.count > 1 && grade->end == RUN_DONE && !options->details &&
	       !options->timings;
}

/* Write one report to its file or to stdout. */
static bool
write_output(const struct output *output, const struct options *options, const struct grade *grade)
{
	struct save save;
	FILE *out = save_begin(&save, output->path);
	bool good;

	if (!out)
		return false;
	good = is_overview(output, options, grade)
	               ? report_overview(out, grade)
	               : output->format->write(out, grade, options->timings);
	return save_end(&save, good);
}

/* Write every report that was asked for. */
bool
report_write_all(const struct options *options, const struct grade *grade)
{
	bool good = true;

	report_bound(grade);
	for (int i = 0; i < options->output_count; i++)
		good &= write_output(&options->outputs[i], options, grade);
	return good;
}

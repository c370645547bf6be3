/* The formats, and where the reports go. */
#include "report.h"

#include <string.h>

#include <r33/array.h>

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
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}

/* Several labs as text on standard output: for a screen. */
static bool
is_overview(const struct output *output, const struct report_options *options,
        const struct grade *grade)
{
	return output->format->write == report_text && strcmp(output->path, "-") == 0 &&
	       grade->labs.count > 1 && grade->end == RUN_DONE && !options->details &&
	       !options->timings;
}

/* Write one report to its file or to stdout. */
static bool
write_output(const struct output *output, const struct report_options *options,
        const struct grade *grade)
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

bool
report_check(const struct report_options *options)
{
	for (int i = 0; i < options->output_count; i++) {
		if (!save_check(options->outputs[i].path))
			return false;
	}
	return true;
}

bool
report_write_all(const struct report_options *options, const struct grade *grade)
{
	bool good = true;

	report_bound(grade);
	for (int i = 0; i < options->output_count; i++)
		good &= write_output(&options->outputs[i], options, grade);
	return good;
}

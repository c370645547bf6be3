/* What the reports share: names and words. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

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

const char *
report_title(const struct reported_case *result)
{
	return result->title ? result->title : result->id ? result->id : "a planned case";
}

const char *
report_id(const struct reported_case *result)
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

const char *
report_refused_by(const struct grade *grade)
{
	static const char processor[] = "backend=processor ", svm[] = "backend=svm ";
	const char *machine = grade->stream ? grade->stream->machine : NULL;

	if (!machine)
		return NULL;
	return strncmp(machine, processor, strlen(processor)) == 0 ? "processor"
	       : strncmp(machine, svm, strlen(svm)) == 0           ? "rules"
	                                                           : NULL;
}

const char *
report_engine_remark(const struct grade *grade)
{
	const char *by = report_refused_by(grade);

	return by && strcmp(by, "rules") == 0 ? "On this engine the rules refuse an entry, not the "
	                                        "processor; guests really run."
	                                      : NULL;
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
report_case_string(const struct reported_case *result, bool with_output)
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

/* Reports: one writer per format, all from struct grade.  A writer returns false when it failed. */
#pragma once

#include "run/grade.h"

/* A report format; the table is in report.c. */
struct report_format {
	const char *name;
	bool (*write)(FILE *out, const struct grade *grade, bool timings);
};
const struct report_format *report_format_find(const char *name);

/* One report to write: "--format F -o FILE". */
struct output {
	const struct report_format *format;
	const char *path; /* "-" = stdout */
};

enum { REPORT_OUTPUTS = 8 };

/* All of them. */
struct report_options {
	struct output outputs[REPORT_OUTPUTS];
	int output_count;
	bool timings;
	bool details; /* of all labs on the screen */
};

/* Could they be written?  False after a complaint. */
bool report_check(const struct report_options *options);

/* Write every report that was asked for.  False after a complaint. */
bool report_write_all(const struct report_options *options, const struct grade *grade);

bool report_text(FILE *out, const struct grade *grade, bool timings);
bool report_json(FILE *out, const struct grade *grade, bool timings);
bool report_tap(FILE *out, const struct grade *grade, bool timings);
bool report_junit(FILE *out, const struct grade *grade, bool timings);
bool report_html(FILE *out, const struct grade *grade, bool timings);
bool report_gradescope(FILE *out, const struct grade *grade, bool timings);

/* The text report of several labs on one screen; only of a run that is done. */
bool report_overview(FILE *out, const struct grade *grade);

/* Cut what is told of the cases to a size that every reader can take; "left_out" says what is missing. */
void report_bound(const struct grade *grade);

/* A sentence if anything was, for the whole report, and what it was in one case; or NULL.  The caller frees it. */
char *report_left_out(const struct grade *grade);
char *report_case_left_out(const struct reported_case *result);

/* What a lab or the compiler printed, line by line after a label and a bar; truncated: there was more. */
void report_printed(FILE *out, int indent, const char *label, const char *text, bool truncated);

/*
 * What a failed case has to say, as text for people, each line indented: what was expected and
 * what happened, rules, fields, source lines, hint; with_output: also what the lab printed.
 * indent may be UNWRAPPED (wrap.h).
 */
void report_case_text(FILE *out, const struct reported_case *result, int indent, bool with_output);

/* The same as a string. */
char *report_case_string(const struct reported_case *result, bool with_output);

/* What of the case the engine could not show, on a line like those of report_case_text(), if anything. */
void report_engine_note(FILE *out, const struct reported_case *result, int indent);

/* "bochs 2.7, tigerlake".  The caller frees it. */
char *report_machine(const struct grade *grade);

/* Who refuses a VM entry: "processor", or "rules" where the kernel performs VMX itself; NULL: no kernel ran. */
const char *report_refused_by(const struct grade *grade);

/* A sentence for the report's head if it is not the processor, or NULL. */
const char *report_engine_remark(const struct grade *grade);

/* "1-control-registers", or "lab 3" if the tree has no such lab. */
const char *report_lab_name(const struct grade *grade, int lab);

/* A new object with all that is known of a case, for JSON. */
json_t *report_case_json(const struct reported_case *result);

/* Points of a lab or of the run, as JSON. */
json_t *report_points_json(const struct points *points);

/* "passed", "failed", "skipped", "missing" */
const char *report_status_word(enum case_status status);

/* A case's title, or what else it is called. */
const char *report_title(const struct reported_case *result);
const char *report_id(const struct reported_case *result);

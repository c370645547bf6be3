/*
 * The whole course on one screen of 24 lines and 80 columns: a line per lab, and the first lost
 * cases as far as there is room.  It leaves a line for the shell, and one for make's complaint.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

enum {
	SCREEN_LINES = 22,
	SCREEN_COLUMNS = 80,
	NAME_COLUMNS = 30, /* of a lab's directory */
	LOST_COLUMNS = 32, /* of a lost case's line, before its sentence */
	FRAME_LINES = 7,   /* all but labs, lost cases and warnings */
	WARNING_LINES = 3, /* a blank line and two lines of the terminal */
};

/* The first line of a text, made safe and cut to this many columns. */
static void
write_cut(FILE *out, const char *text, int columns)
{
	char *clean = clean_string(text);
	char *at = clean;
	int used = 0;

	clean[strcspn(clean, "\n")] = '\0';
	/* Continuation bytes of UTF-8 take no column. */
	while (*at && (used < columns || (*at & 0xc0) == 0x80))
		used += (*at++ & 0xc0) != 0x80;
	if (*at) {
		at -= at - clean > 3 ? 3 : 0;
		while (at > clean && (*at & 0xc0) == 0x80)
			at--;
		*at = '\0';
		fprintf(out, "%s...", clean);
	} else {
		fputs(clean, out);
	}
	free(clean);
}

/* The same in a column: cut without a word, or filled with blanks. */
static void
write_column(FILE *out, const char *text, int columns)
{
	char *clean = clean_string(text);
	char *at = clean;
	int used = 0;

	clean[strcspn(clean, "\n")] = '\0';
	while (*at && (used < columns || (*at & 0xc0) == 0x80))
		used += (*at++ & 0xc0) != 0x80;
	fprintf(out, "%.*s%*s", (int)(at - clean), clean, columns - used, "");
	free(clean);
}

/* A number, or nothing for none: so that losses are easy to see. */
static void
write_count(FILE *out, int count)
{
	if (count)
		fprintf(out, "%8d", count);
	else
		fprintf(out, "%8s", "-");
}

/* One lab, or all of them. */
static void
write_points(FILE *out, const char *label, const char *name, const struct points *points)
{
	fprintf(out, "%s %3d of 100 points  ", label, points->scaled);
	write_column(out, name, NAME_COLUMNS);
	write_count(out, points->passed);
	write_count(out, points->failed);
	write_count(out, points->skipped);
	fputc('\n', out);
}

/* The labs' lines and the total. */
static void
write_labs(FILE *out, const struct grade *grade)
{
	struct points points = grade_points(grade, 0);
	char name[64];

	fprintf(out, "%-26s%-30s%8s%8s%8s\n", "", "", "passed", "failed", "skipped");
	for (int i = 0; i < grade->labs.count; i++) {
		const struct lab *lab = &grade->labs.labs[i];
		struct points of_lab = grade_points(grade, lab->number);
		char label[16];

		snprintf(label, sizeof(label), "Lab %d:", lab->number);
		write_points(out, label, lab->directory + 2, &of_lab);
	}
	snprintf(name, sizeof(name), "%d of %d in all labs", points.earned, points.possible);
	write_points(out, "Total:", name, &points);
}

/* A line of a lab: a case and its sentence, which is cut. */
static void
write_lost(FILE *out, int lab, const char *id, const char *sentence)
{
	fprintf(out, "  %d ", lab);
	write_column(out, id, LOST_COLUMNS - 5);
	fputc(' ', out);
	write_cut(out, sentence, SCREEN_COLUMNS - LOST_COLUMNS);
	fputc('\n', out);
}

/* A case that lost points; the first rule that it broke says more than the exit reason. */
static void
write_lost_case(FILE *out, const struct reported_case *result)
{
	const json_t *rule = json_array_get(block_member(result->details, KEY_RULES), 0);
	const char *message = block_string(result->details, KEY_MESSAGE);
	const char *broken = block_string(rule, KEY_RULE_MESSAGE);
	char *sentence = rule && broken
	                         ? new_string("%s: %s", block_string(rule, KEY_RULE_ID), broken)
	                         : copy_string(message ? message : "it never reported");

	write_lost(out, result->lab, report_id(result), sentence);
	free(sentence);
}

/* All cases of a lab whose code answers none. */
static void
write_lost_lab(FILE *out, int lab, int cases)
{
	char *all = new_string("all %d cases", cases);

	write_lost(out, lab, all, "your function returned UNWRITTEN: not begun");
	free(all);
}

/* Write what was lost from the first case on, at most `room` lines; returns how many it takes. */
static int
write_lost_cases(FILE *out, const struct grade *grade, int room)
{
	int told = 0, lines = 0;

	for (int i = 0; i < grade->case_count; i++) {
		const struct reported_case *result = grade->cases[i];
		int unwritten = grade_unwritten_cases(grade, result->lab);

		if (result->status == CASE_SKIPPED || case_earned(result) == result->points ||
		        (unwritten > 1 && result->lab == told))
			continue;
		told = result->lab;
		if (lines++ >= room)
			continue;
		if (unwritten > 1)
			write_lost_lab(out, result->lab, unwritten);
		else
			write_lost_case(out, result);
	}
	return lines;
}

/* Has the compiler warned of a lab? */
static bool
has_warned(const struct grade *grade)
{
	for (int i = 0; i < grade->labs.count; i++) {
		if (grade->labs.labs[i].state == BUILD_GOOD && grade->labs.labs[i].message)
			return true;
	}
	return false;
}

/* What fits below the labs. */
static void
write_rest(FILE *out, const struct grade *grade)
{
	int room = SCREEN_LINES - FRAME_LINES - grade->labs.count;
	int lost = write_lost_cases(out, grade, 0);

	room -= grade_warning(grade) ? WARNING_LINES : 0;
	room -= report_engine_remark(grade) ? 1 : 0;
	if (lost > 0) {
		fputs("\nLost:\n", out);
		write_lost_cases(out, grade, lost > room ? room - 1 : room);
		if (lost > room)
			fprintf(out, "  and %d more\n", lost - (room - 1));
	}
	fputc('\n', out);
	fprintf(out, "Details%s: --lab N (make gradeN) for one lab, --details for all.\n",
	        has_warned(grade) ? " and warnings" : "");
}

/* The overview; a run without a verdict has none. */
bool
report_overview(FILE *out, const struct grade *grade)
{
	char *machine = report_machine(grade);

	fprintf(out, "Reason 33: %d labs (%s)\n", grade->labs.count, machine);
	free(machine);
	if (report_engine_remark(grade))
		fprintf(out, "%s\n", report_engine_remark(grade));
	write_labs(out, grade);
	write_rest(out, grade);
	if (grade_warning(grade))
		fprintf(out, "\nWarning: %s.\n", grade_warning(grade));
	return !ferror(out);
}

/* JUnit XML, as CI systems read it.  libxml2 writes it and escapes everything. */
#include <stdlib.h>
#include <string.h>
#include <libxml/xmlwriter.h>

#include "report.h"

/* An attribute; XML knows no control characters, so the text is cleaned first. */
static void
attribute(xmlTextWriterPtr writer, const char *name, const char *value)
{
	char *clean = clean_string(value);

	xmlTextWriterWriteAttribute(writer, BAD_CAST name, BAD_CAST clean);
	free(clean);
}

static void
number_attribute(xmlTextWriterPtr writer, const char *name, int value)
{
	xmlTextWriterWriteFormatAttribute(writer, BAD_CAST name, "%d", value);
}

/* Seconds as an attribute; only with --timings, so that two runs give the same bytes without. */
static void
time_attribute(xmlTextWriterPtr writer, double ms)
{
	if (ms >= 0)
		xmlTextWriterWriteFormatAttribute(writer, BAD_CAST "time", "%.3f", ms / 1000);
}

/* <property name= value=/> */
static void
property(xmlTextWriterPtr writer, const char *name, int value)
{
	xmlTextWriterStartElement(writer, BAD_CAST "property");
	attribute(writer, "name", name);
	number_attribute(writer, "value", value);
	xmlTextWriterEndElement(writer);
}

/* <failure>, <error> or <skipped> with its text. */
static void
verdict(xmlTextWriterPtr writer, const struct reported_case *result)
{
	static const char *const elements[] = {
		[CASE_MISSING] = "error",
		[CASE_FAILED] = "failure",
		[CASE_SKIPPED] = "skipped",
	};
	const char *message = block_string(result->details, KEY_MESSAGE);
	char *text, *clean;

	xmlTextWriterStartElement(writer, BAD_CAST elements[result->status]);
	if (result->status == CASE_SKIPPED) {
		attribute(writer, "message", result->skip_reason);
	} else {
		attribute(writer, "message", message ? message : "the case never reported");
		attribute(writer, "type", result->outcome);
		text = report_case_string(result, false);
		clean = clean_string(text);
		xmlTextWriterWriteString(writer, BAD_CAST clean);
		free(clean);
		free(text);
	}
	xmlTextWriterEndElement(writer);
}

/* One <testcase>. */
static void
write_case(xmlTextWriterPtr writer, const struct reported_case *result, const char *lab)
{
	const char *printed = block_string(result->details, KEY_OUTPUT);
	char *clean, *left_out;

	xmlTextWriterStartElement(writer, BAD_CAST "testcase");
	attribute(writer, "classname", lab);
	attribute(writer, "name", report_id(result));
	xmlTextWriterStartElement(writer, BAD_CAST "properties");
	property(writer, "points", result->points);
	property(writer, "earned", case_earned(result));
	xmlTextWriterEndElement(writer);
	if (result->status != CASE_PASSED)
		verdict(writer, result);
	left_out = report_case_left_out(result);
	if (printed || left_out) {
		clean = clean_string(printed ? printed : "");
		xmlTextWriterStartElement(writer, BAD_CAST "system-out");
		xmlTextWriterWriteString(writer, BAD_CAST clean);
		if (left_out)
			xmlTextWriterWriteFormatString(writer, "left out: %s", left_out);
		xmlTextWriterEndElement(writer);
		free(clean);
	}
	free(left_out);
	xmlTextWriterEndElement(writer);
}

/* tests=, failures=, errors=, skipped= */
static void
count_attributes(xmlTextWriterPtr writer, const struct points *points, int more_errors)
{
	number_attribute(writer, "tests", points->cases);
	number_attribute(writer, "failures", points->failed);
	number_attribute(writer, "errors", points->missing + more_errors);
	number_attribute(writer, "skipped", points->skipped);
}

/* One lab. */
static void
write_suite(xmlTextWriterPtr writer, const struct grade *grade, const struct lab *lab)
{
	struct points points = grade_points(grade, lab->number);

	xmlTextWriterStartElement(writer, BAD_CAST "testsuite");
	attribute(writer, "name", lab->directory);
	count_attributes(writer, &points, 0);
	xmlTextWriterStartElement(writer, BAD_CAST "properties");
	property(writer, "earned", points.earned);
	property(writer, "possible", points.possible);
	property(writer, "scaled", points.scaled);
	xmlTextWriterEndElement(writer);
	for (int i = 0; i < grade->case_count; i++) {
		if (grade->cases[i]->lab == lab->number)
			write_case(writer, grade->cases[i], lab->directory);
	}
	if (lab->state == BUILD_DOES_NOT_COMPILE) {
		char *clean = clean_string(lab->message);

		xmlTextWriterWriteElement(writer, BAD_CAST "system-err", BAD_CAST clean);
		free(clean);
	}
	xmlTextWriterEndElement(writer);
}

/* A suite for a run that is not done: a reader of JUnit alone must see it. */
static void
write_run_error(xmlTextWriterPtr writer, const struct grade *grade)
{
	static const struct points one = { .cases = 1 };

	xmlTextWriterStartElement(writer, BAD_CAST "testsuite");
	attribute(writer, "name", "r33");
	count_attributes(writer, &one, 1);
	xmlTextWriterStartElement(writer, BAD_CAST "testcase");
	attribute(writer, "classname", "r33");
	attribute(writer, "name", "run");
	xmlTextWriterStartElement(writer, BAD_CAST "error");
	attribute(writer, "message", grade->end_message);
	attribute(writer, "type", run_end_word(grade->end));
	xmlTextWriterEndElement(writer);
	xmlTextWriterEndElement(writer);
	xmlTextWriterEndElement(writer);
}

/* The document. */
bool
report_junit(FILE *out, const struct grade *grade, bool timings)
{
	struct points points = grade_points(grade, 0);
	xmlBufferPtr buffer = xmlBufferCreate();
	xmlTextWriterPtr writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
	bool done = grade->end == RUN_DONE;

	if (!writer)
		return false;
	xmlTextWriterSetIndent(writer, 1);
	xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
	xmlTextWriterStartElement(writer, BAD_CAST "testsuites");
	attribute(writer, "name", "Reason 33");
	points.cases += !done;
	count_attributes(writer, &points, !done);
	if (timings)
		time_attribute(writer, grade->times.total);
	for (int i = 0; i < grade->labs.count; i++)
		write_suite(writer, grade, &grade->labs.labs[i]);
	if (!done)
		write_run_error(writer, grade);
	xmlTextWriterEndDocument(writer);
	xmlFreeTextWriter(writer);
	fwrite(xmlBufferContent(buffer), 1, (size_t)xmlBufferLength(buffer), out);
	xmlBufferFree(buffer);
	return !ferror(out);
}

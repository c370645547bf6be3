/*
 * Reads one value out of a report, as a program that takes reports in would:
 *
 *	value json FILE a.b.0.c    the member; a list of numbers may be summed: tests.*.score
 *	value xml FILE XPATH       the expression's string value
 *	value compare FILE FILE    nothing, if the JSON reports of two engines differ only where they may
 *
 * Fails when the file is not well-formed, there is no such value, or the reports differ.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

/* Follow the path down from value, summing over "*". */
static int
add_values(const json_t *value, const char *path, double *sum, int *found)
{
	char name[128];
	size_t length = strcspn(path, ".");
	size_t i;
	json_t *item;

	if (!*path) {
		if (json_is_string(value))
			puts(json_string_value(value));
		*sum += json_number_value(value);
		++*found;
		return json_is_string(value);
	}
	snprintf(name, sizeof(name), "%.*s", (int)length, path);
	path += length + (path[length] == '.');
	if (json_is_object(value)) {
		item = json_object_get(value, name);
		return item ? add_values(item, path, sum, found) : 0;
	}
	json_array_foreach(value, i, item)
	{
		if (strcmp(name, "*") == 0 || (size_t)atoi(name) == i)
			add_values(item, path, sum, found);
	}
	return 0;
}

static int
json_value(const char *file, const char *path)
{
	json_error_t error;
	json_t *report = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
	double sum = 0;
	int found = 0;

	if (!report) {
		fprintf(stderr, "%s:%d: %s\n", file, error.line, error.text);
		return 1;
	}
	if (!add_values(report, path, &sum, &found) && found)
		printf("%g\n", sum);
	json_decref(report);
	return !found;
}

/* Is it no difference between engines if these members differ?  Points are of the cases that were not skipped. */
static int
is_engines_own(const char *name)
{
	static const char *const own[] = { "engine", "machine", "time", "engine_note", "earned",
		"possible", "passed", "skipped" };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(name, own[i]) == 0)
			return 1;
	return 0;
}

static int
is_skipped(const json_t *value)
{
	const char *status = json_string_value(json_object_get(value, "status"));

	return status && strcmp(status, "skipped") == 0;
}

/* Print where they differ; returns in how many places. */
static int
differences(const char *path, const json_t *one, const json_t *other)
{
	char below[512];
	const char *key;
	json_t *item;
	size_t i;
	int count = 0;

	if (is_skipped(one) || is_skipped(other))
		return 0;
	if (json_is_object(one) && json_is_object(other)) {
		json_object_foreach((json_t *)one, key, item)
		{
			/* A case's points are no sum. */
			if (is_engines_own(key) && !json_object_get(one, "status"))
				continue;
			if (strcmp(key, "engine_note") == 0)
				continue;
			snprintf(below, sizeof(below), "%s.%s", path, key);
			count += differences(below, item, json_object_get(other, key));
		}
		json_object_foreach((json_t *)other, key, item)
		{
			snprintf(below, sizeof(below), "%s.%s", path, key);
			if (!json_object_get(one, key) && !is_engines_own(key))
				count += differences(below, NULL, item);
		}
		return count;
	}
	if (json_is_array(one) && json_is_array(other) &&
	        json_array_size(one) == json_array_size(other)) {
		json_array_foreach(one, i, item)
		{
			snprintf(below, sizeof(below), "%s.%zu", path, i);
			count += differences(below, item, json_array_get(other, i));
		}
		return count;
	}
	if (one && other && json_equal((json_t *)one, (json_t *)other))
		return 0;
	printf("%s differs\n", path);
	return 1;
}

static int
compare_reports(const char *one_file, const char *other_file)
{
	json_error_t error;
	json_t *one = json_load_file(one_file, JSON_REJECT_DUPLICATES, &error);
	json_t *other = json_load_file(other_file, JSON_REJECT_DUPLICATES, &error);
	int count = 1;

	if (one && other)
		count = differences("report", one, other);
	else
		fprintf(stderr, "%s or %s: %s\n", one_file, other_file, error.text);
	json_decref(one);
	json_decref(other);
	return count > 0;
}

static int
xml_value(const char *file, const char *expression)
{
	xmlDoc *document = xmlReadFile(file, NULL, XML_PARSE_NONET);
	xmlXPathContext *context = document ? xmlXPathNewContext(document) : NULL;
	xmlXPathObject *result =
	        context ? xmlXPathEvalExpression((const xmlChar *)expression, context) : NULL;
	xmlChar *text = result ? xmlXPathCastToString(result) : NULL;

	if (!text)
		return 1;
	puts((const char *)text);
	xmlFree(text);
	xmlXPathFreeObject(result);
	xmlXPathFreeContext(context);
	xmlFreeDoc(document);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "json") == 0)
		return json_value(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "xml") == 0)
		return xml_value(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "compare") == 0)
		return compare_reports(argv[2], argv[3]);
	fputs("usage: value json|xml FILE PATH, value compare FILE FILE\n", stderr);
	return 2;
}

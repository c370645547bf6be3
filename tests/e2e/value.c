/*
 * Reads one value out of a report, as a program that takes reports in would:
 *
 *	value json FILE a.b.0.c    the member; a list of numbers may be summed: tests.*.score
 *	value xml FILE XPATH       the expression's string value
 *
 * Fails when the file is not well-formed or there is no such value.
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
	fputs("usage: value json|xml FILE PATH\n", stderr);
	return 2;
}

/*
 * Places in the source.  Names are cut where they are read and again where they are taken: one that
 * is repeated at every VMWRITE of every case made a report of gigabytes from a few lines of source.
 */
#include "place.h"

#include <string.h>

#include "base/util.h"

enum { MOST_LINES = 1000000000 };

/* A path without what says nothing. */
static const char *
plain_path(const char *path)
{
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	return path;
}

void
place_set_line(json_t *place, const char *file, long line)
{
	json_object_set_new(place, "file", name_json(plain_path(file)));
	json_object_set_new(place, "line", json_integer(line < 0 || line > MOST_LINES ? 0 : line));
}

void
place_set_function(json_t *place, const char *function)
{
	json_object_set_new(place, "function", name_json(function));
}

json_t *
place_take(const json_t *said)
{
	json_t *place = json_object();
	const char *file = object_string(said, "file");
	const char *function = object_string(said, "function");

	if (file)
		place_set_line(place, file, json_integer_value(json_object_get(said, "line")));
	if (function)
		place_set_function(place, function);
	return place;
}

/* A place in the source, as debug information has it: {"file":, "line":, "function":}. */
#pragma once

#include <jansson.h>

/* What goes into the place, cleaned and cut: the debug information is a student's. */
void place_set_line(json_t *place, const char *file, long line);
void place_set_function(json_t *place, const char *function);

/*
 * A new place with what a place can have of `said`, and nothing else: "r33 locate" reads the debug
 * information, and what it answers may be the student's word.
 */
json_t *place_take(const json_t *said);

/* Inside the stream parser: what stream.c and lines.c need of each other. */
#pragma once

#include "stream.h"

/* One line between two test points; it is changed. */
void stream_take_line(struct stream *stream, char *line);

/* The stream is not what the page says: remember the first reason, ignore the rest. */
void stream_malformed(struct stream *stream, const char *problem);

/* Tell whoever listens. */
void stream_announce(struct stream *stream, enum stream_event event, const char *text);

/* "# fields", behind it " NAME…".  fields.c */
void stream_take_fields(struct stream *stream, char *text);

/* Turn the letters of a block's `fields` into an object with a word for each name; NULL, or what is
 * wrong with them.  fields.c */
const char *stream_name_fields(const struct stream *stream, json_t *details);

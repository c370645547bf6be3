/* Inside the stream parser: what became of the fields. */
#pragma once

#include "stream.h"

/* "# fields", followed by " NAME…". */
void stream_take_fields(struct stream *stream, char *text);

/* Turn the letters of a block's `fields` into an object with a word for each name; NULL, or what is
 * wrong with them. */
const char *stream_name_fields(const struct stream *stream, json_t *details);

/* Inside the stream parser: lines between test points. */
#pragma once

#include "stream.h"

/* One line between two test points; it is changed. */
void stream_take_line(struct stream *stream, char *line);

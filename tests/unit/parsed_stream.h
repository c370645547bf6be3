/* A record stream, parsed from a text. */
#pragma once

#include <string.h>

#include "stream/stream.h"

static inline struct stream *
parse(const char *text)
{
	struct stream *stream = stream_new(NULL, NULL);

	stream_feed(stream, text, strlen(text));
	stream_finish(stream);
	return stream;
}

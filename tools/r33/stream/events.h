/* Inside the stream parser: what listeners are told. */
#pragma once

#include "stream.h"

/* Tell the listener, if there is one. */
void stream_announce(struct stream *stream, enum stream_event event, const char *text);

/* The stream is not what the page says: remember the first reason, ignore the rest. */
void stream_malformed(struct stream *stream, const char *problem);

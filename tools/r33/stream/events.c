/* What listeners are told: see events.h. */
#include "events.h"

#include "base/util.h"

void
stream_announce(struct stream *stream, enum stream_event event, const char *text)
{
	if (stream->event)
		stream->event(stream->context, event, stream, text);
}

void
stream_malformed(struct stream *stream, const char *problem)
{
	if (stream->malformed || stream->ended)
		return;
	stream->malformed = true;
	stream->problem =
	        new_string("line %ld of the record stream: %s", stream->line_number, problem);
	stream_announce(stream, STREAM_MALFORMED, stream->problem);
}

/*
 * Fuzzing the record stream's parser.  Beyond what the sanitizers see: however the bytes are cut
 * into pieces, the verdicts are the same, and no case passes without its announcement and block.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stream/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Feed it all, in pieces of this length. */
static struct stream *
parse(const uint8_t *bytes, size_t length, size_t piece)
{
	struct stream *stream = stream_new(NULL, NULL);

	for (size_t i = 0; i < length; i += piece)
		stream_feed(
		        stream, (const char *)bytes + i, length - i < piece ? length - i : piece);
	stream_finish(stream);
	return stream;
}

/* Abort when a verdict is not founded on what a verdict needs. */
static void
check(const struct stream *stream)
{
	for (int i = 0; i < stream->planned; i++) {
		const struct reported_case *result = &stream->cases[i];

		if (result->status == CASE_MISSING)
			continue;
		if (!result->announced || !result->id || !result->title || !result->outcome)
			abort();
		if (result->status == CASE_PASSED &&
		        (!result->details || strcmp(result->outcome, "passed") != 0))
			abort();
	}
}

/* One input. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct stream *whole = parse(bytes, length, length + 1);
	struct stream *pieces = parse(bytes, length, 3);

	check(whole);
	if (whole->planned != pieces->planned || whole->ended != pieces->ended ||
	        whole->malformed != pieces->malformed)
		abort();
	for (int i = 0; i < whole->planned; i++) {
		if (whole->cases[i].status != pieces->cases[i].status)
			abort();
	}
	stream_free(whole);
	stream_free(pieces);
	return 0;
}

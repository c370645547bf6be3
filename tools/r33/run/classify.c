/* How a run ended: told apart, and said in one sentence. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <r33/array.h>

#include "grade.h"

/* "# end status=S" of docs/record-stream.md. */
static const enum run_end end_of_status[] = {
	RUN_DONE,
	RUN_HARNESS,
	RUN_KERNEL_FAULT,
	RUN_UNSUITABLE_PROCESSOR,
	RUN_BOOT_MODULES,
};

static const struct {
	const char *word;
	bool console;      /* the last lines of the console help */
	bool messages;     /* the engine's last words help */
	const char *start; /* of the sentence */
} ends[] = {
	[RUN_DONE] = { "done", false, false, NULL },
	[RUN_HARNESS] = { "harness", true, false,
	        "the harness contradicts the processor (a bug in Reason 33, or an unknown "
	        "engine)" },
	[RUN_KERNEL_FAULT] = { "kernel-fault", true, false,
	        "the kernel faulted (a bug in Reason 33)" },
	[RUN_UNSUITABLE_PROCESSOR] = { "unsuitable-processor", false, false,
	        "this processor is unsuitable" },
	[RUN_BOOT_MODULES] = { "boot-modules", true, false,
	        "the kernel refused its boot modules or its command line" },
	[RUN_TRIPLE_FAULT] = { "triple-fault", true, true,
	        "the machine triple-faulted (a bug in Reason 33)" },
	[RUN_NO_BOOT] = { "no-boot", true, true, "the kernel never started" },
	[RUN_HANG] = { "hang", true, true, "the machine hangs" },
	[RUN_ENGINE_NOT_STARTED] = { "engine-not-started", false, false,
	        "the engine could not be started" },
	[RUN_ENGINE_CRASHED] = { "engine-crashed", true, true, "the engine crashed" },
	[RUN_CUT_SHORT] = { "cut-short", true, true, "the record stream was cut short" },
	[RUN_MALFORMED] = { "malformed", true, false, "the record stream is malformed" },
	[RUN_INTERRUPTED] = { "interrupted", false, false, "the run was interrupted" },
};

const char *
run_end_word(enum run_end end)
{
	return ends[end].word;
}

/* Do the last lines of the console help to explain this end? */
bool
run_end_shows_console(enum run_end end)
{
	return ends[end].console;
}

/* Do the engine's last words help? */
bool
run_end_shows_messages(enum run_end end)
{
	return ends[end].messages;
}

/* Does every planned case have its verdict? */
static bool
all_reported(const struct stream *stream)
{
	for (int i = 0; i < stream->planned; i++) {
		if (stream->cases[i].status == CASE_MISSING)
			return false;
	}
	return stream->planned >= 0;
}

/* The stream is over or broken off although the engine ran.  Which end is it? */
static enum run_end
classify_unended(const struct stream *stream, const struct engine_end *end)
{
	if (end->triple_fault)
		return RUN_TRIPLE_FAULT;
	if (end->kind == ENGINE_EXITED && WIFSIGNALED(end->wait_status))
		return RUN_ENGINE_CRASHED;
	if (!stream->started)
		return RUN_NO_BOOT;
	return end->kind == ENGINE_STALLED ? RUN_HANG : RUN_CUT_SHORT;
}

enum run_end
classify(const struct stream *stream, const struct engine_end *end)
{
	if (end->kind == ENGINE_NOT_STARTED)
		return RUN_ENGINE_NOT_STARTED;
	if (end->kind == ENGINE_INTERRUPTED)
		return RUN_INTERRUPTED;
	if (stream->malformed)
		return RUN_MALFORMED;
	if (!stream->ended)
		return classify_unended(stream, end);
	if (stream->end_status < 0 || stream->end_status >= (int)(COUNT(end_of_status)))
		return RUN_MALFORMED;
	if (stream->end_status == 0 && !all_reported(stream))
		return RUN_CUT_SHORT;
	return end_of_status[stream->end_status];
}

/* " in case 3 "enter-64-bit"", or where else the stream was. */
static char *
describe_place(const struct stream *stream)
{
	const struct reported_case *current = stream->current;

	if (current && current->status == CASE_MISSING)
		return new_string(" in case %d \"%s\"", current->number, current->id);
	if (current)
		return new_string(" after case %d \"%s\"", current->number, current->id);
	return copy_string(stream->started ? " before the first case" : "");
}

/* What else is known about this kind of end; may be "". */
static char *
describe_cause(enum run_end end, const struct stream *stream, const struct engine_end *engine_end,
        const char *engine)
{
	int status = engine_end->wait_status;

	if (stream->bail_out && end != RUN_MALFORMED)
		return new_string(": %s", stream->bail_out);
	if (end == RUN_MALFORMED)
		return new_string(
		        ": %s", stream->problem ? stream->problem : "an unknown end status");
	if (engine_end->kind == ENGINE_STALLED)
		return new_string(
		        ": it was silent for more than %ld seconds", (long)engine_end->patience_s);
	if (engine_end->kind == ENGINE_EXITED && WIFSIGNALED(status))
		return new_string(": %s was killed by signal %d (%s)", engine, WTERMSIG(status),
		        strsignal(WTERMSIG(status)));
	if (engine_end->kind == ENGINE_EXITED && end != RUN_TRIPLE_FAULT)
		return new_string(": %s ended with status %d", engine, WEXITSTATUS(status));
	if (end == RUN_CUT_SHORT)
		return copy_string(": it ended before every planned case had reported");
	return copy_string("");
}

char *
run_end_message(enum run_end end, const struct stream *stream, const struct engine_end *engine_end,
        const char *engine)
{
	char *place, *cause, *message;

	if (end == RUN_DONE)
		return NULL;
	if (end == RUN_ENGINE_NOT_STARTED || end == RUN_INTERRUPTED)
		return copy_string(ends[end].start);
	place = describe_place(stream);
	cause = describe_cause(end, stream, engine_end, engine);
	message = new_string("%s%s%s", ends[end].start,
	        end == RUN_UNSUITABLE_PROCESSOR || end == RUN_BOOT_MODULES ? "" : place, cause);
	free(place);
	free(cause);
	return message;
}

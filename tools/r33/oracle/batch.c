/* Batches of guest states: see batch.h. */
#include "batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "run/session.h"

enum { FIRST_CAPACITY = 1 << 16 };

static void
append(struct batch *batch, const void *bytes, size_t size)
{
	if (batch->size + size > batch->capacity)
		batch->bytes =
		        grow_bytes(batch->bytes, batch->size, &batch->capacity, FIRST_CAPACITY);
	memcpy(batch->bytes + batch->size, bytes, size);
	batch->size += size;
}

static bool
is_written(uint32_t field)
{
	return vmcs_field_type(field) == VMCS_FIELD_CONTROL ||
	       vmcs_field_type(field) == VMCS_FIELD_GUEST_STATE;
}

/* The writes that make `state` from `base`, or a whole base from nothing for NULL. */
static unsigned
list_writes(const struct vmcs *base, const struct vmcs *state, struct batch_write *writes)
{
	unsigned count = 0;

	for (unsigned i = 0; i < VMCS_FIELD_COUNT; i++) {
		uint32_t field = vmcs_encoding(i);

		if (state->known[i] && is_written(field) &&
		        !(base && base->known[i] && base->values[i] == state->values[i]))
			writes[count++] = (struct batch_write){ field, state->values[i] };
	}
	for (unsigned i = 0; i < state->word_count; i++) {
		const struct vmcs_word *word = &state->memory[i];

		if (word->address < BATCH_VMCS &&
		        (!base || vmcs_memory(base, word->address) != word->value))
			writes[count++] = (struct batch_write){
				BATCH_TARGET_MEMORY | (uint32_t)(word->address - BATCH_MEMORY),
				word->value
			};
	}
	return count;
}

void
batch_add(struct batch *batch, unsigned base, const struct vmcs *state, uint32_t expected,
        uint32_t mask)
{
	struct batch_write writes[VMCS_FIELD_COUNT + VMCS_MEMORY_WORDS];
	unsigned count = list_writes(&batch->bases[base], state, writes);
	struct batch_state header = { (uint16_t)base, (uint16_t)count, expected, mask };

	append(batch, &header, sizeof(header));
	append(batch, writes, count * sizeof(writes[0]));
	batch->state_count++;
}

void
batch_free(struct batch *batch)
{
	free(batch->bytes);
	batch->bytes = NULL;
	batch->size = batch->capacity = 0;
	batch->state_count = 0;
}

/* Header, bases and states into a file.  False after a complaint. */
static bool
write_batch(const struct batch *batch, const char *path)
{
	struct batch_write writes[VMCS_FIELD_COUNT + VMCS_MEMORY_WORDS];
	struct batch_header header = { .magic = BATCH_MAGIC,
		.version = BATCH_VERSION,
		.flags = batch->flags,
		.base_count = batch->base_count,
		.state_count = batch->state_count };
	FILE *out = fopen(path, "we");
	bool good = out != NULL;

	if (good) {
		fwrite(&header, sizeof(header), 1, out);
		for (unsigned i = 0; i < batch->base_count; i++) {
			struct batch_base base = { list_writes(NULL, &batch->bases[i], writes) };

			fwrite(&base, sizeof(base), 1, out);
			fwrite(writes, sizeof(writes[0]), base.write_count, out);
		}
		if (batch->size)
			fwrite(batch->bytes, 1, batch->size, out);
		good = !ferror(out);
		good = fclose(out) == 0 && good;
	}
	if (!good)
		complain("cannot write %s: %s", path, strerror(errno));
	return good;
}

/* " state 17 entry-failed number=33 qualification=0 exit=33" */
static bool
parse_answer(const char *text, struct batch_answer *answer)
{
	static const char *const ends[] = { "entered", "entry-failed", "vmfail" };
	char end[16];

	if (sscanf(text, " state %u %15s number=%u qualification=%u exit=%u", &answer->number, end,
	            &answer->code, &answer->qualification, &answer->exit_reason) != 5)
		return false;
	for (unsigned i = 0; i < COUNT(ends); i++) {
		if (strcmp(end, ends[i]) == 0) {
			answer->end = (enum batch_end)i;
			return true;
		}
	}
	return false;
}

static void
take_capability(struct batch_run *run, const char *text)
{
	char *longer = new_string("%s%s\n", run->capabilities ? run->capabilities : "", text);

	free(run->capabilities);
	run->capabilities = longer;
}

static void
keep_answer(struct batch_run *run, const struct batch_answer *answer)
{
	run->answers = grow_array(run->answers, run->answer_count, sizeof(*answer));
	run->answers[run->answer_count++] = *answer;
}

/* A comment of the record stream. */
static void
take_answer_event(
        void *context, enum stream_event event, const struct stream *stream, const char *text)
{
	static const char capability[] = " capability ";
	struct batch_run *run = context;
	struct batch_answer answer;

	(void)stream;
	if (event != STREAM_COMMENT)
		return;
	if (strncmp(text, capability, strlen(capability)) == 0)
		take_capability(run, text + strlen(capability));
	else if (sscanf(text, " states %u done, %u surprises", &run->reached, &run->deviations) ==
	         2)
		run->complete = true;
	else if (sscanf(text, " states %u", &run->reached) != 1 && parse_answer(text, &answer))
		keep_answer(run, &answer);
}

bool
batch_enter(struct batch *batch, const struct run_options *options, struct batch_run *run)
{
	struct session *session = allocate(1, sizeof(*session));
	char *path = NULL;
	bool good;

	*run = (struct batch_run){ 0 };
	session->listen = take_answer_event;
	session->listen_context = run;
	session->without_labs = true;
	good = session_open(session, options) == STATUS_ALL_POINTS;
	if (good) {
		path = new_string("%s/states.bin", session->workdir.path);
		session->states = path;
		good = write_batch(batch, path) && session_image(session, "image.iso", "lab=all");
	}
	if (good) {
		session_boot(session, "image.iso");
		if (session->grade.end_message)
			run->problem = copy_string(session->grade.end_message);
		run->interrupted = session->grade.end == RUN_INTERRUPTED;
		/* On processors before the Pentium GRUB itself dies. */
		run->unsuitable =
		        session->grade.end == RUN_UNSUITABLE_PROCESSOR ||
		        (session->grade.end == RUN_TRIPLE_FAULT && !session->grade.stream->started);
		good = session->grade.end != RUN_ENGINE_NOT_STARTED;
	}
	session_close(session);
	grade_free(&session->grade);
	free(path);
	free(session);
	return good;
}

void
batch_run_free(struct batch_run *run)
{
	free(run->answers);
	free(run->capabilities);
	free(run->problem);
	*run = (struct batch_run){ 0 };
}

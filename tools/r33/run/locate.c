/*
 * Source lines for the addresses of the failed cases.
 *
 * The debug information is the student's, so a child of r33 reads it, which has limits and no other file
 * within reach (cli/locate.c): if it crashes or loops over it, the report has addresses instead
 * of lines, and every verdict is unchanged.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place.h"
#include "process/patience.h"
#include "session.h"

enum {
	LOCATE_ADDRESSES = 2000,
	LOCATE_CPU_S = 3,
	LOCATE_WALL_MS = 300 * 1000, /* for a machine that is busy: the processor time decides */
	LOCATE_ANSWER_BYTES = 4 * 1024 * 1024,
};

static const uint64_t locate_memory_bytes = 1024ull * 1024 * 1024;

/* The addresses of one module, and what the child said of them. */
struct lookup {
	const char *module; /* "lab" or "reference" */
	int lab;
	const char *argv[LOCATE_ADDRESSES + 5];
	int count;
	json_t *known; /* address -> place */
	char *answer;
	size_t answer_length;
};

typedef void visit_function(struct lookup *lookup, json_t *object, const char *rip);

/* Is it "0x" and up to 16 hexadecimal digits? */
static bool
is_address(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	return length > 2 && length <= 18 && text[0] == '0' && text[1] == 'x' &&
	       strspn(text + 2, "0123456789abcdefABCDEF") == length - 2;
}

/* Visit a mapping of a block, if it has an address of this module. */
static void
visit_object(struct lookup *lookup, json_t *object, enum record_key module_key,
        enum record_key rip_key, visit_function *visit)
{
	const char *module = block_string(object, module_key);
	const char *rip = block_string(object, rip_key);

	if (strcmp(module ? module : "lab", lookup->module) == 0 && is_address(rip))
		visit(lookup, object, rip);
}

/* Visit everything with an address of this module in one case. */
static void
visit_case(struct lookup *lookup, const json_t *details, visit_function *visit)
{
	json_t *item;
	size_t i;

	json_array_foreach(block_member(details, KEY_WRITES), i, item)
	        visit_object(lookup, item, KEY_WRITE_MODULE, KEY_WRITE_RIP, visit);
	json_array_foreach(block_member(details, KEY_VIOLATIONS), i, item)
	        visit_object(lookup, item, KEY_VIOLATION_MODULE, KEY_VIOLATION_RIP, visit);
	item = block_member(details, KEY_FAULT);
	visit_object(lookup, item, KEY_FAULT_MODULE, KEY_FAULT_RIP, visit);
}

/* Collect an address once. */
static void
collect(struct lookup *lookup, json_t *object, const char *rip)
{
	(void)object;
	if (lookup->count == LOCATE_ADDRESSES || json_object_get(lookup->known, rip))
		return;
	json_object_set_new(lookup->known, rip, json_object());
	lookup->argv[4 + lookup->count++] = rip;
}

/* Add what is known of the address. */
static void
annotate(struct lookup *lookup, json_t *object, const char *rip)
{
	json_t *place = place_take(json_object_get(lookup->known, rip));

	json_object_update_missing(object, place);
	json_decref(place);
}

/* Visit all cases that failed, of the lookup's lab if it has one. */
static void
visit_all(struct lookup *lookup, const struct grade *grade, visit_function *visit)
{
	for (int i = 0; i < grade->case_count; i++) {
		const struct reported_case *result = grade->cases[i];

		if (result->details && result->status == CASE_FAILED &&
		        (!lookup->lab || lookup->lab == result->lab))
			visit_case(lookup, result->details, visit);
	}
}

/* Keep the child's answer. */
static void
take_answer(void *context, const char *bytes, size_t length)
{
	struct lookup *lookup = context;

	if (length > LOCATE_ANSWER_BYTES - lookup->answer_length)
		length = LOCATE_ANSWER_BYTES - lookup->answer_length;
	memcpy(lookup->answer + lookup->answer_length, bytes, length);
	lookup->answer_length += length;
}

/* Run "r33 locate FILE ADDRESS...": one JSON object, address -> place. */
static void
ask(struct lookup *lookup)
{
	const char *const environment[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };
	struct spawn spawn = { .argv = lookup->argv,
		.environment = environment,
		.files = { -1, -1, -1, -1, -1, -1 },
		.limits = { .cpu_seconds = LOCATE_CPU_S * processor_slowness(),
		        .memory_bytes = locate_memory_bytes } };
	struct child child;
	int output;
	json_t *answer;

	if (process_start_output(&child, &spawn, false, &output) != 0)
		return;
	lookup->answer = allocate(LOCATE_ANSWER_BYTES, 1);
	process_finish_output(
	        &child, &output, take_answer, lookup, (int64_t)LOCATE_WALL_MS * load_slowness());
	answer = json_loadb(lookup->answer, lookup->answer_length, 0, NULL);
	if (json_is_object(answer))
		json_object_update_existing(lookup->known, answer);
	json_decref(answer);
	free(lookup->answer);
}

/* Resolve the addresses of one module. */
static void
locate(struct session *session, const char *module, int lab, char *path)
{
	struct lookup *lookup = allocate(1, sizeof(*lookup));

	lookup->module = module;
	lookup->lab = lab;
	lookup->known = json_object();
	lookup->argv[0] = "/proc/self/exe";
	lookup->argv[1] = "locate";
	lookup->argv[2] = "--";
	lookup->argv[3] = path;
	visit_all(lookup, &session->grade, collect);
	if (lookup->count > 0 && file_size(path) >= 0) {
		ask(lookup);
		visit_all(lookup, &session->grade, annotate);
	}
	json_decref(lookup->known);
	free(lookup);
	free(path);
}

void
locate_all(struct session *session)
{
	const struct labs *labs = &session->grade.labs;

	for (int i = 0; i < labs->count; i++)
		locate(session, "lab", labs->labs[i].number,
		        new_string("%s/lab%d.elf", session->workdir.path, labs->labs[i].number));
	locate(session, "reference", 0,
	        new_string("%s/build/reference.elf", session->options->root));
}

/* From a lab's collected files to its module: see submission.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "submission.h"
#include "util.h"

enum {
	COMPILE_CPU_S = 10,
	COMPILE_WALL_MS = 30000,
	COMPILE_FILE_BYTES = 16 * 1024 * 1024,
};

static const uint64_t compile_memory_bytes = 2ull * 1024 * 1024 * 1024;

/* What the compiler said; the beginning counts. */
struct messages {
	char bytes[MESSAGE_BYTES + 1];
	size_t length;
	bool truncated;
};

/* Collect what make and the compiler say; their beginning tells more than their end. */
static void
take_messages(void *context, const char *bytes, size_t length)
{
	struct messages *messages = context;

	for (size_t i = 0; i < length; i++) {
		if (messages->length == MESSAGE_BYTES) {
			messages->truncated = true;
			return;
		}
		messages->bytes[messages->length++] = bytes[i] ? bytes[i] : ' ';
	}
}

/* Cut make's own last word off: "make: *** [...] Error 1" tells a student nothing. */
static void
cut_make(char *said)
{
	static const char word[] = "make: *** ";
	char *line = said;

	while (line) {
		if (strncmp(line, word, strlen(word)) == 0) {
			*line = '\0';
			return;
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

/* The messages without the name of the work directory, which differs from run to run. */
static char *
plain_messages(const struct messages *messages, const char *work)
{
	size_t prefix = strlen(work);
	const char *from = messages->bytes;
	const char *hit;
	char *plain = NULL;
	size_t length;
	FILE *out = open_memstream(&plain, &length);

	if (!out)
		return copy_string("");
	for (; (hit = strstr(from, work)); from = hit + prefix + (hit[prefix] == '/'))
		fwrite(from, 1, (size_t)(hit - from), out);
	fputs(from, out);
	if (messages->truncated)
		fputs("\n[and more]\n", out);
	fclose(out);
	cut_make(plain);
	return plain;
}

/* Start make for what was collected in `place`, and this target.  False after a complaint. */
static bool
start_make(struct compilation *compilation, const struct lab *lab, const char *root,
        const char *target)
{
	const char *place = compilation->place;
	char *module_mk = new_string("%s/labs/module.mk", root);
	char *root_variable = new_string("ROOT=%s", root);
	char *lab_variable = new_string("LAB=%s", lab->directory);
	char *path_variable =
	        new_string("PATH=%s", getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	char *temporary_variable = new_string("TMPDIR=%s", place);
	const char *const argv[] = { "make", "-s", "--no-print-directory", "-f", module_mk,
		root_variable, lab_variable, target, compilation->for_debugger ? "DEBUG=1" : NULL,
		NULL };
	const char *const environment[] = { path_variable, "LC_ALL=C", "HOME=/nonexistent",
		temporary_variable, NULL };
	struct spawn spawn = { .argv = argv,
		.environment = environment,
		.directory = place,
		.files = { -1, -1, -1, -1, -1, -1 },
		.limits = { COMPILE_CPU_S, compile_memory_bytes, COMPILE_FILE_BYTES } };
	int error = process_start_output(&compilation->make, &spawn, true, &compilation->output);

	if (error)
		complain("cannot run make: %s", strerror(error));
	free(module_mk);
	free(root_variable);
	free(lab_variable);
	free(path_variable);
	free(temporary_variable);
	return error == 0;
}

/* What make's end says about the lab.  False: interrupted. */
static bool
judge_make(struct lab *lab, const struct compilation *compilation, enum wait_result result,
        const char *said)
{
	char *module = new_string("%s/boot.elf", compilation->place);
	int status = compilation->make.wait_status;

	if (result == WAIT_TIMED_OUT) {
		lab_lose(lab, BUILD_DOES_NOT_COMPILE,
		        new_string("the compiler was ended after 30 seconds\n%s", said));
	} else if (result == WAIT_ENDED && WIFSIGNALED(status)) {
		lab_lose(lab, BUILD_DOES_NOT_COMPILE,
		        new_string("the compiler was ended by signal %d (%s)\n%s", WTERMSIG(status),
		                strsignal(WTERMSIG(status)), said));
	} else if (result == WAIT_ENDED && (WEXITSTATUS(status) != 0 || file_size(module) < 0)) {
		lab_lose(lab, BUILD_DOES_NOT_COMPILE,
		        *said ? copy_string(said)
		              : copy_string("the compiler failed without a message"));
	} else if (result == WAIT_ENDED && *said) {
		lab->message = copy_string(said);
	}
	free(module);
	return result == WAIT_ENDED || result == WAIT_TIMED_OUT;
}

/* Objects of the part's files that were compiled for its own lab: the same, from the same files. */
static void
share_objects(const struct lab *part, const char *place, const char *work)
{
	for (int i = 0; i < part->file_count; i++) {
		char *from = new_string("%s/lab%d/labs/%s/%s.o", work, part->number,
		        part->directory, part->files[i]);
		char *to = new_string("%s/labs/%s/%s.o", place, part->directory, part->files[i]);

		/* If it fails, make compiles the file again. */
		if (link(from, to) != 0)
			unlink(to);
		free(from);
		free(to);
	}
}

/* Begin to compile the lab; one that is made of others: its own files only. */
bool
lab_build_start(const struct lab *lab, struct compilation *compilation, const char *root)
{
	return start_make(compilation, lab, root, lab_is_whole_guest(lab) ? "own" : "boot.elf");
}

/* Those others have been compiled: go on with what they have in common. */
bool
lab_build_join(const struct lab *lab, struct compilation *compilation, const struct labs *others,
        const char *root, const char *work)
{
	struct messages *messages = allocate(1, sizeof(*messages));
	/* What this says, the next one says again. */
	enum wait_result result = process_finish_output(
	        &compilation->make, &compilation->output, take_messages, messages, COMPILE_WALL_MS);

	free(messages);
	for (int i = 0; i < others->count; i++) {
		const struct lab *part = &others->labs[i];

		if (part->number <= LAST_PART && part->state == BUILD_GOOD)
			share_objects(part, compilation->place, work);
	}
	return result != WAIT_INTERRUPTED && start_make(compilation, lab, root, "boot.elf");
}

/* Wait for the compiler; the module to WORK/labN.elf. */
bool
lab_build_finish(struct lab *lab, struct compilation *compilation, const char *work)
{
	struct messages *messages = allocate(1, sizeof(*messages));
	char *module = new_string("%s/lab%d.elf", compilation->place, lab->number);
	char *target = new_string("%s/lab%d.elf", work, lab->number);
	/* Make's time begins now: that it waited for others, or for a reader, is not its fault. */
	enum wait_result result = process_finish_output(
	        &compilation->make, &compilation->output, take_messages, messages, COMPILE_WALL_MS);
	char *said = plain_messages(messages, compilation->place);
	bool good = judge_make(lab, compilation, result, said);

	if (good && lab_is_gradable(lab) && rename(module, target) != 0) {
		complain("cannot move %s: %s", module, strerror(errno));
		good = false;
	}
	free(said);
	free(target);
	free(module);
	free(messages);
	return good;
}

/* End what still runs; free what belongs to the compilation. */
void
lab_build_end(struct compilation *compilation)
{
	process_end(&compilation->make);
	if (compilation->output >= 0)
		close(compilation->output);
	free(compilation->place);
	*compilation = (struct compilation){ .output = -1 };
}

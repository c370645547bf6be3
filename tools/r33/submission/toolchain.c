/* The compiler and what belongs to it: see toolchain.h. */
#include "toolchain.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <r33/array.h>

#include "base/util.h"
#include "process/process.h"

#ifndef R33_CROSS
#define R33_CROSS "" /* "x86_64-linux-gnu-" on other hosts */
#endif

enum { ANSWER_BYTES = 16 * 1024, ASK_WAIT_MS = 60000 };

/* What gcc tells of itself. */
struct answer {
	char bytes[ANSWER_BYTES + 1];
	size_t length;
};

/*
 * A program in PATH.  A cache for compilers, which some put before them, calls the next program of that
 * name and keeps files elsewhere: go on to that next one.
 */
static char *
find_in_path(const char *name)
{
	const char *path = process_search_path();
	char here[PATH_MAX] = "";

	if (!getcwd(here, sizeof(here)))
		here[0] = '\0';
	for (size_t length; *path; path += length + (path[length] == ':')) {
		char *directory, *program, *real;
		bool is_cache;

		length = strcspn(path, ":");
		/* Where tools run is not where r33 was called. */
		directory = path[0] == '/' ? copy_bytes(path, length)
		                           : new_string("%s/%.*s", here, (int)length, path);
		program = length > 0 ? process_program_in(directory, name) : NULL;
		free(directory);
		real = program ? realpath(program, NULL) : NULL;
		is_cache = real && strstr(strrchr(real, '/'), "cache");
		free(real);
		if (program && !is_cache)
			return program;
		free(program);
	}
	return NULL;
}

/* A program that may be executed, and where links lead from it. */
static void
add_program(struct toolchain *toolchain, char *path)
{
	if (path && toolchain->program_count < TOOLS)
		toolchain->programs[toolchain->program_count++] = path;
	else
		free(path);
}

/* Keep what fits of gcc's answer. */
static void
take_answer(void *context, const char *bytes, size_t length)
{
	struct answer *answer = context;

	if (length > ANSWER_BYTES - answer->length)
		length = ANSWER_BYTES - answer->length;
	memcpy(answer->bytes + answer->length, bytes, length);
	answer->length += length;
}

/* The rest of the answer's line that begins so; NULL: there is none.  The caller frees it. */
static char *
line_of(const struct answer *answer, const char *start)
{
	const char *line = strstr(answer->bytes, start);

	return line ? copy_bytes(line + strlen(start), strcspn(line + strlen(start), "\n")) : NULL;
}

/* Ask gcc where its parts are. */
static bool
ask(struct toolchain *toolchain, char **programs)
{
	const char *const argv[] = { toolchain->gcc, "-print-search-dirs", NULL };
	char *path = new_string("PATH=%s", process_search_path());
	const char *const environment[] = { path, "LC_ALL=C", NULL };
	struct spawn spawn = {
		.argv = argv, .environment = environment, .files = { -1, -1, -1, -1, -1, -1 }
	};
	struct answer *answer = allocate(1, sizeof(*answer));
	struct child child;
	int output;

	if (process_start_output(&child, &spawn, false, &output) == 0) {
		process_finish_output(&child, &output, take_answer, answer, ASK_WAIT_MS);
		toolchain->directory = line_of(answer, "install: ");
		*programs = line_of(answer, "programs: =");
	}
	free(answer);
	free(path);
	return toolchain->directory && *toolchain->directory == '/' && *programs;
}

/* Where the libraries are of a compiler that came with its own: beside the directory it is in. */
static void
find_libraries(struct toolchain *toolchain)
{
	char *real = realpath(toolchain->gcc, NULL);

	for (int i = 0; real && i < 2; i++) {
		char *slash = strrchr(real, '/');

		if (slash)
			*slash = '\0';
	}
	if (real) {
		toolchain->libraries[0] = new_string("%s/lib", real);
		toolchain->libraries[1] = new_string("%s/lib64", real);
	}
	free(real);
}

bool
toolchain_find(struct toolchain *toolchain)
{
	static const char *const parts[] = { "cc1", "collect2", "as", "ld" };
	char *programs = NULL;
	bool good;

	*toolchain = (struct toolchain){ 0 };
	toolchain->gcc = find_in_path(R33_CROSS "gcc");
	toolchain->objcopy = find_in_path(R33_CROSS "objcopy");
	if (!toolchain->gcc || !toolchain->objcopy) {
		complain("%s, which compiles the labs, is not installed: run make setup",
		        toolchain->gcc ? R33_CROSS "objcopy" : R33_CROSS "gcc");
		return false;
	}
	if (!ask(toolchain, &programs)) {
		complain("%s does not say where its programs are (%s -print-search-dirs)",
		        toolchain->gcc, toolchain->gcc);
		free(programs);
		return false;
	}
	toolchain->headers = new_string("%sinclude", toolchain->directory);
	find_libraries(toolchain);
	add_program(toolchain, copy_string(toolchain->gcc));
	add_program(toolchain, copy_string(toolchain->objcopy));
	for (size_t i = 0; i < COUNT(parts); i++) {
		char *path = process_program_in(programs, parts[i]);
		char *prefixed = new_string(R33_CROSS "%s", parts[i]);

		add_program(toolchain, path ? path : find_in_path(prefixed));
		free(prefixed);
	}
	free(programs);
	good = toolchain->program_count == 2 + COUNT(parts);
	if (!good)
		complain("a program that %s needs is missing (cc1, collect2, as or ld): run make "
		         "setup",
		        toolchain->gcc);
	return good;
}

/* Free what belongs to it. */
void
toolchain_free(struct toolchain *toolchain)
{
	for (int i = 0; i < toolchain->program_count; i++)
		free(toolchain->programs[i]);
	free(toolchain->gcc);
	free(toolchain->objcopy);
	free(toolchain->directory);
	free(toolchain->headers);
	for (int i = 0; i < 2; i++)
		free(toolchain->libraries[i]);
	*toolchain = (struct toolchain){ 0 };
}

void
toolchain_allow(const struct toolchain *toolchain, struct confined_files *files)
{
	confined_add_runtime(files);
	confined_add(files, toolchain->directory, FILE_READ);
	for (int i = 0; i < 2; i++)
		confined_add(files, toolchain->libraries[i], FILE_READ);
	for (int i = 0; i < toolchain->program_count; i++)
		confined_add(files, toolchain->programs[i], FILE_EXECUTE);
}

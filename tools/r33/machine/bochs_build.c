/* What the installed Bochs is: the program is asked, nothing is guessed from its release. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <r33/array.h>

#include "base/util.h"
#include "bochs.h"

enum { HELP_BYTES = 64 * 1024, HELP_WAIT_MS = 10000, MODELS_MOST = 255 };

/* The program: the package has a wrapper "bochs" in some releases, the binary in all. */
const char *
bochs_program(void)
{
	if (process_find_program("bochs-bin"))
		return "bochs-bin";
	return process_find_program("bochs") ? "bochs" : NULL;
}

/* Collect what "bochs -help cpu" prints. */
static void
take_list(void *context, const char *bytes, size_t length)
{
	char *list = context;
	size_t used = strlen(list);

	if (length > HELP_BYTES - used)
		length = HELP_BYTES - used;
	memcpy(list + used, bytes, length);
	list[used + length] = '\0';
}

/* What "bochs -help TOPIC" prints, NULL when it cannot be had.  The caller frees it. */
static char *
read_help(const char *topic)
{
	const char *const argv[] = { bochs_program(), "-help", topic, NULL };
	char *list = allocate(HELP_BYTES + 1, 1);
	struct engine_question question;

	if (!engine_ask(argv, &question)) {
		free(list);
		return NULL;
	}
	process_finish_output(&question.child, &question.output, take_list, list, HELP_WAIT_MS);
	return list;
}

/* Is the line a model's name: letters, digits, underscores, nothing else? */
static bool
is_model(const char *line)
{
	if (!*line)
		return false;
	for (; *line; line++) {
		if (!isalnum((unsigned char)*line) && *line != '_')
			return false;
	}
	return true;
}

char **
bochs_models(void)
{
	char *list = read_help("cpu"), *rest;
	char **models = list ? allocate(MODELS_MOST + 1, sizeof(*models)) : NULL;
	unsigned count = 0;

	for (char *line = list ? strtok_r(list, "\r\n", &rest) : NULL; line && count < MODELS_MOST;
	        line = strtok_r(NULL, "\r\n", &rest)) {
		if (is_model(line))
			models[count++] = copy_string(line);
	}
	free(list);
	return models;
}

void
bochs_models_free(char **models)
{
	for (unsigned i = 0; models && models[i]; i++)
		free(models[i]);
	free(models);
}

/* Is there such a model?  Bochs is only asked when it is not the default. */
bool
bochs_check_cpu(const char *cpu)
{
	char **models;
	char *names = copy_string("");
	bool found = false;

	if (strcmp(cpu, BOCHS_DEFAULT_CPU) == 0) {
		free(names);
		return true;
	}
	models = bochs_models();
	for (unsigned i = 0; models && models[i]; i++) {
		char *longer = new_string("%s %s", names, models[i]);

		found |= strcmp(models[i], cpu) == 0;
		free(names);
		names = longer;
	}
	if (!models)
		complain("bochs is not installed: install the package %s", BOCHS_PACKAGE);
	else if (!found)
		complain("Bochs has no processor model '%s'; its models are:%s", cpu, names);
	bochs_models_free(models);
	free(names);
	return found;
}

void
bochs_build_read(struct bochs_build *build)
{
	char *help = read_help(NULL);

	*build = (struct bochs_build){ .found = help != NULL };
	if (help) {
		build->has_debugger = strstr(help, "-dbglog") != NULL;
		build->debugger_by_option = strstr(help, "-debugger ") != NULL;
		engine_version_in(BOCHS_VERSION_FOLLOWS, help, build->version);
	}
	free(help);
}

/* The first of these files that is there.  The caller frees it. */
static char *
first_file(
        const char *const *directories, size_t count, const char *const *names, size_t name_count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; directories[i] && j < name_count; j++) {
			char *path = new_string("%s/%s", directories[i], names[j]);

			if (access(path, R_OK) == 0)
				return path;
			free(path);
		}
	}
	return NULL;
}

/*
 * The VGA BIOS.  Bochs' own default is a name that its package does not always have (Debian's 3.0 looks
 * for VGABIOS-lgpl-latest.bin, which is installed without ".bin").
 */
char *
bochs_vga_rom(void)
{
	static const char *const names[] = { "VGABIOS-lgpl-latest", "VGABIOS-lgpl-latest.bin",
		"vgabios.bin" };
	char *program = process_program_in(process_search_path(), bochs_program());
	char *slash = program ? strrchr(program, '/') : NULL;
	char *beside =
	        slash ? new_string("%.*s/../share/bochs", (int)(slash - program), program) : NULL;
	const char *const directories[] = { getenv("BXSHARE"), beside, "/usr/share/bochs",
		"/usr/local/share/bochs", "/usr/share/vgabios" };
	char *found = first_file(directories, COUNT(directories), names, COUNT(names));

	free(program);
	free(beside);
	return found;
}

/* From a lab's collected files to its module: see submission.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <r33/array.h>

#include "base/file.h"
#include "base/util.h"
#include "compiler.h"
#include "submission.h"

enum {
	BOOT_MODULE_BYTES = 1024 * 1024, /* nine of these do not reach the guest's memory */
};

/*
 * What tools say, some with a request for a bug report, when they have met a limit.  Which limit it is that a
 * file without end meets first is a matter of chance: they have one sentence.
 */
static const struct limit_words {
	const char *words, *means;
} limits[] = {
	{ "File size limit exceeded signal terminated",
	        "a file that the compiler writes would exceed 4 MiB\n" },
	{ "CPU time limit exceeded signal terminated", tool_took_too_much },
	{ "virtual memory exhausted: Cannot allocate memory", tool_took_too_much },
	{ " bytes after a total of ", tool_took_too_much },
	{ "final link failed: memory exhausted", tool_took_too_much },
};

/* The function that the module of a lab must have, where it is not set_ and the directory's name. */
static const char *const functions[LABS + 1] = {
	[7] = "vmenter",
	[8] = "diagnose_new_page_tables",
	[9] = "run_guest",
};

/* The caller frees it. */
static char *
function_of(const struct lab *lab)
{
	char *name = functions[lab->number] ? copy_string(functions[lab->number])
	                                    : new_string("set_%s", lab->directory + 2);

	for (char *at = name; (at = strchr(at, '-'));)
		*at = '_';
	return name;
}

/* Where the tools' messages go: not into the place, which the tools can read. */
static char *
said_path(const struct compiler *compiler, const struct lab *lab)
{
	return new_string("%s/lab%d.said", compiler->work, lab->number);
}

/* Start the process that makes the module of what was collected, or only the lab's own objects. */
static bool
start(const struct lab *lab, struct compilation *compilation, const struct compiler *compiler,
        bool own_only)
{
	char *function = function_of(lab);
	char *module = new_string("lab%d.elf", lab->number);
	char *said = said_path(compiler, lab);
	const struct module_recipe recipe = {
		.toolchain = &compiler->toolchain,
		.root = compiler->root,
		.place = compilation->place,
		.sources = compilation->sources,
		.source_count = own_only ? lab->file_count : compilation->source_count,
		.function = own_only ? NULL : function,
		.module = module,
		.for_debugger = compilation->for_debugger,
		.cpu_seconds = compiler->cpu_seconds,
		.said = said,
	};
	int error = module_start(&compilation->builder, &recipe, &compiler->flags);

	if (error)
		complain("cannot start the compiler: %s", strerror(error));
	free(said);
	free(module);
	free(function);
	return error == 0;
}

/* What was said, its beginning, without the work directory, whose name differs from run to run. */
static char *
read_messages(const struct compiler *compiler, const struct lab *lab)
{
	static const char *const names[][2] = { { "../include/", "labs/include/" },
		{ "../compiler/", "" } };
	char *path = said_path(compiler, lab);
	char *bytes = allocate(MESSAGE_BYTES + 2, 1), *plain = NULL, *from = bytes;
	int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t size = file < 0 ? 0 : read(file, bytes, MESSAGE_BYTES + 1);
	size_t length;
	FILE *out = open_memstream(&plain, &length);

	for (ssize_t i = 0; i < size; i++)
		bytes[i] = bytes[i] ? bytes[i] : ' ';
	if (size > MESSAGE_BYTES)
		bytes[MESSAGE_BYTES] = '\0';
	while (out && *from) {
		size_t i = 0;

		while (i < 2 && strncmp(from, names[i][0], strlen(names[i][0])) != 0)
			i++;
		if (i < 2) {
			fputs(names[i][1], out);
			from += strlen(names[i][0]);
		} else {
			fputc(*from++, out);
		}
	}
	if (out && size > MESSAGE_BYTES)
		fputs("\n[and more]\n", out);
	if (out)
		fclose(out);
	if (file >= 0)
		close(file);
	free(bytes);
	free(path);
	return plain ? plain : copy_string("");
}

/*
 * Take one file from the place, where tools may have left anything.  What is wrong with it is in *problem
 * afterwards, if anything.  False after a complaint about the machine.
 */
static bool
take(const struct compiler *compiler, const struct compilation *compilation, const char *name,
        const char *as, off_t limit, char **problem)
{
	char *from = new_string("%s/%s", compilation->place, name);
	char *to = new_string("%s/%s", compiler->work, as);
	struct stat status;
	bool good = true;

	if (lstat(from, &status) != 0 || !S_ISREG(status.st_mode)) {
		*problem = copy_string("the compiler made no module");
	} else if (status.st_size > limit) {
		*problem =
		        new_string("the module has %lld bytes; the most that can be loaded is %lld",
		                (long long)status.st_size, (long long)limit);
	} else if (rename(from, to) != 0) {
		complain("cannot move %s: %s", from, strerror(errno));
		good = false;
	}
	free(to);
	free(from);
	return good;
}

/* The module is made: take it, and what was said. */
static bool
take_module(struct lab *lab, struct compilation *compilation, const struct compiler *compiler,
        const char *said)
{
	char *module = new_string("lab%d.elf", lab->number);
	char *boot = new_string("lab%d.boot.elf", lab->number);
	char *problem = NULL;
	bool good = take(compiler, compilation, "boot.elf", boot, BOOT_MODULE_BYTES, &problem);

	if (good && !problem)
		good = take(compiler, compilation, module, module, MODULE_BYTES, &problem);
	if (problem)
		lab_settle(lab, BUILD_DOES_NOT_COMPILE, problem);
	else
		lab_settle(lab, BUILD_GOOD, *said ? copy_string(said) : NULL);
	free(boot);
	free(module);
	return good;
}

/* What the compiler says, or what that means. */
static char *
refusal(const char *said)
{
	for (size_t i = 0; i < COUNT(limits); i++)
		if (strstr(said, limits[i].words))
			return copy_string(limits[i].means);
	return copy_string(said);
}

/* What the process's end says about the lab.  False: about the machine. */
static bool
judge(struct lab *lab, struct compilation *compilation, const struct compiler *compiler,
        const char *said)
{
	int status = compilation->builder.wait_status;
	enum tool_end end = WIFEXITED(status) ? (enum tool_end)WEXITSTATUS(status) : TOOL_FAILED;

	compilation->is_refused = end == TOOL_REFUSED;
	if (end == TOOL_DONE)
		return take_module(lab, compilation, compiler, said);
	if (end == TOOL_REFUSED && *said) {
		lab_settle(lab, BUILD_DOES_NOT_COMPILE, refusal(said));
		return true;
	}
	complain("lab %d cannot be compiled on this machine: %s", lab->number,
	        *said ? said : "the compiler failed without a message");
	return false;
}

/* Objects of the part's files that were compiled for its own lab: the same, from the same files. */
static void
share_objects(const struct lab *part, const char *place, const char *work)
{
	for (int i = 0; i < part->file_count; i++) {
		char *from = new_string("%s/lab%d/labs/%s/%s.o", work, part->number,
		        part->directory, part->files[i]);
		char *to = new_string("%s/labs/%s/%s.o", place, part->directory, part->files[i]);

		/* If it fails, the file is compiled again. */
		if (link(from, to) != 0)
			unlink(to);
		free(from);
		free(to);
	}
}

bool
lab_build_start(
        const struct lab *lab, struct compilation *compilation, const struct compiler *compiler)
{
	return start(lab, compilation, compiler, lab_is_whole_guest(lab));
}

bool
lab_build_join(const struct lab *lab, struct compilation *compilation, const struct labs *others,
        const struct compiler *compiler)
{
	/* What it says, the next one says again: about the objects that are not there. */
	if (!compiler_wait(compiler, &compilation->builder, lab->number))
		return false;
	for (int i = 0; i < others->count; i++) {
		const struct lab *part = &others->labs[i];

		if (part->number <= LAST_PART && part->state == BUILD_GOOD)
			share_objects(part, compilation->place, compiler->work);
	}
	return start(lab, compilation, compiler, false);
}

bool
lab_build_finish(struct lab *lab, struct compilation *compilation, const struct compiler *compiler)
{
	char *said;
	bool good = compiler_wait(compiler, &compilation->builder, lab->number);

	if (!good)
		return false;
	said = read_messages(compiler, lab);
	good = judge(lab, compilation, compiler, said);
	free(said);
	return good;
}

/* Forget what the tools have made. */
static void
remove_made(const struct lab *lab, const struct compilation *compilation)
{
	char *made[] = { new_string("%s/lab%d.elf", compilation->place, lab->number),
		new_string("%s/boot.elf", compilation->place) };

	for (int i = 0; i < 2; i++) {
		unlink(made[i]);
		free(made[i]);
	}
	for (int i = 0; i < compilation->source_count; i++) {
		char *object = new_string("%s/%s.o", compilation->place, compilation->sources[i]);

		unlink(object);
		free(object);
	}
}

/* Compile it once more, alone: whatever went wrong by chance does not go wrong again. */
bool
lab_build_again(struct lab *lab, struct compilation *compilation, const struct compiler *compiler)
{
	char *first = copy_string(lab->message);
	bool good;

	remove_made(lab, compilation);
	good = start(lab, compilation, compiler, false) &&
	       lab_build_finish(lab, compilation, compiler);
	/* With more time it may come to say something else. */
	if (good && compilation->is_refused && strcmp(first, lab->message) != 0 &&
	        strcmp(first, tool_took_too_much) != 0) {
		complain("the compiler's messages about lab %d differ from run to run: this "
		         "machine is not reliable at the moment",
		        lab->number);
		good = false;
	}
	free(first);
	return good;
}

/* End what still runs; free what belongs to the compilation. */
void
lab_build_end(struct compilation *compilation)
{
	process_end(&compilation->builder);
	for (int i = 0; i < compilation->source_count; i++)
		free(compilation->sources[i]);
	free(compilation->place);
	*compilation = (struct compilation){ 0 };
}

/* From collected files to a module: see module.h. */
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <r33/array.h>

#include "base/file.h"
#include "base/util.h"

enum { TOOL_ARGUMENTS = 96, FLAG_BYTES = 4096 };

/* The confined process. */
struct builder {
	const struct module_recipe *recipe;
	const struct module_flags *flags;
	struct tool_runner tools;
};

/* Arguments of a tool, in the order in which they are added. */
struct arguments {
	const char *words[TOOL_ARGUMENTS];
	int count;
};

static void
add(struct arguments *arguments, const char *word)
{
	if (arguments->count < TOOL_ARGUMENTS - 1)
		arguments->words[arguments->count++] = word;
}

static void
add_all(struct arguments *arguments, const char *const *words)
{
	while (*words)
		add(arguments, *words++);
}

/* Split the text at blanks and newlines; the words end with NULL. */
static const char **
split(char *text)
{
	const char **words = allocate(TOOL_ARGUMENTS, sizeof(*words));
	int count = 0;
	char *rest = NULL;

	for (char *word = strtok_r(text, " \n", &rest); word && count < TOOL_ARGUMENTS - 1;
	        word = strtok_r(NULL, " \n", &rest))
		words[count++] = word;
	return words;
}

/* Read one file of flags. */
static char *
read_flags(const char *root, const char *name)
{
	char *path = new_string("%s/labs/runtime/%s", root, name);
	size_t size;
	char *text = read_whole_file(path, FLAG_BYTES, &size);

	if (!text)
		complain("cannot read %s: %s", path, strerror(errno));
	free(path);
	return text;
}

bool
module_flags_read(struct module_flags *flags, const char *root)
{
	*flags = (struct module_flags){ .compile_text = read_flags(root, "compile.flags"),
		.link_text = read_flags(root, "link.flags") };
	if (!flags->compile_text || !flags->link_text)
		return false;
	flags->compile = split(flags->compile_text);
	flags->link = split(flags->link_text);
	return true;
}

/* Free them. */
void
module_flags_free(struct module_flags *flags)
{
	free(flags->compile);
	free(flags->link);
	free(flags->compile_text);
	free(flags->link_text);
	*flags = (struct module_flags){ 0 };
}

/* Compile one source, unless its object is there already. */
static enum tool_end
compile(struct builder *builder, const char *source, const char *object)
{
	const struct module_recipe *recipe = builder->recipe;
	char *map = new_string("-ffile-prefix-map=%s=.", recipe->place);
	struct arguments arguments = { .words = { recipe->toolchain->gcc }, .count = 1 };
	enum tool_end end = TOOL_DONE;

	/* -pipe: the assembler's messages name no temporary file, whose name differs each time. */
	add_all(&arguments, builder->flags->compile);
	add_all(&arguments,
	        (const char *const[]){ "-fno-lto", "-pipe", "-I../include", "-isystem",
	                "../compiler", "-ffile-prefix-map=../include=labs/include", map, NULL });
	if (recipe->for_debugger)
		add(&arguments, "-fno-inline");
	add_all(&arguments, (const char *const[]){ "-c", source, "-o", object, NULL });
	if (access(object, F_OK) != 0)
		end = tool_run(&builder->tools, arguments.words);
	free(map);
	return end;
}

/* Link the objects, and make the module that is booted. */
static enum tool_end
link_module(struct builder *builder, const char *const *objects)
{
	const struct module_recipe *recipe = builder->recipe;
	char *function = new_string("-Wl,--require-defined=%s", recipe->function);
	struct arguments linking = { .words = { recipe->toolchain->gcc }, .count = 1 };
	const char *const stripping[] = { recipe->toolchain->objcopy, "--strip-all", recipe->module,
		"boot.elf", NULL };
	enum tool_end end;

	add_all(&linking, builder->flags->link);
	add_all(&linking, (const char *const[]){ "-Wl,-T,../module.ld", function, NULL });
	add_all(&linking, objects);
	add_all(&linking, (const char *const[]){ "../runtime.o", "-o", recipe->module, NULL });
	end = tool_run(&builder->tools, linking.words);
	if (end == TOOL_DONE)
		end = tool_run(&builder->tools, stripping);
	free(function);
	return end;
}

/* Run all tools. */
static enum tool_end
build(struct builder *builder)
{
	const struct module_recipe *recipe = builder->recipe;
	char *objects[MODULE_SOURCES + 1] = { 0 };
	enum tool_end end = TOOL_DONE;

	for (int i = 0; end == TOOL_DONE && i < recipe->source_count; i++) {
		objects[i] = new_string("%s.o", recipe->sources[i]);
		end = compile(builder, recipe->sources[i], objects[i]);
	}
	if (end == TOOL_DONE && recipe->function)
		end = link_module(builder, (const char *const *)objects);
	/* Said only if something came of it: compilers look for files of their own, too. */
	if (end == TOOL_REFUSED && builder->tools.watch.refused[0])
		dprintf(STDERR_FILENO,
		        "note: a submission may include only <r33/...>, <stdint.h>, <stdbool.h>, "
		        "<stddef.h> and the files that are handed in; it asked for %s\n",
		        builder->tools.watch.refused);
	return end;
}

/* Close everything but this recipe's place.  False with errno. */
static bool
confine(const struct module_recipe *recipe)
{
	struct confined_files files = { 0 };
	char *paths[] = { new_string("%s/labs/include", recipe->root),
		new_string("%s/labs/runtime/module.ld", recipe->root),
		new_string("%s/build/labs/runtime.o", recipe->root) };

	toolchain_allow(recipe->toolchain, &files);
	for (size_t i = 0; i < COUNT(paths); i++)
		confined_add(&files, paths[i], FILE_READ);
	confined_add(&files, ".", FILE_WRITE);
	return confine_files(&files);
}

/* What module_start() leaves to the child. */
struct context {
	const struct module_recipe *recipe;
	const struct module_flags *flags;
};

/* The process's life.  Comes back only on failure, with errno set. */
static void
become_builder(const void *context)
{
	const struct module_recipe *recipe = ((const struct context *)context)->recipe;
	char *path = new_string("PATH=%s", process_search_path());
	struct builder builder = { .recipe = recipe,
		.flags = ((const struct context *)context)->flags,
		.tools = { .cpu_seconds = recipe->cpu_seconds,
		        .environment = { path, "LC_ALL=C", "HOME=/nonexistent", "TMPDIR=.",
		                "TZ=UTC0", "SOURCE_DATE_EPOCH=946684800" },
		        .watch = {
		                .places = { "../include/", "../compiler/", "../module.ld",
		                        "../runtime.o", "/dev/null", recipe->toolchain->directory },
		                .place_count = 6 } } };
	int said = open(recipe->said, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (said < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	        dup2(said, STDERR_FILENO) < 0 || chdir(recipe->place) != 0 ||
	        !tool_runner_open(&builder.tools) || !confine(recipe))
		return;
	/* From here on this is a process of its own: r33 no longer waits for it to become one. */
	close_range(STDERR_FILENO + 1, ~0u, 0);
	_exit((int)build(&builder));
}

int
module_start(
        struct child *child, const struct module_recipe *recipe, const struct module_flags *flags)
{
	return process_fork_group(child, become_builder, &(const struct context){ recipe, flags });
}

/* From collected files to a module: see module.h. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "file.h"
#include "module.h"
#include "util.h"
#include "watch.h"

enum {
	TOOL_ARGUMENTS = 96,
	FLAG_BYTES = 4096,
	TOOL_FILE_BYTES = 4 * 1024 * 1024,
	TOOL_STACK_BYTES = 64 * 1024 * 1024,
};

/* Compilers take a tenth of this. */
static const uint64_t tool_memory_bytes = 1024ull * 1024 * 1024;

/* What a tool tells before it is the program. */
struct tool_start {
	int listener; /* of the watch */
	int error;    /* why it is not the program */
};

/* The confined process. */
struct builder {
	const struct module_recipe *recipe;
	const struct module_flags *flags;
	struct watch watch;
	const char *environment[8];
	struct tool_start *start; /* shared with the tool */
	double cpu_s;             /* what the tools have used */
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

/* Read the flags of labs/runtime/. */
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

/* In the tool's process: one limit. */
static void
limit(__rlimit_resource_t resource, rlim_t value)
{
	const struct rlimit both = { value, value };

	setrlimit(resource, &both);
}

/* In the tool's process: everything up to exec. */
static void
become_tool(struct builder *builder, const char *const *argv)
{
	const struct rlimit cpu = { builder->recipe->cpu_seconds - (rlim_t)builder->cpu_s,
		builder->recipe->cpu_seconds + 1 };
	union {
		const char *const *constant;
		char *const *plain;
	} words = { argv }, environment = { builder->environment };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CPU, &cpu);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_AS, tool_memory_bytes);
	limit(RLIMIT_FSIZE, TOOL_FILE_BYTES);
	limit(RLIMIT_STACK, TOOL_STACK_BYTES); /* gcc asks for it in vain */
	process_restore_in_child();
	if (confine_calls_watched(&builder->start->listener))
		execve(argv[0], words.plain, environment.plain);
	builder->start->error = errno;
	_exit(127);
}

/* What the tool's end means. */
static enum module_end
judge_tool(const struct builder *builder, const char *tool, int status)
{
	if (builder->start->error) {
		dprintf(STDERR_FILENO, "cannot run %s: %s\n", tool,
		        strerror(builder->start->error));
		return MODULE_FAILED;
	}
	if (builder->cpu_s >= builder->recipe->cpu_seconds) {
		dprintf(STDERR_FILENO, "the compiler used more than %u seconds of processor time\n",
		        builder->recipe->cpu_seconds);
		return MODULE_REFUSED;
	}
	if (WIFSIGNALED(status)) {
		dprintf(STDERR_FILENO, "%s was ended by signal %d (%s)\n", tool, WTERMSIG(status),
		        strsignal(WTERMSIG(status)));
		return WTERMSIG(status) == SIGKILL ? MODULE_FAILED : MODULE_REFUSED;
	}
	return WEXITSTATUS(status) == 0 ? MODULE_MADE : MODULE_REFUSED;
}

/* Run one tool to its end. */
static enum module_end
run(struct builder *builder, const struct arguments *arguments)
{
	struct rusage usage = { 0 };
	int status = 0;
	pid_t pid;

	*builder->start = (struct tool_start){ .listener = -1 };
	builder->watch.forks = 0;
	/* The tool's filter is made in its process, the listener that comes of it is ours: so it has
	 * our descriptors until it becomes the program, and we wait until then. */
	pid = (pid_t)syscall(SYS_clone, CLONE_FILES | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		become_tool(builder, arguments->words);
	if (pid < 0) {
		dprintf(STDERR_FILENO, "cannot start a compiler: %s\n", strerror(errno));
		return MODULE_FAILED;
	}
	watch_child(&builder->watch, builder->start->listener, pid);
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		continue;
	builder->cpu_s += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	                  (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	return judge_tool(builder, arguments->words[0], status);
}

/* Compile one source, unless its object is there already. */
static enum module_end
compile(struct builder *builder, const char *source, const char *object)
{
	const struct module_recipe *recipe = builder->recipe;
	char *map = new_string("-ffile-prefix-map=%s=.", recipe->place);
	struct arguments arguments = { .words = { recipe->toolchain->gcc }, .count = 1 };
	enum module_end end = MODULE_MADE;

	/* -pipe: the assembler's messages name no temporary file, whose name differs each time. */
	add_all(&arguments, builder->flags->compile);
	add_all(&arguments,
	        (const char *const[]){ "-fno-lto", "-pipe", "-I../include", "-isystem",
	                "../compiler", "-ffile-prefix-map=../include=labs/include", map, NULL });
	if (recipe->for_debugger)
		add(&arguments, "-fno-inline");
	add_all(&arguments, (const char *const[]){ "-c", source, "-o", object, NULL });
	if (access(object, F_OK) != 0)
		end = run(builder, &arguments);
	free(map);
	return end;
}

/* Link the objects, and make the module that is booted. */
static enum module_end
link_module(struct builder *builder, const char *const *objects)
{
	const struct module_recipe *recipe = builder->recipe;
	char *function = new_string("-Wl,--require-defined=%s", recipe->function);
	struct arguments linking = { .words = { recipe->toolchain->gcc }, .count = 1 };
	const struct arguments stripping = { .words = { recipe->toolchain->objcopy, "--strip-all",
		                                     recipe->module, "boot.elf" } };
	enum module_end end;

	add_all(&linking, builder->flags->link);
	add_all(&linking, (const char *const[]){ "-Wl,-T,../module.ld", function, NULL });
	add_all(&linking, objects);
	add_all(&linking, (const char *const[]){ "../runtime.o", "-o", recipe->module, NULL });
	end = run(builder, &linking);
	if (end == MODULE_MADE)
		end = run(builder, &stripping);
	free(function);
	return end;
}

/* Run all tools. */
static enum module_end
build(struct builder *builder)
{
	const struct module_recipe *recipe = builder->recipe;
	char *objects[MODULE_SOURCES + 1] = { 0 };
	enum module_end end = MODULE_MADE;

	for (int i = 0; end == MODULE_MADE && i < recipe->source_count; i++) {
		objects[i] = new_string("%s.o", recipe->sources[i]);
		end = compile(builder, recipe->sources[i], objects[i]);
	}
	if (end == MODULE_MADE && recipe->function)
		end = link_module(builder, (const char *const *)objects);
	/* Said only if something came of it: compilers look for files of their own, too. */
	if (end == MODULE_REFUSED && builder->watch.refused[0])
		dprintf(STDERR_FILENO,
		        "note: a submission may include only <r33/...>, <stdint.h>, <stdbool.h>, "
		        "<stddef.h> and the files that are handed in; it asked for %s\n",
		        builder->watch.refused);
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
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
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
	const char *path = getenv("PATH");
	struct builder builder = { .recipe = recipe,
		.flags = ((const struct context *)context)->flags,
		.environment = { "LC_ALL=C", "HOME=/nonexistent", "TMPDIR=.",
		        "SOURCE_DATE_EPOCH=946684800",
		        path ? new_string("PATH=%s", path) : "PATH=/usr/bin:/bin" } };
	int said = open(recipe->said, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (said < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	        dup2(said, STDERR_FILENO) < 0 || chdir(recipe->place) != 0)
		return;
	builder.start = mmap(NULL, sizeof(*builder.start), PROT_READ | PROT_WRITE,
	        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (builder.start == MAP_FAILED || !confine(recipe))
		return;
	/* From here on this is a process of its own: r33 no longer waits for it to become one. */
	close_range(STDERR_FILENO + 1, ~0u, 0);
	builder.watch =
	        (struct watch){ .places = { "../include/", "../compiler/", "../module.ld",
		                        "../runtime.o", "/dev/null", recipe->toolchain->directory },
		        .place_count = 6 };
	_exit((int)build(&builder));
}

/* Start the process. */
int
module_start(
        struct child *child, const struct module_recipe *recipe, const struct module_flags *flags)
{
	return process_fork_group(child, become_builder, &(const struct context){ recipe, flags });
}

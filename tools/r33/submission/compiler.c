/* The compiler for a run's labs: see compiler.h. */
#include "compiler.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#include <r33/array.h>

#include "base/file.h"
#include "base/util.h"
#include "process/patience.h"

enum {
	WALL_MS = 300 * 1000,
	LAB_SPACE_BYTES = 24 * 1024 * 1024,  /* that the tools can fill for a lab */
	LEAST_SPACE_BYTES = 8 * 1024 * 1024, /* with so much left no file of theirs was cut short */
	LEAST_FREE_FILES = 64,
	FIRST_CPU_S = 5, /* for a lab; one of ours takes a tenth of a second */
	AGAIN_CPU_S = 20,
	ALL_AGAIN_CPU_S = 30,
	VMSTAT_BYTES = 64 * 1024,
};

/* The smallest lab. */
static const char probe[] = "#include <r33/lab.h>\n"
                            "int probe(void);\n"
                            "int\nprobe(void)\n{\n\tlab_printf(\"%d\", 33);\n\treturn 0;\n}\n";

/* Tools find what they share below the work directory, under names without anything odd in them. */
static bool
link_shared(const struct compiler *compiler)
{
	const struct {
		const char *name;
		char *target;
	} links[] = {
		{ "include", new_string("%s/labs/include", compiler->root) },
		{ "compiler", copy_string(compiler->toolchain.headers) },
		{ "module.ld", new_string("%s/labs/runtime/module.ld", compiler->root) },
		{ "runtime.o", new_string("%s/build/labs/runtime.o", compiler->root) },
	};
	bool good = true;

	for (size_t i = 0; i < COUNT(links); i++) {
		char *path = new_string("%s/%s", compiler->work, links[i].name);

		if (good && access(links[i].target, R_OK) != 0) {
			complain("cannot read %s: %s%s", links[i].target, strerror(errno),
			        errno == ENOENT ? "; run make first" : "");
			good = false;
		} else if (good && symlink(links[i].target, path) != 0) {
			complain("cannot make %s: %s", path, strerror(errno));
			good = false;
		}
		free(path);
		free(links[i].target);
	}
	return good;
}

/* Is there so much room in the work directory? */
static bool
has_space(const struct compiler *compiler, uint64_t bytes)
{
	struct statvfs file_system;
	uint64_t left;

	if (statvfs(compiler->work, &file_system) != 0)
		return true;
	left = (uint64_t)file_system.f_bavail * file_system.f_frsize;
	if (left >= bytes && (file_system.f_files == 0 || file_system.f_favail >= LEAST_FREE_FILES))
		return true;
	complain("the file system of %s is full: %llu MiB and %llu files are free, and compiling "
	         "needs %llu MiB (set TMPDIR to use another place)",
	        compiler->work, (unsigned long long)left >> 20,
	        (unsigned long long)file_system.f_favail, (unsigned long long)bytes >> 20);
	return false;
}

/* How many processes this machine has killed for want of memory; 0 if it does not tell. */
static long
count_memory_kills(void)
{
	static const char counter[] = "\noom_kill ";
	size_t size;
	char *text = read_whole_file("/proc/vmstat", VMSTAT_BYTES, &size);
	const char *found = text ? strstr(text, counter) : NULL;
	long count = found ? strtol(found + strlen(counter), NULL, 10) : 0;

	free(text);
	return count;
}

bool
compiler_open(struct compiler *compiler, const char *root, const char *work, int labs)
{
	*compiler = (struct compiler){ .root = root, .work = work };
	compiler->slowness = processor_slowness();
	compiler->cpu_seconds = FIRST_CPU_S * compiler->slowness;
	compiler->start_ms = now_ms();
	compiler->deadline_ms =
	        compiler->start_ms + (int64_t)WALL_MS * load_slowness() * compiler->slowness;
	compiler->memory_kills = count_memory_kills();
	return tool_limits_are_free(compiler->slowness * AGAIN_CPU_S) &&
	       has_space(compiler, (uint64_t)labs * LAB_SPACE_BYTES) &&
	       toolchain_find(&compiler->toolchain) && module_flags_read(&compiler->flags, root) &&
	       link_shared(compiler);
}

/* Free what belongs to it. */
void
compiler_close(struct compiler *compiler)
{
	toolchain_free(&compiler->toolchain);
	module_flags_free(&compiler->flags);
}

bool
compiler_wait(const struct compiler *compiler, struct child *builder, int lab)
{
	struct wait wait = { .deadline_ms = compiler->deadline_ms };
	enum wait_result result = process_wait(builder, &wait);

	process_end(builder);
	if (result == WAIT_TIMED_OUT)
		complain("compiling lab %d timed out after %lld seconds: this machine is too busy",
		        lab, (long long)(compiler->deadline_ms - compiler->start_ms) / 1000);
	return result == WAIT_ENDED;
}

/* Does the smallest lab compile here? */
static bool
compiles_probe(const struct compiler *compiler)
{
	char *place = new_string("%s/probe", compiler->work);
	char *said = new_string("%s/probe.said", compiler->work);
	const struct module_recipe recipe = {
		.toolchain = &compiler->toolchain,
		.root = compiler->root,
		.place = place,
		.sources = (char *[]){ (char[]){ "probe.c" } },
		.source_count = 1,
		.function = "probe",
		.module = "probe.elf",
		.cpu_seconds = compiler->cpu_seconds,
		.said = said,
	};
	struct child builder = { 0 };
	bool good = mkdir(place, 0700) == 0 && write_file(place, "probe.c", probe) &&
	            module_start(&builder, &recipe, &compiler->flags) == 0 &&
	            compiler_wait(compiler, &builder, 0) && WIFEXITED(builder.wait_status) &&
	            WEXITSTATUS(builder.wait_status) == TOOL_DONE;

	if (!good && !process_interrupted()) {
		size_t size;
		char *words = read_whole_file(said, 64 * 1024, &size);

		complain("the compiler does not work on this machine: it rejects an empty lab%s%s",
		        words && *words ? ":\n" : "", words ? words : "");
		free(words);
	}
	free(said);
	free(place);
	return good;
}

/* The processor time of all children so far. */
static double
children_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

bool
compiler_is_fit(struct compiler *compiler)
{
	if (count_memory_kills() != compiler->memory_kills) {
		complain("this machine ran out of memory while the labs were compiled");
		return false;
	}
	if (!has_space(compiler, LEAST_SPACE_BYTES) || !compiles_probe(compiler))
		return false;
	compiler->cpu_seconds = AGAIN_CPU_S * compiler->slowness;
	compiler->used_s = children_s();
	return true;
}

bool
compiler_takes_time(const struct compiler *compiler)
{
	return children_s() - compiler->used_s < (double)ALL_AGAIN_CPU_S * compiler->slowness;
}

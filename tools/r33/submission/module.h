/*
 * From collected files to a module, in a confined process: it starts the compiler, the linker and
 * objcopy one after the other, each under the watch (watch.h) and with limits.
 */
#pragma once

#include "process/process.h"
#include "tool.h"
#include "toolchain.h"

enum { MODULE_SOURCES = 24 };

struct module_flags {
	const char **compile, **link;   /* words; each list ends with NULL */
	char *compile_text, *link_text; /* hold them */
};

/* What to make.  All paths that are not absolute are below `place`. */
struct module_recipe {
	const struct toolchain *toolchain;
	const char *root;  /* of the tree: labs/include, labs/runtime, build/labs/runtime.o */
	const char *place; /* the directory; nothing else is written */
	char *const *sources;
	int source_count;
	const char *function; /* that the module must define; NULL = compile only, do not link */
	const char *module;   /* "lab1.elf"; the same without what is not loaded becomes boot.elf */
	bool for_debugger;    /* inline functions become calls, which can be stepped over */
	unsigned cpu_seconds; /* for all tools together */
	const char *said;     /* a file that gets what the tools say; they cannot read it */
};

/* Read the flags of labs/runtime/.  False after a complaint. */
bool module_flags_read(struct module_flags *flags, const char *root);
void module_flags_free(struct module_flags *flags);

/* Start the process.  0 or an errno; its exit status is an enum tool_end. */
int module_start(
        struct child *child, const struct module_recipe *recipe, const struct module_flags *flags);

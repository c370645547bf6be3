/*
 * The compiler for a run's labs: what they share, and whose fault it is when one does not compile.
 *
 * A machine that cannot compile must not cost points.  So before a lab is lost, the compiler is shown
 * to work here: there is room on the disk, nothing was killed for want of memory, and a lab that is
 * known to be good compiles in the same way.
 */
#pragma once

#include "module.h"

struct compiler {
	const char *root, *work;
	struct toolchain toolchain;
	struct module_flags flags;
	unsigned slowness;
	int64_t start_ms, deadline_ms; /* for all labs together */
	long memory_kills;             /* of the whole machine, when it began */
	bool has_refused;              /* a lab does not compile */
};

/* Find the tools, and make the work directory ready.  False after a complaint. */
bool compiler_open(struct compiler *compiler, const char *root, const char *work, int labs);
void compiler_close(struct compiler *compiler);

/* Wait until the process has ended.  False after a complaint, or interrupted. */
bool compiler_wait(const struct compiler *compiler, struct child *builder, int lab);

/* Has the compiler lost labs that a sound machine would have lost, too?  False after a complaint. */
bool compiler_was_fair(const struct compiler *compiler);

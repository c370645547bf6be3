/*
 * The compiler for a run's labs: what they share, and whose fault it is when one does not compile.
 *
 * A machine that cannot compile must not cost points.  So before a lab is lost, the compiler is shown
 * to work here: there is room on the disk, nothing was killed for want of memory, and a lab that is
 * known to be good compiles in the same way.  Then the lab is compiled once more: chance does not
 * strike twice in the same words.
 */
#pragma once

#include "module.h"

struct compiler {
	const char *root, *work;
	struct toolchain toolchain;
	struct module_flags flags;
	unsigned slowness;
	unsigned cpu_seconds;          /* for one lab */
	int64_t start_ms, deadline_ms; /* for all labs together */
	long memory_kills;             /* of the whole machine, when it began */
	double used_s;                 /* by r33's children, when labs began to be compiled again */
};

/* Find the tools, and make the work directory ready.  False after a complaint. */
bool compiler_open(struct compiler *compiler, const char *root, const char *work, int labs);
void compiler_close(struct compiler *compiler);

/* Wait until the process has ended.  False after a complaint, or interrupted. */
bool compiler_wait(const struct compiler *compiler, struct child *builder, int lab);

/*
 * Could the compiler have done better?  Asked once, before labs that it has refused are compiled again,
 * for which they get more time.  False after a complaint: it does not work here.
 */
bool compiler_is_fit(struct compiler *compiler);

/* Is there time left to compile one again?  For all together it is as much as nine honest ones never take. */
bool compiler_takes_time(const struct compiler *compiler);

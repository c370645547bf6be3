/* What a run came to: the model that all reports are written from. */
#pragma once

#include "machine/engine.h"
#include "stream/stream.h"
#include "submission/submission.h"

/* How the run ended.  Only RUN_DONE gives a verdict. */
enum run_end {
	RUN_DONE,
	RUN_HARNESS,
	RUN_KERNEL_FAULT,
	RUN_UNSUITABLE_PROCESSOR,
	RUN_BOOT_MODULES,
	RUN_TRIPLE_FAULT,
	RUN_NO_BOOT,
	RUN_HANG,
	RUN_ENGINE_NOT_STARTED,
	RUN_ENGINE_CRASHED,
	RUN_CUT_SHORT,
	RUN_MALFORMED,
	RUN_INTERRUPTED,
};

/* Milliseconds from the start of r33; -1 = it did not happen. */
struct run_times {
	double built, image, engine_start, kernel_entry, first_entry, end, total;
};

struct points {
	int earned, possible; /* skipped cases do not count */
	int scaled;           /* of 100, rounded down; 0 when nothing was possible */
	int cases, passed, failed, skipped, missing;
};

enum { NOT_BUILT_POINTS = 100 };

struct grade {
	const char *engine;
	char engine_version[ENGINE_VERSION_BYTES]; /* "" = it does not say */
	const char *cpu;
	const char *submission; /* the directory as it was named; NULL = the labs of this tree */
	const char *only_case;  /* --case; NULL = all */
	struct confinement_support confinement; /* of compiler and engine */
	struct labs labs;
	struct stream *stream; /* NULL = nothing was booted */
	struct engine_end engine_end;
	char *raw; /* the record stream as it came */
	size_t raw_length;
	enum run_end end;
	char *end_message;                  /* a sentence; NULL when done */
	const struct reported_case **cases; /* by lab, then as they ran */
	int case_count;
	struct reported_case not_built[LABS];
	struct run_times times;
};

/* Put the lab's cases together, once stream and labs are final. */
void grade_assemble(struct grade *grade);
void grade_free(struct grade *grade);

/* The points a case has earned, from 0 to all of it. */
int case_earned(const struct reported_case *result);

/* The points of one lab, or of all for lab 0. */
struct points grade_points(const struct grade *grade, int lab);

/* How many cases a lab was asked, if its code answered none of them yet; otherwise 0. */
int grade_unwritten_cases(const struct grade *grade, int lab);

/* A sentence the reports must carry although the run is done; NULL = none. */
const char *grade_warning(const struct grade *grade);

/* The exit status of r33 for this run. */
enum exit_status grade_status(const struct grade *grade);

/* How the run ended, from what was read and how the engine went.  classify.c */
enum run_end classify(const struct stream *stream, const struct engine_end *end);

/* "done", "kernel-fault", … */
const char *run_end_word(enum run_end end);

/* The sentence for the user; NULL when done.  The caller frees it. */
char *run_end_message(enum run_end end, const struct stream *stream,
        const struct engine_end *engine_end, const char *engine);

/* Show the last words of console and engine with this kind of end? */
bool run_end_shows_console(enum run_end end);
bool run_end_shows_messages(enum run_end end);

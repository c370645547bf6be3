/*
 * Submissions: which labs there are, which files of a lab the student edits, and how they become
 * a module.  From a submission come exactly those files; everything else comes from this tree.
 */
#pragma once

#include <stdbool.h>

#include "compiler.h"

enum { LAB_ALL = -1 };
enum { LABS = 9, LAB_FILES = 16, LAB_FILE_BYTES = 1024 * 1024, MESSAGE_BYTES = 16 * 1024 };
enum { MODULE_BYTES = 16 * 1024 * 1024 }; /* with debug information */
enum { LAST_PART = 7 }; /* the last lab whose function is a part of the whole guest */

enum build_state {
	BUILD_GOOD,
	BUILD_PREBUILT,         /* --module N=FILE */
	BUILD_NO_MODULE,        /* --module N=none */
	BUILD_NO_SUBMISSION,    /* a file is missing or is not a student's file */
	BUILD_DOES_NOT_COMPILE, /* message is the compiler's */
};

/* One lab to grade.  Owns its strings. */
struct lab {
	int number;
	char *directory;        /* "1-control-registers" */
	char *files[LAB_FILES]; /* names the student edits, sorted */
	int file_count;
	enum build_state state;
	char *message; /* why it could not be built, or what the compiler warned of; or NULL */
};

struct labs {
	struct lab labs[LABS];
	int count;
};

/* "good", "prebuilt", "no-module", "no-submission", "does-not-compile". */
const char *build_state_word(enum build_state state);

/* Is there a module to boot?  If not, the lab has 0 points and the engine is not asked. */
bool lab_is_gradable(const struct lab *lab);

/* What became of the lab, and why, or what else is to be said of it (the lab owns the text, or NULL). */
void lab_settle(struct lab *lab, enum build_state state, char *message);

/* The labs of this tree, all or the one with this number or LAB_ALL.  False after a complaint. */
bool labs_find(struct labs *labs, const char *root, int number);
void labs_free(struct labs *labs);

/* A lab that is being compiled. */
struct compilation {
	char *place;       /* the directory it is compiled in; NULL = nothing is compiled */
	bool for_debugger; /* inline functions become calls, which can be stepped over */
	char *sources[MODULE_SOURCES]; /* below the place; the lab's own come first */
	int source_count;
	struct child builder; /* pid 0: none was started */
	bool is_refused;      /* by the compiler */
};

/* Is the lab made of the student's files of other labs, too? */
bool lab_is_whole_guest(const struct lab *lab);

/*
 * From files to WORK/labN.elf, and WORK/labN.boot.elf without debug information, in steps, so that
 * labs are compiled side by side: copy the lab's files from the submission to WORK/labN/, begin to
 * compile them, wait for the compiler.  What the student did wrong ends in lab->state and message: go
 * on while lab_is_gradable().  False means that r33 could not work (after a complaint) or was
 * interrupted.  A lab that is made of others' files is joined with them when they have been finished.
 * One that the compiler refuses is compiled again before it is lost.
 * lab_build_end() is for every compilation, whatever happened.
 */
bool lab_build_collect(struct lab *lab, struct compilation *compilation, const char *root,
        const char *submission, bool alone, const char *work);
bool lab_build_start(
        const struct lab *lab, struct compilation *compilation, const struct compiler *compiler);
bool lab_build_join(const struct lab *lab, struct compilation *compilation,
        const struct labs *others, const struct compiler *compiler);
bool lab_build_finish(
        struct lab *lab, struct compilation *compilation, const struct compiler *compiler);
bool lab_build_again(
        struct lab *lab, struct compilation *compilation, const struct compiler *compiler);
void lab_build_end(struct compilation *compilation);

/* Take a prebuilt module, or none for "none".  False after a complaint. */
bool lab_take_module(struct lab *lab, const char *file, const char *work);

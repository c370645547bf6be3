/* From GRUB to the student's first line. */
#pragma once

#include "run.h"
#include "run/session.h"

/* The files whose symbols gdb gets.  All strings are the owner's. */
struct debug_files {
	char *kernel; /* with debug information, if there is such a file */
	char *lab;
	char *reference;
	char *guest;       /* of the case that runs; NULL = not known */
	char *commands;    /* what gdb does first; NULL = nothing */
	char function[64]; /* the student's */
};

/* The id of the case that runs, NULL before the first. */
const char *running_case(struct machine *machine);

/* Find the files of the session's only lab. */
void debug_files_find(struct debug_files *files, const struct session *session);
void debug_files_free(struct debug_files *files);

/* The addresses in the kernel that run_step() and its kin need. */
bool places_find(struct kernel_places *places, const struct debug_files *files);

/* Boot until the student's function has been entered in this case (NULL: in the first), and its prologue
 * is done. */
enum halt boot_to_first_line(struct run *run, const struct debug_files *files, const char *case_id);

/* Which of the tree's test guests lies in the guest's memory: its ELF file, or NULL.  The caller frees
 * it. */
char *guest_file(struct debuggee *debuggee, const char *root);

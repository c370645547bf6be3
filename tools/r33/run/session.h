/* One run from options to a grade: build, image, boot.  What grade, run and bench have in common. */
#pragma once

#include "grade.h"
#include "options.h"

struct session {
	const struct run_options *options;
	struct workdir workdir;
	struct grade grade;
	struct machine machine;
	struct caps model; /* what the options' cpu is for TCG; elsewhere without a name */
	int64_t start_us;
	bool progress;                 /* stderr is a terminal: show how far it is */
	bool without_labs;             /* no lab is built or booted */
	bool for_debugger;             /* labs are compiled for r33 gdb */
	const char *states;            /* a batch of guest states to enter; NULL = none */
	stream_event_function *listen; /* gets every event as well; NULL = none */
	void *listen_context;
	void (*console)(void *context, const char *bytes, size_t length);
	void *console_context;
};

/*
 * Check what can be checked before anything runs, make the work directory, build the labs.
 * STATUS_ALL_POINTS, or the status to exit with after a complaint.  session_close() in either case.
 */
enum exit_status session_open(struct session *session, const struct run_options *options);

/* Everything that can be wrong before anything runs.  STATUS_ALL_POINTS, or another after a complaint.
 * check.c */
enum exit_status session_check(const struct run_options *options);

/* Is there such a processor model for these options?  If not, complain with the list of them.  check.c */
bool session_check_cpu(const struct run_options *options, const char *cpu);

/* Make an image of the labs that could be built.  False after a complaint. */
bool session_image(struct session *session, const char *name, const char *command_line);

/* The same as grub-mkrescue makes it, "plain.iso".  False after a complaint. */
bool session_plain_image(struct session *session, const char *command_line);

/* The kernel's command line for the options' lab and case.  The caller frees it. */
char *session_command_line(const struct run_options *options);

/* Fill in the machine that boots the image, for those who do not use session_boot(). */
void session_machine(struct session *session, const char *image);

/* Boot the image; the grade's stream, end and times are final afterwards. */
void session_boot(struct session *session, const char *image);

/* Remove every trace of the run; die of the signal if there was one. */
void session_close(struct session *session);

/* Milliseconds since the session began. */
double session_ms(const struct session *session);

/* Resolve the addresses of the grade's cases to source lines.  locate.c */
void locate_all(struct session *session);

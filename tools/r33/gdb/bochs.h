/*
 * Bochs' internal debugger as a function: commands in, answers out.
 *
 * Commands go through a pipe that Bochs reads as its -rc file, answers come from its -dbglog file.
 * There is no prompt: "calc N" behind each command makes the line "0xN N" that ends the answer.  A
 * command with a syntax error would end Bochs; only fixed templates are sent.
 */
#pragma once

#include "debugger.h"

struct bochs {
	struct machine *machine;
	struct child child;
	int commands, answers; /* our ends; -1 = closed */
	char *text;            /* of answers; a terminated string */
	size_t used, room;
	unsigned marker;            /* of the last command */
	bool running;               /* and its answer has not been read yet */
	int64_t interrupted_ms;     /* when SIGINT was sent; 0 = it was not */
	unsigned breakpoint_number; /* of the last that was set */
};

/* Start the machine with its debugger.  False after a complaint. */
bool bochs_start(struct bochs *bochs, struct machine *machine);

/* Send a command, or several lines of them; bochs_wait() gets the answer. */
void bochs_send(struct bochs *bochs, const char *commands);

/* Wait for the answer, and for another file if it is not -1; -1 ms = indefinitely. */
enum debugger_wait bochs_wait(struct bochs *bochs, int other, int timeout_ms);

/* Send and wait: for commands that do not let the machine run.  NULL: Bochs is gone. */
const char *bochs_ask(struct bochs *bochs, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* A parameter's value.  False: Bochs has none of this name. */
bool bochs_parameter(struct bochs *bochs, const char *name, uint64_t *value);

/* Stop the running machine: the answer will come.  To be called again until it has. */
void bochs_interrupt(struct bochs *bochs);

/* End Bochs. */
void bochs_end(struct bochs *bochs);

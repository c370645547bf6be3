/* Bochs' internal debugger as a function: see bochs.h. */
#include "bochs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"

enum {
	READ_BYTES = 64 * 1024,
	MOST_ANSWER_BYTES = 4 << 20,
	ASK_WAIT_MS = 60000,
	INTERRUPT_AGAIN_MS = 20
};

bool
bochs_start(struct bochs *bochs, struct machine *machine)
{
	int commands[2], answers[2];
	bool good;

	*bochs = (struct bochs){ .machine = machine, .commands = -1, .answers = -1 };
	bochs->room = READ_BYTES;
	bochs->text = allocate(bochs->room, 1);
	if (!process_pipe(commands) || !process_pipe(answers)) {
		complain("cannot start: %s", strerror(errno));
		return false;
	}
	machine->debugged = true;
	machine->commands = commands[0];
	machine->answers = answers[1];
	bochs->commands = commands[1];
	bochs->answers = answers[0];
	signal(SIGPIPE, SIG_IGN);
	good = engine_start(machine, &bochs->child);
	close(commands[0]);
	close(answers[1]);
	return good;
}

/* Send commands and the one that marks the end of their answer. */
void
bochs_send(struct bochs *bochs, const char *commands)
{
	char *text = new_string("%s\ncalc %u\n", commands, ++bochs->marker);

	bochs->used = 0;
	bochs->text[0] = '\0';
	bochs->running = true;
	bochs->interrupted_ms = 0;
	/* If Bochs is gone, its answers end as well. */
	write_all(bochs->commands, text, strlen(text));
	free(text);
}

/* Is the answer complete?  Its end is cut off. */
static bool
is_complete(struct bochs *bochs)
{
	char mark[64];
	char *at;
	int length = snprintf(mark, sizeof(mark), "calc %u\n0x%x %u\n", bochs->marker,
	        bochs->marker, bochs->marker);

	if (bochs->used < (size_t)length)
		return false;
	/* Nothing follows the mark but an empty line, so it is at the end. */
	at = bochs->text + bochs->used - length;
	while (at > bochs->text && at > bochs->text + bochs->used - length - 8 &&
	        strncmp(at, mark, (size_t)length) != 0)
		at--;
	if (strncmp(at, mark, (size_t)length) != 0)
		return false;
	*at = '\0';
	bochs->used = (size_t)(at - bochs->text);
	return true;
}

/* Read some of the answer.  False: there will be no more. */
static bool
read_answer(struct bochs *bochs)
{
	ssize_t length;

	if (bochs->used == bochs->room - 1) {
		if (bochs->room >= MOST_ANSWER_BYTES)
			return false;
		bochs->text = grow_bytes(bochs->text, bochs->used, &bochs->room, READ_BYTES);
	}
	length = read(bochs->answers, bochs->text + bochs->used, bochs->room - 1 - bochs->used);
	if (length <= 0)
		return length < 0 && (errno == EINTR || errno == EAGAIN);
	for (ssize_t i = 0; i < length; i++) {
		if (!bochs->text[bochs->used + (size_t)i])
			bochs->text[bochs->used + (size_t)i] = ' ';
	}
	bochs->used += (size_t)length;
	bochs->text[bochs->used] = '\0';
	return true;
}

enum debugger_wait
bochs_wait(struct bochs *bochs, int other, int timeout_ms)
{
	int64_t deadline_ms = now_ms() + timeout_ms;

	while (bochs->running) {
		struct pollfd files[] = { { bochs->answers, POLLIN, 0 }, { other, POLLIN, 0 } };
		int64_t left_ms = timeout_ms < 0 ? 1000 : deadline_ms - now_ms();

		if (left_ms < 0)
			return DEBUGGER_TIMED_OUT;
		process_poll(&bochs->machine->wait, files, 2, (int)left_ms);
		if (files[0].revents) {
			if (!read_answer(bochs))
				return DEBUGGER_GONE;
			if (is_complete(bochs))
				bochs->running = false;
		} else if (files[1].revents) {
			return DEBUGGER_OTHER;
		} else if (process_interrupted()) {
			return DEBUGGER_ENDING;
		}
	}
	return DEBUGGER_ANSWERED;
}

const char *
bochs_ask(struct bochs *bochs, const char *format, ...)
{
	va_list arguments;
	char *commands;
	int length;

	va_start(arguments, format);
	length = vasprintf(&commands, format, arguments);
	va_end(arguments);
	if (length < 0)
		return NULL;
	bochs_send(bochs, commands);
	free(commands);
	return bochs_wait(bochs, -1, ASK_WAIT_MS) == DEBUGGER_ANSWERED ? bochs->text : NULL;
}

bool
bochs_parameter(struct bochs *bochs, const char *name, uint64_t *value)
{
	const char *answer = bochs_ask(bochs, "show \"%s\"", name);

	return answer && answer_parameter(answer, value);
}

/* Stop the running machine.  A signal that comes before the machine runs is lost. */
void
bochs_interrupt(struct bochs *bochs)
{
	int64_t now = now_ms();

	if (bochs->running && now >= bochs->interrupted_ms + INTERRUPT_AGAIN_MS) {
		kill(bochs->child.pid, SIGINT);
		bochs->interrupted_ms = now;
	}
}

void
bochs_end(struct bochs *bochs)
{
	if (bochs->child.pid > 0) {
		process_end(&bochs->child);
		bochs->machine->end.wait_status = bochs->child.wait_status;
	}
	process_close(&bochs->machine->wait);
	if (bochs->commands >= 0)
		close(bochs->commands);
	if (bochs->answers >= 0)
		close(bochs->answers);
	free(bochs->text);
	bochs->text = NULL;
}

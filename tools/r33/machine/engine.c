/* Boot a machine and watch it: see engine.h. */
#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <r33/array.h>

#include "base/file.h"
#include "process/patience.h"

extern char **environ;

enum {
	HOLD_POLL_MS = 3600 * 1000,
	SILENCE_POLL_MS = 500,
	MOST_PATIENCE = 20, /* times as long as on a usual machine that is idle */
	LOG_BYTES = 64 * 1024 * 1024,
};

/* Of addresses, which emulators are generous with. */
static const uint64_t engine_memory_bytes = 16ull * 1024 * 1024 * 1024;

void
engine_add_file(struct machine *machine, const char *name)
{
	char *path = new_string("%s/%s", machine->work, name);
	FILE *in = fopen(path, "re");
	char bytes[TAIL_BYTES];
	size_t length;

	free(path);
	if (!in)
		return;
	if (fseek(in, -TAIL_BYTES, SEEK_END) != 0)
		fseek(in, 0, SEEK_SET);
	while ((length = fread(bytes, 1, sizeof(bytes), in)) > 0)
		tail_add(&machine->end.messages, bytes, length);
	fclose(in);
}

/* Bytes from COM1. */
static void
take_console(void *context, const char *bytes, size_t length)
{
	struct machine *machine = context;

	tail_add(&machine->end.console, bytes, length);
	if (machine->console)
		machine->console(machine->console_context, bytes, length);
}

/* Bytes from COM2. */
static void
take_stream(void *context, const char *bytes, size_t length)
{
	struct machine *machine = context;

	machine->last_byte_ms = now_ms();
	machine->last_byte_cpu_ms = process_cpu_ms(machine->child);
	machine->wait.deadline_ms = machine->last_byte_ms + machine->stall_ms;
	if (machine->record && !machine->stream->ended)
		fwrite(bytes, 1, length, machine->record);
	stream_feed(machine->stream, bytes, length);
	if (machine->stream->ended || machine->stream->malformed)
		machine->wait.stop = true;
}

/* Bytes from the engine's stderr. */
static void
take_messages(void *context, const char *bytes, size_t length)
{
	struct machine *machine = context;

	machine->engine->messages(machine, bytes, length);
}

/* What the engine paints on a display without a viewer. */
static void
take_display(void *context, const char *bytes, size_t length)
{
	(void)context;
	(void)bytes;
	(void)length;
}

/* Open the pipes.  0 or an errno. */
static int
open_pipes(int pipes[3][2])
{
	for (int i = 0; i < 3; i++) {
		if (!process_pipe(pipes[i])) {
			int error = errno;

			while (i-- > 0) {
				close(pipes[i][0]);
				close(pipes[i][1]);
			}
			return error;
		}
	}
	return 0;
}

/* What an engine and its display need of the environment: the rest may be secrets. */
static char **
engine_environment(void)
{
	static const char *const names[] = { "PATH=", "HOME=", "TERM=", "TERMINFO=", "DISPLAY=",
		"XAUTHORITY=", "WAYLAND_DISPLAY=", "XDG_RUNTIME_DIR=", "LANG=", "LC_ALL=",
		"TMPDIR=", "BXSHARE=", "LTDL_LIBRARY_PATH=", "LD_LIBRARY_PATH=" };
	static char *kept[COUNT(names) + 1];
	int count = 0;

	for (size_t i = 0; i < COUNT(names); i++) {
		for (char **variable = environ; *variable; variable++) {
			if (strncmp(*variable, names[i], strlen(names[i])) == 0) {
				kept[count++] = *variable;
				break;
			}
		}
	}
	kept[count] = NULL;
	return kept;
}

/* Open the pipes and start the engine.  0 or an errno. */
static int
start(struct machine *machine, struct child *child, const char *const *argv,
        const struct confined_files *confinement)
{
	struct spawn spawn = { .argv = argv,
		.environment = (const char *const *)engine_environment(),
		.directory = machine->work,
		.files = { -1, -1, -1, -1, -1, -1 },
		/* Of a guest's complaints the log keeps the first: it must not fill the disk. */
		.limits = { .file_bytes = LOG_BYTES,
		        .file_end_is_error = true,
		        /* QEMU 10 raises its limit, and aborts where it may not. */
		        .most_descriptors = true,
		        .memory_bytes = engine_memory_bytes },
		.confinement = confinement,
		.calls = machine->display    ? CALLS_OF_ENGINE_WITH_DISPLAY
		         : machine->debugged ? CALLS_OF_ENGINE_WITH_SOCKETS
		                             : CALLS_OF_ENGINE };
	struct channel *channels = machine->wait.channels;
	int pipes[3][2];
	int error = open_pipes(pipes);

	if (error)
		return error;
	if (machine->debugged && machine->answers > 0) {
		spawn.files[COMMANDS_FD] = machine->commands;
		spawn.files[ANSWERS_FD] = machine->answers;
	}
	spawn.files[STDERR_FILENO] = pipes[0][1];
	spawn.files[CONSOLE_FD] = pipes[1][1];
	spawn.files[STREAM_FD] = pipes[2][1];
	channels[0] = (struct channel){ pipes[0][0], take_messages, machine };
	channels[1] = (struct channel){ pipes[1][0], take_console, machine };
	channels[2] = (struct channel){ pipes[2][0], take_stream, machine };
	channels[3] = (struct channel){ -1, take_display, machine };
	machine->started_us = now_us();
	error = process_start(child, &spawn);
	for (int i = 0; i < 3; i++)
		close(pipes[i][1]);
	return error;
}

/* Start the engine, confined.  0 or an errno; -1 after a complaint. */
static int
start_confined(struct machine *machine, struct child *child, const char *const *argv)
{
	struct confined_files files;
	struct engine_paths paths;
	int error = -1;

	if (engine_confine(machine, argv[0], &files, &paths))
		error = start(machine, child, argv, &files);
	engine_paths_free(&paths);
	return error;
}

/*
 * Has the engine been silent for too long?  It may be so while it has not had the processor time of its
 * patience, wants it, and others have it.
 */
static bool
is_silent(const struct machine *machine, const struct child *child)
{
	int64_t silence_ms = now_ms() - machine->last_byte_ms;

	if (silence_ms < machine->stall_ms * load_slowness() * processor_slowness())
		return false;
	return silence_ms >= machine->stall_ms * MOST_PATIENCE || !process_wants_processor(child) ||
	       process_cpu_ms(child) - machine->last_byte_cpu_ms >= machine->stall_ms;
}

/* Watch until the end, and say which one it was. */
static enum engine_end_kind
watch(struct machine *machine, struct child *child)
{
	machine->child = child;
	machine->last_byte_ms = now_ms();
	machine->wait.deadline_ms = machine->last_byte_ms + machine->stall_ms;
	for (;;) {
		switch (process_wait(child, &machine->wait)) {
		case WAIT_ENDED: return ENGINE_EXITED;
		case WAIT_STOPPED: return ENGINE_STOPPED;
		case WAIT_INTERRUPTED: return ENGINE_INTERRUPTED;
		case WAIT_TIMED_OUT:
			machine->end.patience_s = machine->stall_ms / 1000;
			if (is_silent(machine, child))
				return ENGINE_STALLED;
			machine->wait.deadline_ms = now_ms() + SILENCE_POLL_MS;
		}
	}
}

/* The user looks at the screen: the kernel stays on (hold=1) until they are done. */
static void
hold(struct machine *machine, struct child *child)
{
	struct wait *wait = &machine->wait;

	fputs("r33: the run has ended; close the screen or press Ctrl-C\n", stderr);
	wait->stop = false;
	wait->deadline_ms = now_ms() + HOLD_POLL_MS;
	process_wait(child, wait);
}

/* Write the engine's files and start it. */
bool
engine_start(struct machine *machine, struct child *child)
{
	const char *argv[ENGINE_ARGUMENTS] = { machine->engine->program() };
	int error = ENOENT;

	machine->end.kind = ENGINE_NOT_STARTED;
	if (argv[0]) {
		if (!machine->engine->prepare(machine, argv))
			return false;
		error = start_confined(machine, child, argv);
	}
	if (error == ENOENT)
		complain("%s is not installed: install the package %s", machine->engine->name,
		        machine->engine->package);
	else if (error > 0)
		complain("cannot start %s: %s", argv[0], strerror(error));
	return !error;
}

void
engine_run(struct machine *machine)
{
	struct child child = { 0 };

	if (!engine_start(machine, &child))
		return;
	machine->end.kind = watch(machine, &child);
	if (machine->hold && machine->end.kind == ENGINE_STOPPED)
		hold(machine, &child);
	process_end(&child);
	machine->end.wait_status = child.wait_status;
	process_close(&machine->wait);
	stream_finish(machine->stream);
	machine->engine->post_mortem(machine);
}

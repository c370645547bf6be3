/* r33 gdb: debug a lab, from the student's first line on. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "machine/bochs.h"
#include "gdb/connect.h"
#include "gdb/server.h"
#include "gdb/stub.h"

/* Is there a lab to debug?  If not, say why. */
static enum exit_status
check_lab(const struct session *session)
{
	const struct lab *lab = &session->grade.labs.labs[0];

	if (lab->state == BUILD_GOOD || lab->state == BUILD_PREBUILT) {
		if (lab->message)
			complain("lab %d: the compiler warns:\n%s", lab->number, lab->message);
		return STATUS_ALL_POINTS;
	}
	complain("lab %d: %s:\n%s", lab->number, build_state_word(lab->state),
	        lab->message ? lab->message : "there is nothing to debug");
	return STATUS_ENGINE_OR_FILE;
}

static const char never_called[] = "the run ended before the student's function was called";

/* There is no such case, or this processor cannot pose it. */
static enum exit_status
complain_of_case(const struct options *options, const struct stream *stream)
{
	for (int i = 0; i < stream->planned; i++) {
		const struct case_result *result = &stream->cases[i];

		if (!result->id || strcmp(result->id, options->case_id) != 0)
			continue;
		if (result->status != CASE_SKIPPED)
			complain("%s", never_called);
		else
			complain("case '%s' is skipped on this processor: %s", result->id,
			        result->skip_reason ? result->skip_reason : "no reason is given");
		return STATUS_ENGINE_OR_FILE;
	}
	complain("lab %d has no case '%s'", options->lab, options->case_id);
	return STATUS_USAGE;
}

/* The machine did not come to the student's first line: say what it did. */
static enum exit_status
complain_of_boot(struct session *session, struct server *server, enum halt halt)
{
	struct machine *machine = &session->machine;
	char *message;

	if (halt == HALT_REFUSED) {
		complain("the kernel or the lab's module has not the symbols that r33 gdb needs");
		return STATUS_ENGINE_OR_FILE;
	}
	if (server->run.debuggee.unintelligible) {
		complain("the debugger of this Bochs answers in a way that r33 gdb does "
		         "not know; those of 2.7 and 3.0 are known");
		return STATUS_ENGINE_OR_FILE;
	}
	if (process_interrupted())
		return STATUS_ENGINE_OR_FILE;
	bochs_end(&server->run.debuggee.bochs);
	machine->end.kind = halt == HALT_ENDED ? ENGINE_EXITED : ENGINE_STALLED;
	stream_finish(machine->stream);
	machine->engine->post_mortem(machine);
	if (machine->stream->ended && session->options->case_id)
		return complain_of_case(session->options, machine->stream);
	if (machine->stream->ended) {
		complain("%s", never_called);
	} else {
		message = run_end_message(classify(machine->stream, &machine->end), machine->stream,
		        &machine->end, session->grade.engine);
		complain("%s", message ? message : "the machine ended while it booted");
		free(message);
	}
	return STATUS_ENGINE_OR_FILE;
}

/* A case has ended: a line for the user. */
static void
take_event(void *context, enum stream_event event, const struct stream *stream, const char *text)
{
	struct server *server = context;
	const struct case_result *result = stream->reported;
	char *line;

	(void)text;
	if (event != STREAM_REPORTED || !result || !result->id)
		return;
	line = new_string("r33: case %s: %s\n", result->id,
	        result->status == CASE_PASSED    ? "passed"
	        : result->status == CASE_SKIPPED ? "skipped"
	        : result->outcome                ? result->outcome
	                                         : "failed");
	gdb_link_take_console(&server->link, line, strlen(line));
	free(line);
}

/* gdb is there. */
static void
serve(void *context, int in, int out)
{
	struct server *server = context;

	server->link.in = in;
	server->link.out = out;
	server_run(server);
}

/* Boot on Bochs to the student's first line, and serve gdb. */
static enum exit_status
debug_on_bochs(struct server *server, struct debug_files *files)
{
	struct session *session = server->session;
	struct run *run = &server->run;
	enum exit_status status = STATUS_ENGINE_OR_FILE;
	enum halt halt;

	session->console = gdb_link_take_console;
	session->console_context = &server->link;
	session->listen = take_event;
	session->listen_context = server;
	run->gdb = -1;
	run->timeout_ms = session->options->timeout_s * 1000;
	if (bochs_start(&run->debuggee.bochs, &session->machine)) {
		halt = boot_to_first_line(run, files, session->options->case_id);
		server->link.console_length = 0; /* how it booted is of no interest */
		if (halt == HALT_STEPPED) {
			files->guest = guest_file(&run->debuggee, session->options->root);
			status = gdb_connect(session, files, serve, server);
		} else {
			status = complain_of_boot(session, server, halt);
		}
	}
	bochs_end(&run->debuggee.bochs);
	return status;
}

/* On whatever engine. */
static enum exit_status
debug(struct server *server, struct debug_files *files)
{
	struct session *session = server->session;
	struct bochs_build build = { 0 };

	if (!places_find(&server->run.places, files)) {
		complain("%s has not the symbols that r33 gdb needs", files->kernel);
		return STATUS_ENGINE_OR_FILE;
	}
	session_machine(session, "image.iso");
	if (session->options->engine == &engine_bochs)
		bochs_build_read(&build);
	session->machine.debugger_by_option = build.debugger_by_option;
	return build.has_debugger ? debug_on_bochs(server, files)
	                          : stub_debug(session, files, &server->run.places);
}

/* r33 gdb */
static int
run_gdb(const struct options *options)
{
	struct session *session = allocate(1, sizeof(*session));
	struct server *server = allocate(1, sizeof(*server));
	struct debug_files files = { 0 };
	enum exit_status status;
	char *command_line;

	if (options->lab == LAB_ALL || options->lab == 0) {
		complain("gdb needs --lab N: one lab");
		return STATUS_USAGE;
	}
	server->session = session;
	session->for_debugger = true;
	status = session_open(session, options);
	session->progress = false;
	if (status == STATUS_ALL_POINTS)
		status = check_lab(session);
	if (status == STATUS_ALL_POINTS) {
		command_line = session_command_line(options);
		if (!session_image(session, "image.iso", command_line))
			status = STATUS_ENGINE_OR_FILE;
		free(command_line);
	}
	if (status == STATUS_ALL_POINTS) {
		debug_files_find(&files, session);
		status = debug(server, &files);
		debug_files_free(&files);
	}
	if (session->machine.record)
		fclose(session->machine.record);
	session_close(session);
	grade_free(&session->grade);
	free(server->layout);
	free(server);
	free(session);
	return (int)status;
}

const struct command command_gdb = {
	.name = "gdb",
	.summary = "Debug a lab with gdb, from the student's first line through VM entry and back.",
	.options = "lseckmFQVPUKTBrd",
	.takes_arguments = true,
	.run = run_gdb,
	.help = "Boots the lab, stops at the first line of the student's function, and starts gdb "
	        "with the\n"
	        "symbols of the kernel, the lab, the reference and the test guest.  No time limit "
	        "ends the\n"
	        "lab's function here.  Arguments behind -- go to gdb.\n"
	        "\n"
	        "examples:\n"
	        "  r33 gdb --lab 1\n"
	        "  r33 gdb --lab 1 --case enter-64-bit --submission solutions\n"
	        "  r33 gdb --lab 1 --batch --command session.gdb\n"
	        "  r33 gdb --lab 1 -- -tui\n"
	        "  gdb -ex 'target remote | build/r33 gdb --server --lab 1'\n"
	        "  r33 gdb --server --port 1234 --lab 1\n"
	        "\n"
	        "exit status: 0 gdb has ended, 2 wrong usage, 3 the engine or a file failed\n",
};

/* A lab is debugged: see debug.h. */
#include "debug.h"

#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "machine/bochs.h"
#include "server.h"
#include "stub.h"

static const char never_called[] = "the run ended before the student's function was called";

/* There is no such case, or this processor cannot pose it. */
static enum exit_status
complain_of_case(const struct run_options *options, const struct stream *stream)
{
	for (int i = 0; i < stream->planned; i++) {
		const struct reported_case *result = &stream->cases[i];

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
		complain("the kernel or the lab module lacks symbols that r33 gdb needs");
		return STATUS_ENGINE_OR_FILE;
	}
	if (server->run.debuggee.unintelligible) {
		if (machine->engine == &engine_bochs)
			complain("r33 gdb does not understand the debugger of this Bochs; it knows "
			         "those of 2.7 and 3.0");
		else
			complain("r33 gdb does not understand this QEMU's server for gdb; it knows "
			         "those of 7.2 and 10.0");
		return STATUS_ENGINE_OR_FILE;
	}
	if (process_interrupted())
		return STATUS_ENGINE_OR_FILE;
	server->run.debuggee.debugger->end(&server->run.debuggee);
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
		complain("%s", message ? message : "the machine ended during boot");
		free(message);
	}
	return STATUS_ENGINE_OR_FILE;
}

/* A case has ended: a line for the user. */
static void
tell_case(void *context, enum stream_event event, const struct stream *stream, const char *text)
{
	struct server *server = context;
	const struct reported_case *result = stream->reported;
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

/* Boot to the student's first line, and serve gdb. */
static enum exit_status
debug(struct server *server, const struct gdb_options *options, struct debug_files *files)
{
	struct session *session = server->session;
	struct run *run = &server->run;
	enum exit_status status = STATUS_ENGINE_OR_FILE;
	enum halt halt;

	session->console = gdb_link_take_console;
	session->console_context = &server->link;
	session->listen = tell_case;
	session->listen_context = server;
	run->gdb = -1;
	run->timeout_ms = session->options->timeout_s * 1000;
	run->machine = &session->machine;
	if (run->debuggee.debugger->start(&run->debuggee, &session->machine, &run->places)) {
		halt = boot_to_first_line(run, files, session->options->case_id);
		server->link.console_length = 0; /* how it booted is of no interest */
		if (halt == HALT_STEPPED) {
			files->guest = guest_file(&run->debuggee, session->options->root);
			status = gdb_connect(session, options, files, serve, server);
		} else {
			status = complain_of_boot(session, server, halt);
		}
	}
	run->debuggee.debugger->end(&run->debuggee);
	return status;
}

/* What r33 can ask of the engine; NULL: only gdb itself can, by the engine's own server. */
static const struct debugger *
find_debugger(struct session *session)
{
	struct bochs_build build = { 0 };

	if (session->options->engine == &engine_bochs) {
		bochs_build_read(&build);
		session->machine.debugger_by_option = build.debugger_by_option;
		return build.has_debugger ? &debugger_bochs : NULL;
	}
	return session->machine.model ? &debugger_qemu : NULL;
}

/* Debug on whatever engine. */
enum exit_status
gdb_debug(struct session *session, const struct gdb_options *options)
{
	struct server *server = allocate(1, sizeof(*server));
	struct debug_files files = { 0 };
	enum exit_status status = STATUS_ENGINE_OR_FILE;

	server->session = session;
	debug_files_find(&files, session);
	if (places_find(&server->run.places, &files)) {
		session_machine(session, "image.iso");
		server->run.debuggee.debugger = find_debugger(session);
		status = server->run.debuggee.debugger
		                 ? debug(server, options, &files)
		                 : stub_debug(session, options, &files, &server->run.places);
	} else {
		complain("%s lacks symbols that r33 gdb needs", files.kernel);
	}
	debug_files_free(&files);
	free(server->layout);
	free(server);
	return status;
}

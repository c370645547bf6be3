/* r33 gdb: debug a lab, from the student's first line on. */
#include <stdlib.h>

#include "commands.h"
#include "gdb/debug.h"

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

/* r33 gdb */
static int
run_gdb(const struct command_options *options)
{
	struct session *session = allocate(1, sizeof(*session));
	struct gdb_options gdb = options->gdb;
	enum exit_status status;
	char *command_line;

	if (options->run.lab == LAB_ALL || options->run.lab == 0) {
		complain("gdb needs --lab N: one lab");
		return STATUS_USAGE;
	}
	gdb.arguments = options->arguments;
	session->for_debugger = true;
	status = session_open(session, &options->run);
	session->progress = false;
	if (status == STATUS_ALL_POINTS)
		status = check_lab(session);
	if (status == STATUS_ALL_POINTS) {
		command_line = session_command_line(&options->run);
		if (!session_image(session, "image.iso", command_line))
			status = STATUS_ENGINE_OR_FILE;
		free(command_line);
	}
	if (status == STATUS_ALL_POINTS)
		status = gdb_debug(session, &gdb);
	if (session->machine.record)
		fclose(session->machine.record);
	session_close(session);
	grade_free(&session->grade);
	free(session);
	return (int)status;
}

const struct command command_gdb = {
	.name = "gdb",
	.summary = "Debug a lab with gdb, from the student's first line through VM entry and back.",
	.options = "lseackmFQVPUKTBrd",
	.takes_arguments = true,
	.run = run_gdb,
	.help = "Boots the lab, stops at the first line of the student's function, and starts gdb\n"
	        "with the symbols of the kernel, the lab, the reference and the test guest.  The\n"
	        "lab's function has no time limit here.  Arguments after -- go to gdb.\n"
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

/* r33 grade and r33 run: build, boot, and say what came of it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "report/report.h"
#include "run/session.h"

enum { LAST_LINES = 5 };

/* Is there a lab to boot? */
static bool
has_gradable_lab(const struct labs *labs)
{
	for (int i = 0; i < labs->count; i++) {
		if (lab_is_gradable(&labs->labs[i]))
			return true;
	}
	return false;
}

/* Build, boot, put the cases together.  STATUS_ALL_POINTS: there is a grade, of whatever end. */
static enum exit_status
make_grade(struct session *session, const struct command_options *options)
{
	enum exit_status status = session_open(session, &options->run);
	char *command_line;

	if (status != STATUS_ALL_POINTS)
		return status;
	if (has_gradable_lab(&session->grade.labs)) {
		command_line = session_command_line(&options->run);
		if (session_image(session, "image.iso", command_line))
			session_boot(session, "image.iso");
		else
			status = STATUS_ENGINE_OR_FILE;
		free(command_line);
	}
	if (status == STATUS_ALL_POINTS)
		grade_assemble(&session->grade);
	if (status == STATUS_ALL_POINTS && options->run.case_id && session->grade.end == RUN_DONE &&
	        session->grade.case_count == 0) {
		complain("lab %d has no case '%s'", options->run.lab, options->run.case_id);
		status = STATUS_USAGE;
	}
	return status;
}

/* What went wrong with the run, on stderr; the reports say it as well. */
static void
complain_of_end(const struct grade *grade)
{
	if (grade->end_message && grade->end != RUN_ENGINE_NOT_STARTED &&
	        grade->end != RUN_INTERRUPTED)
		complain("%s", grade->end_message);
}

/* Does the user read the text report on the terminal on which r33 would complain? */
static bool
is_told_by_report(const struct command_options *options)
{
	for (int i = 0; i < options->report.output_count; i++) {
		if (strcmp(options->report.outputs[i].path, "-") == 0 &&
		        options->report.outputs[i].format == report_format_find("text"))
			return isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
	}
	return false;
}

/* r33 grade */
static int
run_grade(const struct command_options *options)
{
	struct session *session = allocate(1, sizeof(*session));
	enum exit_status status = make_grade(session, options);
	bool graded = status == STATUS_ALL_POINTS && !process_interrupted();

	if (graded)
		locate_all(session);
	session_close(session);
	if (graded) {
		if (!is_told_by_report(options))
			complain_of_end(&session->grade);
		status = report_write_all(&options->report, &session->grade)
		                 ? grade_status(&session->grade)
		                 : STATUS_ENGINE_OR_FILE;
	}
	grade_free(&session->grade);
	free(session);
	return (int)status;
}

/* The console as it comes, without what a terminal would obey. */
static void
show_console(void *context, const char *bytes, size_t length)
{
	struct session *session = context;

	if (session->progress)
		fputs("\r\033[K", stderr);
	session->progress = false;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == '\r')
			continue;
		if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7f))
			putchar(byte);
		else
			printf("\\x%02x", byte);
	}
	fflush(stdout);
}

/* The engine's last words, where they help; the console has been shown. */
static void
show_last_words(const struct grade *grade)
{
	char *lines;

	if (!run_end_shows_messages(grade->end))
		return;
	lines = tail_lines(&grade->engine_end.messages, LAST_LINES);
	write_clean(stderr, lines, 0);
	fputc('\n', stderr);
	free(lines);
}

/* What stopped a lab before it could run, and what the compiler warned of.  Is there one to run? */
static bool
complain_of_labs(const struct labs *labs)
{
	bool gradable = false;

	for (int i = 0; i < labs->count; i++) {
		const struct lab *lab = &labs->labs[i];

		if (!lab_is_gradable(lab))
			complain("lab %d: %s:\n%s", lab->number, build_state_word(lab->state),
			        lab->message);
		else if (lab->message)
			complain("lab %d: the compiler warns:\n%s", lab->number, lab->message);
		gradable = gradable || lab_is_gradable(lab);
	}
	return gradable;
}

/* r33 run */
static int
run_run(const struct command_options *options)
{
	struct session *session = allocate(1, sizeof(*session));
	enum exit_status status;

	session->console = show_console;
	session->console_context = session;
	status = make_grade(session, options);
	session_close(session);
	if (status == STATUS_ALL_POINTS) {
		bool gradable = complain_of_labs(&session->grade.labs);

		complain_of_end(&session->grade);
		show_last_words(&session->grade);
		status = gradable ? grade_status(&session->grade) : STATUS_ENGINE_OR_FILE;
	}
	grade_free(&session->grade);
	free(session);
	return (int)status;
}

const struct command command_grade = {
	.name = "grade",
	.summary = "Grade a submission: compile it, boot it, and report the processor's verdict.",
	.options = "lseackmfoDtUKTBrd",
	.help = "Takes only the files that the student edits from DIR: from DIR/N-name/ or,\n"
	        "if one lab is graded, from DIR itself.  The rest comes from this tree.\n"
	        "\n"
	        "On the screen, several labs are an overview of 24 lines; --details shows every\n"
	        "case, as does a report in a file (-o).\n"
	        "\n"
	        "examples:\n"
	        "  r33 grade --lab 1\n"
	        "  r33 grade --submission ~/handed-in/ada --lab all --format json -o ada.json\n"
	        "  r33 grade --submission ~/handed-in/ada --format html -o ada.html\n"
	        "  r33 grade --lab 1 --format text --format junit -o junit.xml\n"
	        "  r33 grade --lab 1 --cpu core2_penryn_t9600 --case enter-64-bit\n"
	        "\n"
	        "exit status: 0 all points, 1 points lost, 2 wrong usage,\n"
	        "3 the engine or a file failed\n",
	.run = run_grade,
};

const struct command command_run = {
	.name = "run",
	.summary = "Boot a lab and show its console.",
	.options = "lseackmUKTBrd",
	.help = "examples:\n"
	        "  r33 run --lab 1\n"
	        "  r33 run --lab 1 --submission solutions --display x\n"
	        "\n"
	        "exit status: 0 all points, 1 points lost, 2 wrong usage,\n"
	        "3 the engine or a file failed\n",
	.run = run_run,
};

/* One run from options to a grade: see session.h. */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/save.h"
#include "measured.h"
#include "state/profile.h"
#include "submission/image.h"

double
session_ms(const struct session *session)
{
	return (double)(now_us() - session->start_us) / 1000;
}

/* Remove the progress line. */
static void
clear_progress(const struct session *session)
{
	if (session->progress)
		fputs("\r\033[K", stderr);
}

/* One line that is written over: what r33 is about. */
static void
show_step(const struct session *session, const char *step, const char *of)
{
	if (!session->progress)
		return;
	clear_progress(session);
	fputs(step, stderr);
	write_clean(stderr, of, 0);
	fflush(stderr);
}

/* Which case runs. */
static void
show_progress(const struct session *session, const struct stream *stream)
{
	const struct reported_case *current = stream->current;
	char *step =
	        current ? new_string("%d/%d ", current->number, stream->planned) : copy_string("");

	show_step(session, step, current ? current->id : "booting");
	free(step);
}

/* An event of the stream: note the time, show the progress. */
static void
take_event(void *context, enum stream_event event, const struct stream *stream, const char *text)
{
	struct session *session = context;
	struct run_times *times = &session->grade.times;

	if (event == STREAM_STARTED)
		times->kernel_entry = session_ms(session);
	else if (event == STREAM_FIRST_ENTRY)
		times->first_entry = session_ms(session);
	else if (event == STREAM_ENDED)
		times->end = session_ms(session);
	else if (event == STREAM_CASE)
		show_progress(session, stream);
	if (session->listen)
		session->listen(session->listen_context, event, stream, text);
}

/*
 * What the compiler has refused is lost only if it refuses it again, alone and with more time, on a
 * machine that compiles at all.  False after a complaint.
 */
static bool
compile_again(struct session *session, struct compilation *compilations, struct compiler *compiler)
{
	struct labs *labs = &session->grade.labs;
	bool good = true, is_first = true;

	for (int i = 0; good && i < labs->count; i++) {
		if (!compilations[i].is_refused)
			continue;
		if (is_first)
			good = compiler_is_fit(compiler);
		is_first = false;
		show_step(session, "compiling again: ", labs->labs[i].directory);
		good = good && (!compiler_takes_time(compiler) ||
		                       lab_build_again(&labs->labs[i], &compilations[i], compiler));
	}
	return good;
}

/* Begin to compile the lab, if there is something to compile.  False after a complaint. */
static bool
start_lab(struct session *session, struct compilation *compilation, int index,
        const struct compiler *compiler)
{
	const struct lab *lab = &session->grade.labs.labs[index];

	compilation->for_debugger = session->for_debugger;
	return !compilation->place || !lab_is_gradable(lab) ||
	       lab_build_start(lab, compilation, compiler);
}

/* Compile the labs that were collected, side by side.  False after a complaint. */
static bool
compile_labs(struct session *session, struct compilation *compilations, struct compiler *compiler)
{
	struct labs *labs = &session->grade.labs;
	int at_once = (int)sysconf(_SC_NPROCESSORS_ONLN) + 1, next = 0;
	bool good = true;

	/* In their order: the one that is made of others comes after them. */
	for (int i = 0; good && i < labs->count; i++) {
		struct lab *lab = &labs->labs[i];

		/* Each takes memory, as much as it likes up to its limit. */
		for (; good && next < labs->count && next < i + at_once; next++)
			good = start_lab(session, &compilations[next], next, compiler);
		if (!good || compilations[i].builder.pid <= 0)
			continue;
		show_step(session, "compiling ", lab->directory);
		if (lab_is_whole_guest(lab))
			good = lab_build_join(lab, &compilations[i], labs, compiler);
		good = good && lab_build_finish(lab, &compilations[i], compiler);
	}
	good = good && compile_again(session, compilations, compiler);
	clear_progress(session);
	return good;
}

/* Build every lab.  False after a complaint. */
static bool
build_labs(struct session *session)
{
	const struct run_options *options = session->options;
	struct labs *labs = &session->grade.labs;
	struct compilation compilations[LABS] = { 0 };
	struct compiler compiler = { 0 };
	const char *work = session->workdir.path;
	char *own_labs = new_string("%s/labs", options->root);
	int modules = 0;
	bool good;

	for (int i = 0; i < labs->count; i++)
		modules += options->modules[labs->labs[i].number] != NULL;
	good = modules == labs->count ||
	       compiler_open(&compiler, options->root, work, labs->count - modules);
	for (int i = 0; good && i < labs->count; i++) {
		struct lab *lab = &labs->labs[i];
		const char *module = options->modules[lab->number];

		good = module ? lab_take_module(lab, module, work)
		              : lab_build_collect(lab, &compilations[i], options->root,
		                        options->submission ? options->submission : own_labs,
		                        labs->count == 1, work);
	}
	good = good && compile_labs(session, compilations, &compiler);
	for (int i = 0; i < labs->count; i++)
		lab_build_end(&compilations[i]);
	compiler_close(&compiler);
	free(own_labs);
	session->grade.times.built = session_ms(session);
	return good;
}

enum exit_status
session_open(struct session *session, const struct run_options *options)
{
	struct engine_question question;
	enum exit_status status;

	session->options = options;
	session->start_us = now_us();
	session->progress = isatty(STDERR_FILENO);
	session->grade.engine = options->engine->name;
	session->grade.cpu = options->cpu;
	session->grade.submission = options->submission;
	session->grade.only_case = options->case_id;
	session->grade.confinement = *confinement_support();
	session->grade.times = (struct run_times){ -1, -1, -1, -1, -1, -1, -1 };
	process_prepare();
	status = session_check(options);
	if (status != STATUS_ALL_POINTS)
		return status;
	if (options->accelerator == ACCELERATOR_TCG &&
	        !caps_load(&session->model, options->root, options->cpu))
		return STATUS_ENGINE_OR_FILE;
	if (session->without_labs)
		return workdir_make(&session->workdir) ? STATUS_ALL_POINTS : STATUS_ENGINE_OR_FILE;
	if (!labs_find(&session->grade.labs, options->root, options->lab))
		return options->lab != LAB_ALL ? STATUS_USAGE : STATUS_ENGINE_OR_FILE;
	engine_version_begin(options->engine, &question); /* it answers while the labs are built */
	if (!workdir_make(&session->workdir) || !build_labs(session))
		status = STATUS_ENGINE_OR_FILE;
	engine_version_end(options->engine, &question, session->grade.engine_version);
	return status;
}

char *
session_command_line(const struct run_options *options)
{
	char *lab = options->lab != LAB_ALL ? new_string("lab=%d", options->lab)
	                                    : copy_string("lab=all");
	char *line = new_string("%s%s%s%s", lab, options->case_id ? " case=" : "",
	        options->case_id ? options->case_id : "", options->display ? " hold=1" : "");

	free(lab);
	return line;
}

/* The command line, and as which Bochs the machine answers. */
static char *
add_engine(const struct session *session, const char *command_line)
{
	const char *word = measured_word(session->options->engine, session->grade.engine_version);

	return word ? new_string("%s bochs=%s", command_line, word) : copy_string(command_line);
}

/* The kernel's module with what labs are to see: the path, or NULL after a complaint.  The caller frees it. */
static char *
make_profile(const struct session *session)
{
	char *path = new_string("%s/profile", session->workdir.path);
	FILE *out = fopen(path, "we");
	bool good = out && profile_write(out, &session->model);

	if (out)
		good = fclose(out) == 0 && good;
	if (good)
		return path;
	complain("cannot write %s: %s", path, strerror(errno));
	free(path);
	return NULL;
}

/* Make an image of the labs that could be built, by this function. */
static bool
make_image(struct session *session, const char *name, const char *command_line,
        bool (*make)(const struct image *image))
{
	const struct labs *labs = &session->grade.labs;
	struct image image = { .root = session->options->root,
		.kernel = session->options->kernel,
		.work = session->workdir.path,
		.name = name,
		.script = "iso/make-image.sh" };
	char *modules[IMAGE_MODULES] = { 0 };
	char *whole_line = add_engine(session, command_line);
	char *profile = session->model.name ? make_profile(session) : NULL;
	int count = 0;
	bool good = profile || !session->model.name;

	image.command_line = whole_line;
	for (int i = 0; i < labs->count; i++) {
		const struct lab *lab = &labs->labs[i];

		if (lab->state == BUILD_GOOD || lab->state == BUILD_PREBUILT)
			modules[count++] = new_string(
			        "lab%d=%s/lab%d.boot.elf", lab->number, image.work, lab->number);
	}
	modules[count++] = new_string("reference=%s/build/boot/reference.elf", image.root);
	if (session->states)
		modules[count++] = new_string("states=%s", session->states);
	if (profile)
		modules[count++] = new_string("profile=%s", profile);
	for (int i = 0; i < count; i++)
		image.modules[i] = modules[i];
	good = good && make(&image);
	for (int i = 0; i < count; i++)
		free(modules[i]);
	free(profile);
	free(whole_line);
	session->grade.times.image = session_ms(session);
	return good;
}

bool
session_image(struct session *session, const char *name, const char *command_line)
{
	return make_image(session, name, command_line, image_make);
}

/* Make the image to compare with. */
bool
session_plain_image(struct session *session, const char *command_line)
{
	return make_image(session, "plain.iso", command_line, image_make_plain);
}

void
session_machine(struct session *session, const char *image)
{
	const struct run_options *options = session->options;
	struct grade *grade = &session->grade;
	struct machine *machine = &session->machine;

	grade->stream = stream_new(take_event, session);
	*machine = (struct machine){ .engine = options->engine,
		.cpu = options->cpu,
		.model = session->model.name ? &session->model : NULL,
		.display = options->display,
		.iso = image,
		.work = session->workdir.path,
		.ips = machine->ips,
		.stall_ms = (int64_t)options->timeout_s * 1000,
		.hold = options->display && isatty(STDERR_FILENO),
		.stream = grade->stream,
		.record = open_memstream(&grade->raw, &grade->raw_length),
		.console = session->console,
		.console_context = session->console_context };
}

void
session_boot(struct session *session, const char *image)
{
	struct grade *grade = &session->grade;
	struct machine *machine = &session->machine;

	session_machine(session, image);
	show_progress(session, grade->stream);
	grade->times.engine_start = session_ms(session);
	engine_run(machine);
	clear_progress(session);
	if (machine->record)
		fclose(machine->record);
	grade->engine_end = machine->end;
	grade->end = classify(grade->stream, &grade->engine_end);
	grade->end_message =
	        run_end_message(grade->end, grade->stream, &grade->engine_end, grade->engine);
	grade->times.total = session_ms(session);
}

/* Copy the files of the run to where the user wants them. */
static void
keep_files(struct session *session)
{
	char *from = new_string("%s/.", session->workdir.path);
	/* A link or a FIFO that was put there is replaced, and not written through. */
	const char *const argv[] = { "cp", "-R", "--remove-destination", "--", from,
		session->options->keep, NULL };
	const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };
	struct spawn spawn = {
		.argv = argv, .environment = environment, .files = { -1, -1, 2, -1, -1, -1 }
	};
	struct wait wait = { .deadline_ms = now_ms() + 60000 };
	struct child child;
	FILE *out;
	char *path = new_string("%s/stream.tap", session->workdir.path);

	out = fopen(path, "we");
	if (out) {
		fwrite(session->grade.raw, 1, session->grade.raw_length, out);
		fclose(out);
	}
	write_file(session->workdir.path, "console.log", session->machine.end.console.bytes);
	write_file(session->workdir.path, "engine.log", session->machine.end.messages.bytes);
	if (process_start(&child, &spawn) == 0) {
		process_wait(&child, &wait);
		process_end(&child);
	}
	free(path);
	free(from);
}

void
session_close(struct session *session)
{
	if (session->workdir.path && session->options->keep && !process_interrupted())
		keep_files(session);
	workdir_remove(&session->workdir);
	caps_free(&session->model);
	process_restore();
}

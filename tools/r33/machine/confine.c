/* What an engine may reach: see engine.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "base/file.h"
#include "engine.h"

/* Does the file begin like a script?  A wrapper around an engine calls whatever it likes. */
static bool
is_script(const char *path)
{
	char start[2] = { 0 };
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	bool is = file >= 0 && read(file, start, 2) == 2 && memcmp(start, "#!", 2) == 0;

	if (file >= 0)
		close(file);
	return is;
}

/* A display is a window: libraries for it read fonts, themes and the key to the X server. */
static void
add_display(struct confined_files *files)
{
	confined_add(files, "/usr/share", FILE_READ);
	confined_add(files, "/etc", FILE_READ);
	confined_add(files, "/dev/dri", FILE_DEVICE);
	confined_add(files, getenv("XAUTHORITY"), FILE_READ);
}

/* The directory for sockets is the only one where the engine makes files. */
static bool
add_sockets(const struct machine *machine, struct confined_files *files, const char *path)
{
	if (!machine->debugged)
		return true;
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		complain("cannot make %s: %s", path, strerror(errno));
		return false;
	}
	confined_add(files, path, FILE_SOCKET);
	return true;
}

bool
engine_confine(const struct machine *machine, const char *program, struct confined_files *files,
        struct engine_paths *paths)
{
	*files = (struct confined_files){ .network = machine->stub_port > 0 || machine->display };
	*paths = (struct engine_paths){
		.program = process_program_in(process_search_path(), program),
		.image = new_string("%s/%s", machine->work, machine->iso),
		.configuration = new_string("%s/bochsrc", machine->work),
		.commands = new_string("%s/debugger.rc", machine->work),
		.log = new_string("%s/bochs.log", machine->work),
		.sockets = new_string("%s/" ENGINE_SOCKETS, machine->work),
	};
	paths->real_program = paths->program ? realpath(paths->program, NULL) : NULL;
	confined_add_runtime(files);
	confined_add(files, paths->real_program, FILE_EXECUTE);
	if (is_script(paths->real_program)) {
		confined_add(files, "/bin", FILE_EXECUTE);
		confined_add(files, "/usr/bin", FILE_EXECUTE);
		confined_add(files, "/usr/local/bin", FILE_EXECUTE);
	}
	for (const struct confined_file *file = machine->engine->files; file->path; file++)
		confined_add(files, file->path, file->access);
	confined_add(files, getenv("BXSHARE"), FILE_READ);
	confined_add(files, paths->image, FILE_READ);
	confined_add(files, paths->configuration, FILE_READ);
	confined_add(files, paths->commands, FILE_READ);
	confined_add(files, paths->log, FILE_WRITE);
	if (machine->display)
		add_display(files);
	return write_file(machine->work, "bochs.log", "") &&
	       add_sockets(machine, files, paths->sockets);
}

void
engine_paths_free(struct engine_paths *paths)
{
	free(paths->program);
	free(paths->real_program);
	free(paths->image);
	free(paths->configuration);
	free(paths->commands);
	free(paths->log);
	free(paths->sockets);
}

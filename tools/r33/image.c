/* The image an engine boots: see image.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "image.h"
#include "process.h"
#include "util.h"

extern char **environ;

enum { IMAGE_WAIT_MS = 120000, IMAGE_ARGUMENTS = IMAGE_MODULES + 5 };

/* Keep what the script says. */
static void
take_messages(void *context, const char *bytes, size_t length)
{
	tail_add(context, bytes, length);
}

/* Run the script.  Is the image there? */
static bool
run_script(const struct image *image, const char *const *argv)
{
	struct spawn spawn = {
		.argv = argv,
		.environment = (const char *const *)environ,
		.directory = image->work,
		.files = {-1, -1, -1, -1, -1, -1}
	};
	struct wait wait = { .deadline_ms = now_ms() + IMAGE_WAIT_MS };
	struct tail *said = allocate(1, sizeof(*said));
	struct child child = { 0 };
	enum wait_result result = WAIT_STOPPED;
	int ends[2];
	int error = process_pipe(ends) ? 0 : errno;
	bool good;

	if (!error) {
		spawn.files[STDOUT_FILENO] = spawn.files[STDERR_FILENO] = ends[1];
		wait.channels[0] = (struct channel){ ends[0], take_messages, said };
		error = process_start(&child, &spawn);
		close(ends[1]);
	}
	if (!error)
		result = process_wait(&child, &wait);
	process_end(&child);
	good = !error && result == WAIT_ENDED && WIFEXITED(child.wait_status) &&
	       WEXITSTATUS(child.wait_status) == 0;
	if (error)
		complain("cannot run %s: %s", argv[0], strerror(error));
	else if (!good && result != WAIT_INTERRUPTED) {
		char *lines = tail_lines(said, 10);

		complain("cannot make the image to boot:\n%s", lines);
		free(lines);
	}
	if (wait.channels[0].take && wait.channels[0].fd >= 0)
		close(wait.channels[0].fd);
	free(said);
	return good;
}

/* Make the image. */
bool
image_make(const struct image *image)
{
	char *script = format_string("%s/%s", image->root, image->script);
	char *kernel = format_string("%s/build/kernel.elf", image->root);
	const char *argv[IMAGE_ARGUMENTS] = { script, image->name, image->command_line, kernel };
	bool good = false;

	for (int i = 0; i < IMAGE_MODULES && image->modules[i]; i++)
		argv[4 + i] = image->modules[i];
	if (access(kernel, R_OK) != 0)
		complain("%s is not there: run make first", kernel);
	else
		good = run_script(image, argv);
	free(script);
	free(kernel);
	return good;
}

/* Children whose output is read to its end: see process.h. */
#include <errno.h>
#include <unistd.h>

#include "base/util.h"
#include "process.h"

/* Start a child that writes to a pipe of ours. */
int
process_start_output(struct child *child, struct spawn *spawn, bool with_errors, int *output)
{
	int ends[2];
	int error;

	*child = (struct child){ 0 };
	*output = -1;
	if (!process_pipe(ends))
		return errno;
	spawn->files[STDOUT_FILENO] = ends[1];
	if (with_errors)
		spawn->files[STDERR_FILENO] = ends[1];
	error = process_start(child, spawn);
	close(ends[1]);
	if (error)
		close(ends[0]);
	else
		*output = ends[0];
	return error;
}

/* Read what it writes until it ends; whatever happened, it has ended then. */
enum wait_result
process_finish_output(
        struct child *child, int *output, take_function *take, void *context, int64_t wait_ms)
{
	struct wait wait = { .channels[0] = { *output, take, context },
		.deadline_ms = now_ms() + wait_ms };
	enum wait_result result = process_wait(child, &wait);

	process_end(child);
	if (wait.channels[0].fd >= 0)
		close(wait.channels[0].fd);
	*output = -1;
	return result;
}

/* Reading whole files, pipes among them: their size is not known beforehand. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

enum { FIRST_CHUNK = 1 << 16 };

/* Read up to the end.  NULL with errno. */
static char *
read_to_end(int descriptor, size_t limit, size_t *size)
{
	size_t room = FIRST_CHUNK;
	char *bytes = allocate(room, 1);
	ssize_t count;

	*size = 0;
	while ((count = read(descriptor, bytes + *size, room - 1 - *size)) != 0) {
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			break;
		*size += (size_t)count;
		if (*size > limit) {
			errno = EFBIG;
			count = -1;
			break;
		}
		if (*size == room - 1)
			bytes = grow_bytes(bytes, *size, &room, FIRST_CHUNK);
	}
	if (count == 0)
		return bytes;
	free(bytes);
	return NULL;
}

char *
read_whole_file(const char *path, size_t limit, size_t *size)
{
	bool standard_input = strcmp(path, "-") == 0;
	int descriptor = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	char *bytes;
	int error;

	if (descriptor < 0)
		return NULL;
	bytes = read_to_end(descriptor, limit, size);
	error = errno;
	if (!standard_input)
		close(descriptor);
	errno = error;
	return bytes;
}

bool
write_file(const char *directory, const char *name, const char *text)
{
	char *path = new_string("%s/%s", directory, name);
	FILE *out = fopen(path, "we");
	bool good = out && fputs(text, out) >= 0;

	if (out && fclose(out) != 0)
		good = false;
	if (!good)
		complain("cannot write %s: %s", path, strerror(errno));
	free(path);
	return good;
}

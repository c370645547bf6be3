/* Files with dumps in them, for the commands. */
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "dump.h"

bool
dump_file_read(struct dump_file *file, const char *path)
{
	size_t size;
	char *bytes = read_whole_file(path, DUMP_INPUT_LIMIT, &size);
	bool good;

	if (!bytes) {
		complain("cannot read %s: %s", path,
		        errno == EFBIG ? "it has more than 16 MiB: cut out the part with the dump"
		                       : strerror(errno));
		return false;
	}
	dump_read(file, bytes, size);
	good = !file->error;
	if (!good) {
		complain("%s: %s", path, file->error);
		dump_file_free(file);
	}
	free(bytes);
	return good;
}

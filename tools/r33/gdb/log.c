/* The last failed entries in Bochs' log: see log.h. */
#include "log.h"

#include <string.h>

enum { LOG_LINES = 10, LOG_LINE_BYTES = 256 };

void
gdb_log_tail(FILE *log, FILE *out)
{
	char lines[LOG_LINES][LOG_LINE_BYTES], line[LOG_LINE_BYTES];
	unsigned count = 0;

	/* Not into its place at once: that is the oldest line's until this one is known to count. */
	while (fgets(line, sizeof(line), log)) {
		if (strstr(line, "FAIL"))
			memcpy(lines[count++ % LOG_LINES], line, sizeof(line));
	}
	for (unsigned i = count > LOG_LINES ? count - LOG_LINES : 0; i < count; i++)
		fputs(lines[i % LOG_LINES], out);
}

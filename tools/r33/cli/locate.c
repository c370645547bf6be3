/* r33 locate: see commands.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util.h"
#include "commands.h"
#include "process/confine.h"
#include "run/symbols.h"

/* Open a regular file, without waiting for a FIFO.  -1 after a complaint. */
static int
open_module(const char *path)
{
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode))
		return file;
	complain("cannot read %s: %s", path, file < 0 ? strerror(errno) : "it is not a file");
	return -1;
}

/* {"ADDRESS": {"file":, "line":, "function":}, ...} */
static void
print_places(struct symbols *symbols, char **addresses)
{
	json_t *places = json_object();

	for (; *addresses; addresses++)
		json_object_set_new(places, *addresses,
		        symbols_locate(symbols, strtoull(*addresses, NULL, 16)));
	write_json(stdout, places, JSON_INDENT(2));
	putchar('\n');
	json_decref(places);
}

int
command_locate(int argc, char **argv)
{
	/* What it reads may be hostile: but for the open file nothing is within its reach. */
	static const struct confined_files nothing;
	int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
	struct symbols *symbols;
	int file;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		puts("usage: r33 locate FILE ADDRESS...\n\n"
		     "Name the source lines of addresses in an ELF file, as JSON.\n\n"
		     "example:\n  r33 locate build/lab1.elf 0x401020");
		return STATUS_ALL_POINTS;
	}
	if (argc < first + 2) {
		complain("locate needs a file and at least one address; try 'r33 locate --help'");
		return STATUS_USAGE;
	}
	file = open_module(argv[first]);
	if (file < 0)
		return STATUS_ENGINE_OR_FILE;
	if (!confine_files(&nothing) || !confine_calls(CALLS_OF_READER)) {
		complain("cannot confine the reading of %s: %s", argv[first], strerror(errno));
		return STATUS_ENGINE_OR_FILE;
	}
	symbols = symbols_open(file);
	if (!symbols) {
		complain("%s is not an ELF file", argv[first]);
		return STATUS_ENGINE_OR_FILE;
	}
	print_places(symbols, &argv[first + 1]);
	symbols_close(symbols);
	return STATUS_ALL_POINTS;
}

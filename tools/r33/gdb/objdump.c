/* Disassembly: see objdump.h. */
#include "objdump.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "process/process.h"

#ifndef R33_CROSS
#define R33_CROSS "" /* "x86_64-linux-gnu-" on other hosts */
#endif

enum { WAIT_MS = 10000, TEXT_BYTES = 64 * 1024 };

static const char program[] = R33_CROSS "objdump";

struct text {
	char bytes[TEXT_BYTES];
	size_t length;
};

static void
take(void *context, const char *bytes, size_t length)
{
	struct text *text = context;

	if (length > TEXT_BYTES - 1 - text->length)
		length = TEXT_BYTES - 1 - text->length;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

/* Its output; false: it could not be run. */
static bool
run(const char *file, unsigned bits, uint64_t address, bool intel, struct text *text)
{
	const char *const environment[] = { "LC_ALL=C", "PATH=/usr/bin:/bin", NULL };
	char *at = new_string("--adjust-vma=0x%" PRIx64, address);
	const char *options = intel ? "intel" : "att";
	const char *const argv[] = { program, "-D", "-w", "-z", "-b", "binary", "-m",
		bits == 64   ? "i386:x86-64"
		: bits == 32 ? "i386"
		             : "i8086",
		"-M", options, at, file, NULL };
	struct spawn spawn = {
		.argv = argv, .environment = environment, .files = { -1, -1, -1, -1, -1, -1 }
	};
	struct child child;
	int output;
	bool good = process_start_output(&child, &spawn, false, &output) == 0;

	if (good)
		process_finish_output(&child, &output, take, text, WAIT_MS);
	free(at);
	return good;
}

/* "   10000:\tb8 00 3f             \tmov    $0x3f00,%ax" */
static bool
print_line(FILE *out, const char *line, size_t length)
{
	const char *code = memchr(line, '\t', length);
	const char *instruction =
	        code ? memchr(code + 1, '\t', length - (size_t)(code + 1 - line)) : NULL;
	bool is_blank = false;

	if (!instruction)
		return false;
	fprintf(out, "0x%016" PRIx64 " ", (uint64_t)strtoull(line, NULL, 16));
	for (const char *at = instruction + 1; at < line + length; at++) {
		if (!is_blank || *at != ' ')
			fputc(*at, out);
		is_blank = *at == ' ';
	}
	fputs(is_blank ? "; " : " ; ", out);
	for (const char *at = code + 1; at < instruction; at++) {
		if (isxdigit((unsigned char)*at))
			fputc(*at, out);
	}
	fputc('\n', out);
	return true;
}

void
objdump(FILE *out, const char *work, unsigned bits, uint64_t address, const uint8_t *code,
        size_t length, unsigned long count, bool intel)
{
	struct text *text = allocate(1, sizeof(*text));
	char *path = new_string("%s/code", work);
	FILE *file = fopen(path, "we");
	const char *line = text->bytes;

	if (file) {
		fwrite(code, 1, length, file);
		if (fclose(file) != 0 || !run(path, bits, address, intel, text))
			fprintf(out, "r33: %s cannot be run; install the package binutils\n",
			        program);
	}
	while (count > 0 && *line) {
		size_t line_length = strcspn(line, "\n");

		count -= print_line(out, line, line_length);
		line += line_length + (line[line_length] == '\n');
	}
	free(path);
	free(text);
}

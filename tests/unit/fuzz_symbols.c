/*
 * Fuzzing the reader of debug information: a module of the tree, damaged.  The input is a list of
 * damages, so that what is fuzzed stays an ELF file far enough to be read.
 *
 * Beyond what the sanitizers see in our code: what is told of an address is a place and nothing else,
 * its names are text and short.  libdw has no sanitizer here; where it crashes or loops, so would the
 * child of r33 that reads a student's module (locate.c), and the report would have addresses instead
 * of lines.  That is counted and no failure; a crash in our own code is one.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/time.h>

#include <r33/array.h>

#include "base/util.h"
#include "run/symbols.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
const char *__asan_default_options(void);
extern const char __executable_start[], etext[];

enum {
	MODULE_BYTES = 1024 * 1024,
	ADDRESSES = 24,
	CPU_S = 5,
};

static const uint64_t text_address = 0x40200000;
static const uint64_t text_bytes = 0x2400;

static sigjmp_buf out_of_library;
static uint8_t module[MODULE_BYTES];
static size_t module_bytes;

/* What became of the inputs, printed at the end: how often libdw gave up by crashing or looping. */
static unsigned long inputs, opened, crashed, looped;

static void
print_counts(void)
{
	fprintf(stderr, "symbols: %lu inputs, %lu opened, libdw crashed on %lu, looped on %lu\n",
	        inputs, opened, crashed, looped);
}

/* Read the module once. */
static void
read_module(void)
{
	FILE *in = fopen(UNIT_BUILD "/../reference.elf", "re");

	if (!in) {
		fputs("build/reference.elf is missing\n", stderr);
		exit(1);
	}
	module_bytes = fread(module, 1, sizeof(module), in);
	fclose(in);
	atexit(print_counts);
}

/* Six bytes are one damage: where, how many bytes, what to. */
static void
damage(uint8_t *copy, const uint8_t *six)
{
	size_t at = ((size_t)six[0] << 16 | (size_t)six[1] << 8 | six[2]) % module_bytes;
	size_t count = six[3] & 0x80 ? (size_t)(six[3] & 0x7f) * 256 : six[3] & 7;

	for (size_t i = 0; i <= count && at + i < module_bytes; i++) {
		uint8_t *byte = &copy[at + i];

		switch (six[4] % 5) {
		case 0: *byte = six[5]; break;
		case 1: *byte += six[5]; break;
		case 2: *byte ^= six[5]; break;
		case 3: *byte = *byte ? *byte : 'x'; break; /* names become one */
		default: *byte = copy[(at + i * six[5]) % module_bytes];
		}
	}
}

/* A place, and nothing that a report could not take. */
static bool
is_place(json_t *place)
{
	json_t *file = json_object_get(place, "file"), *line = json_object_get(place, "line");
	json_t *function = json_object_get(place, "function");
	size_t members = (file != NULL) + (line != NULL) + (function != NULL);
	char *text;

	if (json_object_size(place) != members || !file != !line ||
	        (file && (!json_is_string(file) || json_string_length(file) > NAME_BYTES)) ||
	        (line && json_integer_value(line) < 0) ||
	        (function &&
	                (!json_is_string(function) || json_string_length(function) > NAME_BYTES)))
		return false;
	text = json_dumps(place, 0);
	members = text ? strlen(text) : 0;
	free(text);
	return members > 0;
}

/* Signals are ours; and what libdw held when it crashed is not a leak of ours. */
const char *
__asan_default_options(void)
{
	return "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0:detect_leaks=0:"
	       "allocator_may_return_null=1:max_allocation_size_mb=1024";
}

/* A crash or the end of the time: was it in our code, or in a library? */
static void
take_signal(int number, siginfo_t *information, void *context)
{
	const ucontext_t *state = context;
	const char *at = (const char *)(uintptr_t)state->uc_mcontext.gregs[REG_RIP];

	(void)information;
	if (at >= __executable_start && at < etext) {
		signal(number, SIG_DFL);
		raise(number);
		return;
	}
	siglongjmp(out_of_library, number);
}

/* Signals of libdw's, and the time it may take. */
static void
prepare(void)
{
	static char stack[64 * 1024];
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGVTALRM };
	const stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
	const struct sigaction action = { .sa_sigaction = take_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaltstack(&alternative, NULL);
	for (size_t i = 0; i < COUNT(signals); i++)
		sigaction(signals[i], &action, NULL);
}

/* Look up addresses. */
static void
look_up(int file, const uint8_t *bytes, size_t length)
{
	struct symbols *symbols = symbols_open(dup(file));

	if (!symbols)
		return;
	for (unsigned i = 0; i < ADDRESSES; i++) {
		uint64_t address = text_address + i * (text_bytes / ADDRESSES) +
		                   (length ? bytes[i % length] : 0);
		json_t *place = symbols_locate(symbols, address);

		if (!is_place(place)) {
			fputs("what is told of an address is no place\n", stderr);
			__builtin_trap(); /* abort() would be a crash of a library */
		}
		json_decref(place);
	}
	symbols_close(symbols);
	opened++;
}

/* The damaged module as a file. */
static int
write_module(const uint8_t *bytes, size_t length)
{
	static uint8_t copy[MODULE_BYTES];
	int file = memfd_create("module", 0);

	memcpy(copy, module, module_bytes);
	for (size_t i = 0; i + 6 <= length; i += 6)
		damage(copy, bytes + i);
	if (file < 0 || !write_all(file, (const char *)copy, module_bytes))
		abort();
	return file;
}

/* Look up addresses in the file, until it is done, has crashed or takes too long. */
static void
try(int file, const uint8_t *bytes, size_t length)
{
	const struct itimerval time = { .it_value = { CPU_S, 0 } }, none = { 0 };
	int number = sigsetjmp(out_of_library, 1);

	if (number == 0) {
		setitimer(ITIMER_VIRTUAL, &time, NULL);
		look_up(file, bytes, length);
	} else {
		crashed += number != SIGVTALRM;
		looped += number == SIGVTALRM;
	}
	setitimer(ITIMER_VIRTUAL, &none, NULL);
}

/* One input. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	int file;

	if (module_bytes == 0) {
		read_module();
		prepare();
	}
	file = write_module(bytes, length);
	inputs++;
	try(file, bytes, length);
	close(file);
	return 0;
}

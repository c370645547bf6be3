/*
 * Bochs 2.7 as Debian builds it: with its internal debugger, without the display-less "nogui".
 *
 * The display is "term".  It opens a pseudo-terminal of its own and paints on it; unread, the
 * terminal fills up and Bochs blocks for good, so r33 reads and forgets what is painted.  It needs
 * no terminal, no TERM, no network and no privilege.  The other candidate, "rfb", listens on
 * 0.0.0.0:5900-5949 without a password, for at most 50 machines at once; hiding the port takes a
 * network namespace, which containers often refuse.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "engine_bochs.h"
#include "file.h"

/* The fewest that Bochs takes: firmware and GRUB wait in emulated time, so fewer is faster. */
enum { BEST_IPS = 1000000 };

enum { CPU_LIST_BYTES = 64 * 1024, CPU_LIST_WAIT_MS = 10000 };

static const char drained_display[] = "term";

static const char bochsrc[] = "display_library: %s\n"
                              "cpu: model=%s, count=1, ips=%d, reset_on_triple_fault=0\n"
                              "megs: 64\n"
                              "romimage: file=$BXSHARE/BIOS-bochs-latest, options=fastboot\n"
                              "boot: cdrom\n"
                              "ata0-master: type=cdrom, path=\"%s\", status=inserted\n"
                              "com1: enabled=1, mode=file, dev=/dev/fd/%d\n"
                              "com2: enabled=1, mode=file, dev=/dev/fd/%d\n"
                              "clock: sync=none, time0=946684800\n"
                              "log: bochs.log\n"
                              "panic: action=fatal%s\n"
                              "error: action=report, harddrv=ignore\n"
                              "info: action=ignore\n"
                              "debug: action=ignore\n"
                              "plugin_ctrl: speaker=0\n"
                              "%s";

/* The program: the package has a wrapper "bochs" in some releases, the binary in all. */
static const char *
bochs_program(void)
{
	if (process_find_program("bochs-bin"))
		return "bochs-bin";
	return process_find_program("bochs") ? "bochs" : NULL;
}

/* Collect what "bochs -help cpu" prints. */
static void
take_list(void *context, const char *bytes, size_t length)
{
	char *list = context;
	size_t used = strlen(list);

	if (length > CPU_LIST_BYTES - used)
		length = CPU_LIST_BYTES - used;
	memcpy(list + used, bytes, length);
	list[used + length] = '\0';
}

/* What "bochs -help TOPIC" prints, NULL when it cannot be had.  The caller frees it. */
static char *
read_help(const char *topic)
{
	const char *const argv[] = { bochs_program(), "-help", topic, NULL };
	const char *const environment[] = { "TERM=xterm", "LC_ALL=C", "PATH=/usr/bin:/bin", NULL };
	struct spawn spawn = {
		.argv = argv, .environment = environment, .files = { -1, -1, -1, -1, -1, -1 }
	};
	char *list = allocate(CPU_LIST_BYTES + 1, 1);
	struct child child;
	int output;

	if (!argv[0] || process_start_output(&child, &spawn, true, &output) != 0) {
		free(list);
		return NULL;
	}
	process_finish_output(&child, &output, take_list, list, CPU_LIST_WAIT_MS);
	return list;
}

/* Is the line a model's name: letters, digits, underscores, nothing else? */
static bool
is_model(const char *line)
{
	if (!*line)
		return false;
	for (; *line; line++) {
		if (!isalnum((unsigned char)*line) && *line != '_')
			return false;
	}
	return true;
}

/* Is there such a model?  Bochs is only asked when it is not the default. */
static bool
bochs_check_cpu(const char *cpu)
{
	char *list, *line, *rest;
	char *models = copy_string("");
	bool found = false;

	if (strcmp(cpu, engine_bochs.default_cpu) == 0)
		return true;
	list = read_help("cpu");
	for (line = strtok_r(list ? list : models, "\r\n", &rest); line;
	        line = strtok_r(NULL, "\r\n", &rest)) {
		char *longer;

		if (!is_model(line))
			continue;
		found |= strcmp(line, cpu) == 0;
		longer = new_string("%s %s", models, line);
		free(models);
		models = longer;
	}
	if (!list)
		complain("bochs is not installed: install the package %s", engine_bochs.package);
	else if (!found)
		complain("Bochs has no processor model '%s'; it has:%s", cpu, models);
	free(models);
	free(list);
	return found;
}

/* What the installed Bochs is: it says so itself. */
void
bochs_build_read(struct bochs_build *build)
{
	char *help = read_help(NULL);

	*build = (struct bochs_build){ .found = help != NULL };
	if (help) {
		build->has_debugger = strstr(help, "-dbglog") != NULL;
		build->is_2_7 = strstr(help, "Bochs x86 Emulator 2.7\n") != NULL;
	}
	free(help);
}

/* A Bochs with a server for gdb in place of the debugger. */
static const char gdb_stub[] =
        "gdbstub: enabled=1, port=%d, text_base=0, data_base=0, bss_base=0\n";

/* Write bochsrc and the debugger's one command, "c".  In a machine that is debugged a triple fault
 * stops in the debugger, and does not end Bochs. */
static bool
bochs_prepare(struct machine *machine, const char *argv[ENGINE_ARGUMENTS])
{
	static const char *const arguments[] = { "-q", "-f", "bochsrc", "-rc", "debugger.rc" };
	static const char *const debugged[] = { "-q", "-f", "bochsrc", "-rc", "/dev/fd/0",
		"-dbglog", "/dev/fd/5" };
	bool by_stub = machine->stub_port > 0;
	const char *const *chosen = machine->debugged && !by_stub ? debugged : arguments;
	size_t count = by_stub             ? 3
	               : machine->debugged ? sizeof(debugged) / sizeof(debugged[0])
	                                   : sizeof(arguments) / sizeof(arguments[0]);
	char *stub = by_stub ? new_string(gdb_stub, machine->stub_port) : copy_string("");
	char *text = new_string(bochsrc, machine->display ? machine->display : drained_display,
	        machine->cpu, machine->ips ? machine->ips : BEST_IPS, machine->iso, CONSOLE_FD,
	        STREAM_FD, machine->debugged ? ", cpu0=report" : "", stub);
	bool good = write_file(machine->work, "bochsrc", text) &&
	            write_file(machine->work, "debugger.rc", "c\n");

	free(text);
	free(stub);
	for (size_t i = 0; i < count; i++)
		argv[i + 1] = chosen[i];
	/* ncurses wants some terminal type, and Bochs one that it knows. */
	setenv("TERM", "xterm", 1);
	return good;
}

/* Begin to read what Bochs paints on the terminal with this name. */
static void
drain_display(struct machine *machine, const char *path)
{
	struct termios raw;
	int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return;
	if (tcgetattr(fd, &raw) == 0) {
		cfmakeraw(&raw);
		tcsetattr(fd, TCSANOW, &raw);
	}
	machine->wait.channels[3].fd = fd;
}

/* A line on stderr: the name of the pseudo-terminal, chatter, or last words. */
static void
take_line(struct machine *machine, const char *line)
{
	static const char connected[] = "Bochs connected to screen \"";
	char path[64];

	if (strncmp(line, connected, strlen(connected)) == 0) {
		if (sscanf(line + strlen(connected), "%63[^\"]", path) == 1 &&
		        strncmp(path, "/dev/pts/", 9) == 0 && machine->wait.channels[3].fd < 0)
			drain_display(machine, path);
	} else if (*line && !strstr(line, "i[") && line[0] != '=') {
		tail_add(&machine->end.messages, line, strlen(line));
		tail_add(&machine->end.messages, "\n", 1);
	}
}

/* Bytes from stderr, put together to lines. */
static void
bochs_messages(struct machine *machine, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != '\n') {
			if (machine->message_bytes < sizeof(machine->message) - 1 && bytes[i])
				machine->message[machine->message_bytes++] = bytes[i];
			continue;
		}
		machine->message[machine->message_bytes] = '\0';
		take_line(machine, machine->message);
		machine->message_bytes = 0;
	}
}

/* Bochs says in its log why it gave up. */
static void
bochs_post_mortem(struct machine *machine)
{
	static const char advice[] = "the display library is in the package bochs-%s\n";
	char *text;

	engine_add_file(machine, "bochs.log");
	if (strstr(machine->end.messages.bytes, "not available") &&
	        strstr(machine->end.messages.bytes, "display library")) {
		text = new_string(advice, machine->display ? machine->display : drained_display);
		tail_add(&machine->end.messages, text, strlen(text));
		free(text);
	}
	machine->end.triple_fault = strstr(machine->end.messages.bytes, "exception(): 3rd") != NULL;
}

/* Also the terminal it paints on. */
static const struct confined_file bochs_files[] = {
	{ "/usr/share/bochs", FILE_READ },
	{ "/usr/local/share/bochs", FILE_READ },
	{ "/usr/local/lib", FILE_READ },
	{ "/usr/share/vgabios", FILE_READ },
	{ "/usr/share/terminfo", FILE_READ },
	{ "/etc/terminfo", FILE_READ },
	{ "/etc/localtime", FILE_READ },
	{ "/dev/ptmx", FILE_DEVICE },
	{ 0 },
};

const struct engine engine_bochs = {
	.name = "bochs",
	.files = bochs_files,
	.package = "bochs (and bochs-term)",
	.default_cpu = "tigerlake",
	.program = bochs_program,
	.check_cpu = bochs_check_cpu,
	.prepare = bochs_prepare,
	.messages = bochs_messages,
	.post_mortem = bochs_post_mortem,
};

/*
 * Bochs as Debian builds it: with its internal debugger, without the display-less "nogui".
 *
 * The display is "term".  It opens a pseudo-terminal of its own and paints on it; unread, the
 * terminal fills up and Bochs blocks for good, so r33 reads and forgets what is painted.  It needs
 * no terminal, no TERM, no network and no privilege.  The other candidate, "rfb", listens on
 * 0.0.0.0:5900-5949 without a password, for at most 50 machines at once; hiding the port takes a
 * network namespace, which containers often refuse.
 */
#include "bochs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <r33/array.h>

#include "base/file.h"

/* The fewest that Bochs takes: firmware and GRUB wait in emulated time, so fewer is faster. */
enum { BEST_IPS = 1000000 };

static const char drained_display[] = "term";

static const char bochsrc[] = "display_library: %s\n"
                              "cpu: model=%s, count=1, ips=%d, reset_on_triple_fault=0\n"
                              "megs: 64\n"
                              /* The terminal shows text only: no graphics modes for GRUB. */
                              "vga: extension=none\n"
                              "romimage: file=$BXSHARE/BIOS-bochs-latest, options=fastboot\n"
                              "%s"
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
		"-dbglog", "/dev/fd/5", "-debugger" };
	bool by_stub = machine->stub_port > 0;
	const char *const *chosen = machine->debugged && !by_stub ? debugged : arguments;
	size_t count = by_stub             ? 3
	               : machine->debugged ? COUNT(debugged) - (machine->debugger_by_option ? 0 : 1)
	                                   : COUNT(arguments);
	char *vga = bochs_vga_rom(),
	     *rom = vga ? new_string("vgaromimage: file=\"%s\"\n", vga) : copy_string("");
	char *stub = by_stub ? new_string(gdb_stub, machine->stub_port) : copy_string("");
	char *text = new_string(bochsrc, machine->display ? machine->display : drained_display,
	        machine->cpu, machine->ips ? machine->ips : BEST_IPS, rom, machine->iso, CONSOLE_FD,
	        STREAM_FD, machine->debugged ? ", cpu0=report" : "", stub);
	bool good = write_file(machine->work, "bochsrc", text) &&
	            write_file(machine->work, "debugger.rc", "c\n");

	free(text);
	free(stub);
	free(rom);
	free(vga);
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

/* Bochs is an emulator and nothing else. */
static enum accelerator
bochs_accelerate(enum accelerator wanted)
{
	(void)wanted;
	return ACCELERATOR_AUTO;
}

const struct engine engine_bochs = {
	.name = "bochs",
	.files = bochs_files,
	.package = BOCHS_PACKAGE,
	.default_cpu = BOCHS_DEFAULT_CPU,
	.version_option = "-help",
	.version_follows = BOCHS_VERSION_FOLLOWS,
	.program = bochs_program,
	.accelerate = bochs_accelerate,
	.check_cpu = bochs_check_cpu,
	.prepare = bochs_prepare,
	.messages = bochs_messages,
	.post_mortem = bochs_post_mortem,
};

/*
 * QEMU.  It has VMX only with KVM on an Intel host that nests; without, TCG boots the kernel, which
 * finds no VMX and says so.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include <r33/array.h>

#include "engine.h"

static const char program[] = "qemu-system-x86_64";
static const char gdb_socket[] = "socket,id=gdb,path=" ENGINE_SOCKET ",server=on,wait=off";

/* Two runs of one submission must not differ. */
static const char without_dice[] = ",-rdrand,-rdseed";

/* The program, or NULL: not installed. */
static const char *
qemu_program(void)
{
	return process_find_program(program) ? program : NULL;
}

/* Does this host let a guest have VMX? */
static bool
has_nested_vmx(void)
{
	char answer = 'N';
	int fd = open("/sys/module/kvm_intel/parameters/nested", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, &answer, 1) != 1)
		answer = 'N';
	close(fd);
	return (answer == 'Y' || answer == '1') && access("/dev/kvm", R_OK | W_OK) == 0;
}

/* QEMU says itself which models it has; only what could break its option is refused here. */
static bool
qemu_check_cpu(const char *cpu)
{
	if (strcmp(cpu, engine_qemu.default_cpu) == 0)
		return true;
	if (*cpu && *cpu != '-' && strlen(cpu) < ENGINE_CPU_BYTES - sizeof(without_dice) &&
	        strspn(cpu,
	                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,+=") ==
	                strlen(cpu))
		return true;
	complain("'%s' is not a processor model; '%s -cpu help' lists them", cpu, program);
	return false;
}

/* The command line. */
static bool
qemu_prepare(struct machine *machine, const char *argv[ENGINE_ARGUMENTS])
{
	bool nested = has_nested_vmx();
	bool own_cpu = strcmp(machine->cpu, engine_qemu.default_cpu) != 0;
	const char *const arguments[] = {
		"-accel",
		nested ? "kvm" : "tcg",
		"-cpu",
		machine->cpu_option,
		"-m",
		"64",
		"-display",
		machine->display ? machine->display : "none",
		"-nodefaults",
		"-no-user-config",
		"-no-reboot",
		/* QEMU 10 makes its surface by memfd_create(), which only those with a display may call. */
		"-vga",
		machine->display ? "std" : "none",
		"-rtc",
		"base=2000-01-01T00:00:00,clock=vm",
		"-device",
		"isa-debug-exit,iobase=0xf4,iosize=4",
		"-chardev",
		"file,id=console,path=/dev/fd/3",
		"-serial",
		"chardev:console",
		"-chardev",
		"file,id=stream,path=/dev/fd/4",
		"-serial",
		"chardev:stream",
		"-boot",
		"d",
		"-cdrom",
		machine->iso,
		/* The last five only for a machine that is debugged. */
		"-S",
		"-chardev",
		gdb_socket,
		"-gdb",
		"chardev:gdb",
	};
	size_t count = COUNT(arguments) - (machine->debugged ? 0 : 5);

	snprintf(machine->cpu_option, sizeof(machine->cpu_option), "%s%s",
	        own_cpu  ? machine->cpu
	        : nested ? "host"
	                 : "max",
	        without_dice);
	for (size_t i = 0; i < count; i++)
		argv[i + 1] = arguments[i];
	return true;
}

/* QEMU's stderr is all last words. */
static void
qemu_messages(struct machine *machine, const char *bytes, size_t length)
{
	tail_add(&machine->end.messages, bytes, length);
}

/* With -no-reboot a reset ends QEMU with 0; the kernel's own ends are odd (isa-debug-exit). */
static void
qemu_post_mortem(struct machine *machine)
{
	machine->end.triple_fault = machine->end.kind == ENGINE_EXITED &&
	                            WIFEXITED(machine->end.wait_status) &&
	                            WEXITSTATUS(machine->end.wait_status) == 0;
}

static const struct confined_file qemu_files[] = {
	{ "/usr/share/qemu", FILE_READ },
	{ "/usr/local/share/qemu", FILE_READ },
	{ "/usr/local/lib", FILE_READ },
	{ "/usr/share/seabios", FILE_READ },
	{ "/usr/share/vgabios", FILE_READ },
	{ "/dev/kvm", FILE_DEVICE },
	{ "/dev/urandom", FILE_READ },
	{ 0 },
};

const struct engine engine_qemu = {
	.name = "qemu",
	.files = qemu_files,
	.package = "qemu-system-x86",
	.default_cpu = "host or max",
	.version_option = "--version",
	.version_follows = "QEMU emulator version ",
	.program = qemu_program,
	.check_cpu = qemu_check_cpu,
	.prepare = qemu_prepare,
	.messages = qemu_messages,
	.post_mortem = qemu_post_mortem,
};

/*
 * QEMU.  With KVM on an Intel host that nests, the machine has the host's VMX.  QEMU's own processor (TCG) has
 * none, but AMD's SVM, with which the kernel performs VMX; which processor labs see is then a model's
 * capability file.
 */
#include "qemu.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include <r33/array.h>

static const char program[] = QEMU_PROGRAM;
static const char gdb_socket[] = "socket,id=gdb,path=" ENGINE_SOCKET ",server=on,wait=off";

/* An instruction takes 2^7 ns of the machine's time, an eighth of what it takes in Bochs: VM entry and VM exit are up
 * to 40,000 instructions of the kernel's here, and must fit between two ticks of its timer, 10 ms.  Nobody
 * waits for a halted machine's timer: time jumps there. */
#define ICOUNT_SHIFT "7"
static const char icount[] = "shift=" ICOUNT_SHIFT ",sleep=off";

/* A stopped machine looks halted, and time would jump with each stop: for a debugger it waits. */
static const char icount_debugged[] = "shift=" ICOUNT_SHIFT ",sleep=on";

/* Two runs of one submission must not differ. */
static const char without_dice[] = ",-rdrand,-rdseed";

/* The program, or NULL: not installed. */
static const char *
qemu_program(void)
{
	return process_find_program(program) ? program : NULL;
}

bool
qemu_may_use_kvm(void)
{
	return access("/dev/kvm", R_OK | W_OK) == 0;
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
	return (answer == 'Y' || answer == '1') && qemu_may_use_kvm();
}

static enum accelerator
qemu_accelerate(enum accelerator wanted)
{
	if (wanted == ACCELERATOR_AUTO)
		return has_nested_vmx() ? ACCELERATOR_KVM : ACCELERATOR_TCG;
	return wanted;
}

/* With KVM QEMU says itself which models it has; only what could break its option is refused here. */
static bool
qemu_check_cpu(const char *cpu)
{
	if (*cpu && *cpu != '-' && strlen(cpu) < ENGINE_CPU_BYTES - sizeof(without_dice) &&
	        strspn(cpu,
	                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,+=") ==
	                strlen(cpu))
		return true;
	complain("'%s' is not a processor model; '%s -cpu help' lists them", cpu, program);
	return false;
}

/* The command line, word by word. */
struct command_line {
	const char **argv;
	size_t count;
};

static void
add(struct command_line *line, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count && line->count < ENGINE_ARGUMENTS - 1; i++)
		line->argv[line->count++] = words[i];
}

#define ADD(line, ...) \
	add(line, (const char *const[]){ __VA_ARGS__ }, \
	        sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* The processor: the host's own, or QEMU's in place of the model, at a speed that instructions alone
 * decide. */
static void
add_processor(struct command_line *line, struct machine *machine)
{
	if (machine->model) {
		qemu_cpu_of_model(machine->cpu_option, machine->model);
		ADD(line, "-accel", "tcg", "-icount", machine->debugged ? icount_debugged : icount);
	} else {
		snprintf(machine->cpu_option, sizeof(machine->cpu_option), "%s%s", machine->cpu,
		        without_dice);
		ADD(line, "-accel", "kvm");
	}
	ADD(line, "-cpu", machine->cpu_option);
}

static bool
qemu_prepare(struct machine *machine, const char *argv[ENGINE_ARGUMENTS])
{
	struct command_line line = { argv, 1 };

	add_processor(&line, machine);
	ADD(&line, "-machine", "q35,usb=off,hpet=off,vmport=off,acpi=off", "-m", "64",
	        "-nodefaults", "-no-user-config", "-no-reboot");
	/* QEMU 10 makes its surface by memfd_create(), which only those with a display may call. */
	ADD(&line, "-display", machine->display ? machine->display : "none", "-vga",
	        machine->display ? "std" : "none");
	ADD(&line, "-rtc", "base=2000-01-01T00:00:00,clock=vm", "-device",
	        "isa-debug-exit,iobase=0xf4,iosize=4");
	ADD(&line, "-chardev", "file,id=console,path=/dev/fd/3", "-serial", "chardev:console",
	        "-chardev", "file,id=stream,path=/dev/fd/4", "-serial", "chardev:stream");
	ADD(&line, "-boot", "d", "-cdrom", machine->iso);
	if (machine->debugged)
		ADD(&line, "-S", "-chardev", gdb_socket, "-gdb", "chardev:gdb");
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
	.default_cpu = "tigerlake",
	.version_option = "--version",
	.version_follows = "QEMU emulator version ",
	.program = qemu_program,
	.accelerate = qemu_accelerate,
	.check_cpu = qemu_check_cpu,
	.prepare = qemu_prepare,
	.messages = qemu_messages,
	.post_mortem = qemu_post_mortem,
};

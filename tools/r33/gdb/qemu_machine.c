/* The stopped machine in QEMU, by its server for gdb. */
#include <inttypes.h>
#include <string.h>

#include <r33/control_registers.h>

#include "breakpoints.h"
#include "debuggee.h"
#include "objdump.h"
#include "qemu_guest.h"
#include "run.h"

enum { CR8_NUMBER = 31, FLAGS_NUMBER = 17 };

static bool
start(struct debuggee *debuggee, struct machine *machine, const struct kernel_places *places)
{
	debuggee->places = places;
	return qemu_server_start(&debuggee->qemu, machine);
}

static void
end(struct debuggee *debuggee)
{
	qemu_server_end(&debuggee->qemu);
}

static struct child *
child(struct debuggee *debuggee)
{
	return &debuggee->qemu.child;
}

/* Nearly all there is in one answer. */
static bool
read_registers(struct debuggee *debuggee)
{
	const char *answer = qemu_server_monitor(&debuggee->qemu, "info registers");

	debuggee->gone = debuggee->gone || !answer;
	if (!answer || !qemu_registers(answer, &debuggee->cpu))
		return false;
	/* In there flags that gdb has cleared are still set. */
	answer = qemu_server_ask(&debuggee->qemu, "p%x", FLAGS_NUMBER);
	return answer && gdb_unhex(&debuggee->cpu.rflags, sizeof(debuggee->cpu.rflags), answer,
	                         debuggee->qemu.reader.length) == sizeof(debuggee->cpu.rflags);
}

static bool
read_bases(struct debuggee *debuggee)
{
	(void)debuggee;
	return true;
}

static bool
read_vmx(struct debuggee *debuggee)
{
	if (!debuggee_registers(debuggee) || !qemu_read_shown(debuggee))
		return false;
	debuggee->vmx = qemu_is_in_guest(debuggee) ? VMX_GUEST
	                : debuggee->shown.is_on    ? VMX_ROOT
	                                           : VMX_OFF;
	return true;
}

/* "info registers" has had them, but for CR8, and but for those that only the kernel knows. */
static bool
read_control_registers(struct debuggee *debuggee)
{
	struct cpu *cpu = &debuggee->cpu;
	const struct svm_shown *shown = &debuggee->shown;
	const char *answer;

	if (!debuggee_registers(debuggee) || !debuggee_vmx(debuggee))
		return false;
	answer = qemu_server_ask(&debuggee->qemu, "p%x", CR8_NUMBER);
	cpu->cr8 = 0;
	if (answer)
		gdb_unhex(&cpu->cr8, sizeof(cpu->cr8), answer, debuggee->qemu.reader.length);
	if (debuggee->vmx == VMX_GUEST) {
		cpu->cr3 = shown->cr3;
		cpu->cr4 = shown->cr4;
		cpu->efer = shown->efer;
	}
	return true;
}

static bool
read_vmcs_pointer(struct debuggee *debuggee, uint64_t *pointer)
{
	if (!debuggee_vmx(debuggee))
		return false;
	*pointer = debuggee->shown.vmcs;
	return true;
}

/* The kernel intercepts their writes. */
static bool
read_guest_msr(struct debuggee *debuggee, enum guest_msr msr, uint64_t *value)
{
	const struct svm_shown *shown = &debuggee->shown;

	if (!debuggee_vmx(debuggee))
		return false;
	switch (msr) {
	case GUEST_MSR_PAT: *value = shown->pat; return true;
	case GUEST_MSR_SYSENTER_CS: *value = shown->sysenter_cs; return true;
	case GUEST_MSR_SYSENTER_ESP: *value = shown->sysenter_esp; return true;
	case GUEST_MSR_SYSENTER_EIP: *value = shown->sysenter_eip; return true;
	default: return false;
	}
}

/* QEMU would stop at once where there is a breakpoint: step first. */
static void
resume(struct debuggee *debuggee, bool step)
{
	struct qemu_server *server = &debuggee->qemu;

	server->stepping_off = !step && qemu_server_has_breakpoint(server, debuggee_pc(debuggee));
	server->stepping = step;
	server->interrupted = false;
	qemu_server_resume(server, step || server->stepping_off);
}

static enum debugger_wait
await(struct debuggee *debuggee, int other, int timeout_ms)
{
	struct qemu_server *server = &debuggee->qemu;
	enum debugger_wait wait = qemu_server_wait(server, other, timeout_ms);
	struct stop stop;

	if (wait != DEBUGGER_ANSWERED || !server->stepping_off)
		return wait;
	server->stepping_off = false;
	qemu_stop(server->reader.text, &stop);
	if (stop.reason != STOP_NOTHING_SAID || server->interrupted || !read_registers(debuggee) ||
	        qemu_server_has_breakpoint(server, debuggee_pc(debuggee))) {
		return wait;
	}
	qemu_server_resume(server, false);
	return await(debuggee, other, timeout_ms);
}

static bool
stopped(struct debuggee *debuggee, struct stop *stop)
{
	struct qemu_server *server = &debuggee->qemu;

	qemu_stop(server->reader.text, stop);
	if (!read_registers(debuggee))
		return false;
	if (stop->reason == STOP_NOTHING_SAID && !server->stepping && !server->interrupted &&
	        qemu_server_has_breakpoint(server, debuggee_pc(debuggee)))
		stop->reason = STOP_BREAKPOINT;
	return true;
}

static void
interrupt(struct debuggee *debuggee)
{
	qemu_server_interrupt(&debuggee->qemu);
}

/* QEMU ends at a triple fault. */
static bool
is_shut_down(struct debuggee *debuggee)
{
	(void)debuggee;
	return false;
}

static bool
ask_for(struct debuggee *debuggee, unsigned number, uint64_t value)
{
	char digits[2 * sizeof(value) + 1];
	const char *answer;

	gdb_hex(digits, &value, sizeof(value));
	answer = qemu_server_ask(&debuggee->qemu, "P%x=%s", number, digits);
	return answer && strcmp(answer, "OK") == 0;
}

/* Is this register what it should be, and all others as they were? */
static bool
only_this_changed(
        struct debuggee *debuggee, const struct cpu *before, unsigned index, uint64_t value)
{
	debuggee_forget(debuggee);
	if (!debuggee_registers(debuggee))
		return false;
	for (unsigned i = 0; i < CPU_REGISTERS; i++) {
		if (debuggee->cpu.registers[i] != (i == index ? value : before->registers[i]))
			return false;
	}
	return true;
}

/*
 * gdb's number, and QEMU's own mistake: outside of 64-bit code versions of it take the number for the
 * instruction set's (RAX, RCX, RDX, RBX, RSP ...).
 */
static bool
write_general(struct debuggee *debuggee, unsigned index, uint64_t value)
{
	static const uint8_t by_encoding[CPU_R8] = { 0, 3, 1, 2, 6, 7, 5, 4 };
	const struct cpu before = debuggee->cpu;
	bool is_wide = debuggee_code_bits(debuggee) == 64;

	if (!is_wide && (value > UINT32_MAX || (index >= CPU_R8 && index != CPU_RIP)))
		return false;
	if (ask_for(debuggee, index, value) && only_this_changed(debuggee, &before, index, value))
		return true;
	if (index >= CPU_R8)
		return false;
	/* What has become of another one is undone. */
	ask_for(debuggee, index, before.registers[index]);
	for (unsigned i = 0; i < CPU_R8; i++) {
		if (by_encoding[i] == index)
			ask_for(debuggee, index, before.registers[i]);
	}
	return ask_for(debuggee, by_encoding[index], value) &&
	       only_this_changed(debuggee, &before, index, value);
}

static bool
write_flags(struct debuggee *debuggee, uint64_t value)
{
	if (!ask_for(debuggee, FLAGS_NUMBER, value))
		return false;
	debuggee_forget(debuggee);
	return debuggee_registers(debuggee) && debuggee->cpu.rflags == value;
}

static bool
translate(struct debuggee *debuggee, uint64_t linear, uint64_t *physical)
{
	return debuggee_vmx(debuggee) &&
	       qemu_translate(debuggee, debuggee->vmx == VMX_GUEST, linear, physical);
}

static size_t
read_physical(struct debuggee *debuggee, uint64_t physical, uint8_t *bytes, size_t length)
{
	return qemu_server_read(&debuggee->qemu, true, physical, bytes, length);
}

/* QEMU walks the host's tables, we the guest's. */
static size_t
read_linear(struct debuggee *debuggee, uint64_t linear, uint8_t *bytes, size_t length)
{
	size_t done = 0;

	if (!debuggee_vmx(debuggee) || debuggee->vmx != VMX_GUEST)
		return qemu_server_read(&debuggee->qemu, false, linear, bytes, length);
	while (done < length) {
		size_t in_page = LINEAR_PAGE_BYTES - (linear + done) % LINEAR_PAGE_BYTES;
		size_t piece = length - done < in_page ? length - done : in_page;
		uint64_t physical;
		size_t count;

		if (!qemu_translate(debuggee, true, linear + done, &physical))
			break;
		count = read_physical(debuggee, physical, bytes + done, piece);
		done += count;
		if (count < piece)
			break;
	}
	return done;
}

static bool
write_physical(struct debuggee *debuggee, uint64_t physical, const uint8_t *bytes, size_t length)
{
	return qemu_server_write(&debuggee->qemu, physical, bytes, length);
}

static unsigned
set_breakpoint(struct debuggee *debuggee, uint64_t address)
{
	bool good = qemu_server_set_breakpoint(&debuggee->qemu, address);

	debuggee->gone = debuggee->gone || debuggee->qemu.gone;
	return good;
}

static void
clear_breakpoint(struct debuggee *debuggee, unsigned number, uint64_t address)
{
	(void)number;
	qemu_server_clear_breakpoint(&debuggee->qemu, address);
}

static bool
set_watchpoint(struct debuggee *debuggee, unsigned type, uint64_t address, uint64_t length)
{
	const char *answer =
	        qemu_server_ask(&debuggee->qemu, "Z%u,%" PRIx64 ",%" PRIx64, type, address, length);

	debuggee->gone = debuggee->gone || !answer;
	return answer && strcmp(answer, "OK") == 0;
}

static void
clear_watchpoint(struct debuggee *debuggee, unsigned type, uint64_t address, uint64_t length)
{
	qemu_server_ask(&debuggee->qemu, "z%u,%" PRIx64 ",%" PRIx64, type, address, length);
}

static void
disassemble(struct debuggee *debuggee, FILE *out, uint64_t address, unsigned long count, bool intel)
{
	uint8_t code[OBJDUMP_MOST_BYTES];
	size_t length = debuggee_read(debuggee, address, code, OBJDUMP_BYTES(count));

	if (debuggee_registers(debuggee) && length > 0)
		objdump(out, debuggee->qemu.machine->work, debuggee_code_bits(debuggee), address,
		        code, length, count, intel);
}

static void
print_log(struct debuggee *debuggee, FILE *out)
{
	(void)debuggee;
	fputs("r33: on this engine the rules refuse an entry, and vmcheck prints them\n", out);
}

const struct debugger debugger_qemu = {
	.engine = "QEMU",
	.breakpoints_max = WANTED_MAX,
	.watchpoints_max = WANTED_MAX,
	.watches_linear = true,
	.software_vmx = true,
	.start = start,
	.end = end,
	.child = child,
	.resume = resume,
	.wait = await,
	.stopped = stopped,
	.interrupt = interrupt,
	.is_shut_down = is_shut_down,
	.registers = read_registers,
	.control_registers = read_control_registers,
	.bases = read_bases,
	.vmx = read_vmx,
	.vmcs_pointer = read_vmcs_pointer,
	.guest_msr = read_guest_msr,
	.write_general = write_general,
	.write_flags = write_flags,
	.translate = translate,
	.read = read_linear,
	.read_physical = read_physical,
	.write_physical = write_physical,
	.set_breakpoint = set_breakpoint,
	.clear_breakpoint = clear_breakpoint,
	.set_watchpoint = set_watchpoint,
	.clear_watchpoint = clear_watchpoint,
	.disassemble = disassemble,
	.print_log = print_log,
};

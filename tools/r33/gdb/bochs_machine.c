/*
 * The stopped machine in Bochs, by the commands of its debugger.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "bochs_writes.h"
#include "debuggee.h"
#include "log.h"
#include "run.h"

enum { READ_AT_ONCE = 1024, SHUT_DOWN = 2 };

/* Ask, and note when Bochs has ended. */
static const char *
ask(struct debuggee *debuggee, const char *command)
{
	const char *answer = bochs_ask(&debuggee->bochs, "%s", command);

	debuggee->gone = debuggee->gone || !answer;
	return answer;
}

/* Use an answer that has "r" and "sreg" in it. */
static bool
take_registers(struct debuggee *debuggee, const char *answer)
{
	if (!answer_registers(answer, &debuggee->cpu) || !answer_segments(answer, &debuggee->cpu))
		return false;
	return true;
}

static bool
read_registers(struct debuggee *debuggee)
{
	const char *answer;

	answer = ask(debuggee, "r\nsreg");
	return answer && take_registers(debuggee, answer);
}

/* CR0 to CR8, EFER. */
static bool
read_control_registers(struct debuggee *debuggee)
{
	const char *answer;

	answer = ask(debuggee, "creg");
	if (!answer || !answer_control_registers(answer, &debuggee->cpu))
		return false;
	return true;
}

/* The bases of FS, GS, LDTR and TR in full; those of the others have 32 bits. */
static bool
read_bases(struct debuggee *debuggee)
{
	static const struct {
		const char *name;
		enum cpu_segment segment;
	} wide[] = { { "cpu0.FS.base", CPU_FS }, { "cpu0.GS.base", CPU_GS },
		{ "cpu0.LDTR.base", CPU_LDTR }, { "cpu0.TR.base", CPU_TR } };

	for (size_t i = 0; i < COUNT(wide); i++) {
		if (!bochs_parameter(&debuggee->bochs, wide[i].name,
		            &debuggee->cpu.segments[wide[i].segment].base))
			return false;
	}
	return true;
}

/* In VMX operation, in the guest? */
static bool
read_vmx(struct debuggee *debuggee)
{
	uint64_t in_vmx, in_guest;

	if (!bochs_parameter(&debuggee->bochs, "cpu0.VMX.in_vmx", &in_vmx) ||
	        !bochs_parameter(&debuggee->bochs, "cpu0.VMX.in_vmx_guest", &in_guest))
		return false;
	debuggee->vmx = in_guest ? VMX_GUEST : in_vmx ? VMX_ROOT : VMX_OFF;
	return true;
}

static bool
read_vmcs_pointer(struct debuggee *debuggee, uint64_t *pointer)
{
	return bochs_parameter(&debuggee->bochs, "cpu0.VMX.vmcsptr", pointer);
}

static bool
read_guest_msr(struct debuggee *debuggee, enum guest_msr msr, uint64_t *value)
{
	static const char *const names[GUEST_MSRS] = {
		[GUEST_MSR_PAT] = "cpu0.MSR.pat",
		[GUEST_MSR_SYSENTER_CS] = "cpu0.MSR.sysenter_cs_msr",
		[GUEST_MSR_SYSENTER_ESP] = "cpu0.MSR.sysenter_esp_msr",
		[GUEST_MSR_SYSENTER_EIP] = "cpu0.MSR.sysenter_eip_msr",
	};

	return bochs_parameter(&debuggee->bochs, names[msr], value);
}

static bool
translate(struct debuggee *debuggee, uint64_t linear, uint64_t *physical)
{
	const char *answer = bochs_ask(&debuggee->bochs, "page 0x%" PRIx64, linear);

	return answer && answer_translation(answer, linear, physical);
}

/* Read with this command, "x" or "xp". */
static size_t
read_by(struct debuggee *debuggee, const char *command, uint64_t address, uint8_t *bytes,
        size_t length)
{
	size_t done = 0;

	while (done < length) {
		size_t piece = length - done < READ_AT_ONCE ? length - done : READ_AT_ONCE;
		const char *answer = bochs_ask(
		        &debuggee->bochs, "%s /%zubmx 0x%" PRIx64, command, piece, address + done);
		size_t count = answer_memory(answer, bytes + done, piece);

		done += count;
		if (count < piece)
			break;
	}
	return done;
}

/* Read memory by linear address. */
static size_t
read_linear(struct debuggee *debuggee, uint64_t linear, uint8_t *bytes, size_t length)
{
	return read_by(debuggee, "x", linear, bytes, length);
}

static size_t
read_physical(struct debuggee *debuggee, uint64_t physical, uint8_t *bytes, size_t length)
{
	return read_by(debuggee, "xp", physical, bytes, length);
}

/* Write memory by physical address; eight bytes are two commands for Bochs. */
static bool
write_physical(struct debuggee *debuggee, uint64_t physical, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		size_t piece = length >= 4 ? 4 : 1;
		uint32_t value = 0;
		const char *answer;

		memcpy(&value, bytes, piece);
		answer = bochs_ask(&debuggee->bochs, "setpmem 0x%" PRIx64 " %zu 0x%" PRIx32,
		        physical, piece, value);
		if (!answer || answer_is_error(answer))
			return false;
		physical += piece;
		bytes += piece;
		length -= piece;
	}
	return true;
}

static bool
start(struct debuggee *debuggee, struct machine *machine, const struct kernel_places *places)
{
	(void)places;
	return bochs_start(&debuggee->bochs, machine);
}

static void
end(struct debuggee *debuggee)
{
	bochs_end(&debuggee->bochs);
}

static struct child *
child(struct debuggee *debuggee)
{
	return &debuggee->bochs.child;
}

/* The registers come with each stop: one exchange instead of two. */
static void
resume(struct debuggee *debuggee, bool step)
{
	bochs_send(&debuggee->bochs, step ? "s\nr\nsreg" : "c\nr\nsreg");
}

static enum debugger_wait
await(struct debuggee *debuggee, int other, int timeout_ms)
{
	return bochs_wait(&debuggee->bochs, other, timeout_ms);
}

static bool
stopped(struct debuggee *debuggee, struct stop *stop)
{
	answer_stop(debuggee->bochs.text, stop);
	return take_registers(debuggee, debuggee->bochs.text);
}

static void
interrupt(struct debuggee *debuggee)
{
	bochs_interrupt(&debuggee->bochs);
}

static bool
is_shut_down(struct debuggee *debuggee)
{
	uint64_t activity = 0;

	return bochs_parameter(&debuggee->bochs, "cpu0.activity_state", &activity) &&
	       activity == SHUT_DOWN;
}

static void
disassemble(struct debuggee *debuggee, FILE *out, uint64_t address, unsigned long count, bool intel)
{
	const char *answer, *line;

	answer = intel ? bochs_ask(&debuggee->bochs, "u /%lu 0x%" PRIx64, count, address)
	               : bochs_ask(&debuggee->bochs,
	                         "u switch-mode\nu /%lu 0x%" PRIx64 "\nu switch-mode", count,
	                         address);
	/* "000000004000018d: (                    ): push rbp                  ; 55" */
	for (line = answer; line && *line; line = strchr(line, '\n')) {
		const char *text;

		line += *line == '\n';
		text = strstr(line, "): ");
		if (!text || text > line + strcspn(line, "\n"))
			continue;
		fprintf(out, "0x%.16s %.*s\n", line, (int)strcspn(text + 3, "\n"), text + 3);
	}
}

static void
print_log(struct debuggee *debuggee, FILE *out)
{
	char *path = new_string("%s/bochs.log", debuggee->bochs.machine->work);
	FILE *log = fopen(path, "re");

	if (log) {
		gdb_log_tail(log, out);
		fclose(log);
	}
	free(path);
}

const struct debugger debugger_bochs = {
	.engine = "Bochs",
	.breakpoints_max = BOCHS_BREAKPOINTS - OWN_BREAKPOINTS,
	.watchpoints_max = BOCHS_BREAKPOINTS,
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
	.write_general = bochs_write_general,
	.write_flags = bochs_write_flags,
	.translate = translate,
	.read = read_linear,
	.read_physical = read_physical,
	.write_physical = write_physical,
	.set_breakpoint = bochs_set_breakpoint,
	.clear_breakpoint = bochs_clear_breakpoint,
	.set_watchpoint = bochs_set_watchpoint,
	.clear_watchpoint = bochs_clear_watchpoint,
	.disassemble = disassemble,
	.print_log = print_log,
};

/* gdb's monitor commands: what the server knows of the machine and gdb does not ask for. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/exit_reasons.h>
#include <r33/vmcs_fields.h>

#include "boot.h"
#include "explain/explain.h"
#include "rules/rules.h"
#include "server.h"
#include "vmcs.h"

enum { MOST_INSTRUCTIONS = 200, EXERCISES_LAB = 8 };

/* Where the fields of a VMCS are, in the words of the kernel that has tried it out. */
static const char *
find_layout(struct server *server)
{
	struct debuggee *debuggee = &server->run.debuggee;
	struct vmcs_readings *readings;
	const char *problem = "the kernel's memory cannot be read";

	if (!server->layout)
		server->layout = allocate(1, sizeof(*server->layout));
	if (server->layout->found)
		return NULL;
	readings = allocate(1, sizeof(*readings));
	if (debuggee_read_physical(debuggee, server->run.places.vmcs_layout_readings,
	            (uint8_t *)readings, sizeof(*readings)) == sizeof(*readings))
		problem = vmcs_layout_find(server->layout, readings);
	free(readings);
	return problem;
}

/* Read the VMCS, or say why that cannot be done. */
static bool
read_vmcs(struct server *server, FILE *out, struct dump *dump)
{
	const char *problem = find_layout(server);

	if (!problem)
		problem = vmcs_dump_read(
		        &server->run.debuggee, server->layout, server->session->options->cpu, dump);
	if (problem)
		fprintf(out, "r33: %s\n", problem);
	return !problem;
}

/* monitor vmcs */
static void
print_vmcs(struct server *server, FILE *out, const char *argument)
{
	struct dump dump;

	(void)argument;
	if (read_vmcs(server, out, &dump)) {
		dump_write(out, &dump, vmcs_field_decode);
		vmcs_dump_free(&dump);
	}
}

/* Is the guest stopped in a state whose rule the student has to name? */
static bool
is_to_diagnose(struct server *server)
{
	const char *id;

	if (server->session->grade.labs.labs[0].number != EXERCISES_LAB)
		return false;
	id = running_case(&server->session->machine);
	if (!id)
		id = server->session->options->case_id;
	return !id || strncmp(id, "break-", strlen("break-")) != 0;
}

/* The exit information is of an earlier exit, unless that was a failed entry; and that was one of the
 * state as it was given, where the student is about to repair it. */
static void
forget_exit(struct dump *dump, bool to_diagnose)
{
	const uint64_t *reason = dump_value(dump, EXIT_REASON);
	size_t kept = 0;

	if (reason && *reason & EXIT_REASON_ENTRY_FAILURE && !to_diagnose) {
		const uint64_t *qualification = dump_value(dump, EXIT_QUALIFICATION);

		dump->has_exit_reason = true;
		dump->exit_reason = (uint32_t)*reason;
		dump->has_qualification = qualification != NULL;
		dump->exit_qualification = qualification ? *qualification : 0;
		return;
	}
	for (size_t i = 0; i < dump->field_count; i++) {
		if (vmcs_field_type(dump->fields[i].field) != VMCS_FIELD_READ_ONLY)
			dump->fields[kept++] = dump->fields[i];
	}
	dump->field_count = kept;
}

/* Only how many rules: which ones is the question of the exercise. */
static void
count_rules(FILE *out, const struct explanation *explanation)
{
	size_t count = explanation->violated[INVALID_GUEST_STATE];

	fprintf(out,
	        "invalid guest state: %zu rule%s violated\n"
	        "Which %s the question of this exercise: name the given one in your function. "
	        "When none is\nleft, vmcheck says so.\n",
	        count, count == 1 ? "" : "s", count == 1 ? "one is" : "ones are");
}

/* monitor vmcheck */
static void
check_vmcs(struct server *server, FILE *out, const char *argument)
{
	const struct run_options *options = server->session->options;
	bool to_diagnose = is_to_diagnose(server);
	struct explanation explanation;
	struct caps caps;
	struct dump dump;

	(void)argument;
	if (!read_vmcs(server, out, &dump))
		return;
	forget_exit(&dump, to_diagnose);
	if (!caps_is_model(options->root, options->cpu) ||
	        !caps_load(&caps, options->root, options->cpu))
		caps_of_any_processor(&caps);
	explain(&explanation, &dump, &caps);
	if (explanation.violated[INVALID_GUEST_STATE] && to_diagnose)
		count_rules(out, &explanation);
	else
		explain_text(out, &explanation, false);
	explanation_free(&explanation);
	caps_free(&caps);
	vmcs_dump_free(&dump);
}

/* The current VMCS, and whether it has been launched. */
static void
print_launch_state(struct server *server, FILE *out, uint64_t pointer)
{
	struct debuggee *debuggee = &server->run.debuggee;
	uint8_t region[VMCS_REGION_BYTES], clear_region[VMCS_REGION_BYTES];

	if (find_layout(server) ||
	        debuggee_read_physical(debuggee, pointer, region, sizeof(region)) !=
	                sizeof(region) ||
	        debuggee_read_physical(debuggee, server->run.places.vmcs_layout_region,
	                clear_region, sizeof(clear_region)) != sizeof(clear_region))
		return;
	fprintf(out, "vmcs 0x%" PRIx64 "\nlaunched %s\n", pointer,
	        vmcs_layout_is_launched(server->layout, region, clear_region) ? "yes" : "no");
}

/* monitor guest */
static void
print_guest(struct server *server, FILE *out, const char *argument)
{
	static const char *const modes[] = { "off", "root", "guest" };
	struct debuggee *debuggee = &server->run.debuggee;
	const char *running;
	uint64_t pointer = UINT64_MAX;
	char *image;

	(void)argument;
	if (!debuggee_vmx(debuggee) || !debuggee_registers(debuggee)) {
		fprintf(out, "r33: %s does not say\n", debuggee->debugger->engine);
		return;
	}
	fprintf(out, "vmx %s\nperformer %s\nbits %u\ncpl %u\n", modes[debuggee->vmx],
	        debuggee->debugger->software_vmx ? "kernel" : "processor",
	        debuggee_code_bits(debuggee), debuggee->cpu.segments[CPU_CS].selector & 3u);
	if (debuggee->debugger->vmcs_pointer(debuggee, &pointer) && pointer != UINT64_MAX)
		print_launch_state(server, out, pointer);
	running = running_case(&server->session->machine);
	if (running)
		fprintf(out, "case %s\n", running);
	image = guest_file(debuggee, server->session->options->root);
	if (image)
		fprintf(out, "image %s\n", image);
	free(image);
}

/* monitor disassemble [ADDRESS [COUNT [intel]]]: as wide as the code that runs. */
static void
disassemble(struct server *server, FILE *out, const char *argument)
{
	struct debuggee *debuggee = &server->run.debuggee;
	bool intel = strstr(argument, "intel") != NULL;
	char *end;
	uint64_t address = strtoull(argument, &end, 0);
	unsigned long count = strtoul(end, NULL, 0);

	if (end == argument && debuggee_registers(debuggee))
		address = debuggee_pc(debuggee);
	if (count == 0 || count > MOST_INSTRUCTIONS)
		count = count ? MOST_INSTRUCTIONS : 1;
	debuggee->debugger->disassemble(debuggee, out, address, count, intel);
}

/* monitor log: why the engine says that entries failed. */
static void
print_log(struct server *server, FILE *out, const char *argument)
{
	struct debuggee *debuggee = &server->run.debuggee;

	(void)argument;
	debuggee->debugger->print_log(debuggee, out);
}

static void print_help(struct server *server, FILE *out, const char *argument);

static const struct {
	const char *name;
	const char *help;
	void (*print)(struct server *server, FILE *out, const char *argument);
} commands[] = {
	{ "vmcs", "the current VMCS, one field per line (docs/dump-format.md)", print_vmcs },
	{ "vmcheck", "the rules that it violates, as r33 explain prints them", check_vmcs },
	{ "guest", "host or guest, width of the code, the test guest's file", print_guest },
	{ "disassemble", "[ADDRESS [COUNT [intel]]], in the processor's mode", disassemble },
	{ "log", "why the engine says that VM entries failed (Bochs)", print_log },
	{ "help", "print this help", print_help },
};

/* monitor help */
static void
print_help(struct server *server, FILE *out, const char *argument)
{
	(void)server;
	(void)argument;
	for (size_t i = 0; i < COUNT(commands); i++)
		fprintf(out, "monitor %-12s %s\n", commands[i].name, commands[i].help);
}

bool
monitor_command(struct server *server, const char *text)
{
	size_t length = strcspn(text, " ");
	const char *argument = text + length + strspn(text + length, " ");
	size_t printed_length = 0;
	char *printed = NULL;
	FILE *out;

	for (size_t i = 0; i < COUNT(commands); i++) {
		if (strlen(commands[i].name) != length ||
		        strncmp(commands[i].name, text, length) != 0)
			continue;
		out = open_memstream(&printed, &printed_length);
		if (!out)
			return false;
		commands[i].print(server, out, argument);
		fclose(out);
		gdb_link_print(&server->link, printed, printed_length);
		free(printed);
		return true;
	}
	return false;
}

/*
 * r33 enter FILE: enter the guest state of a dump on an engine.
 *
 * A dump of another machine names host-physical addresses (page tables of EPT, bitmaps, ...) and
 * processor features that are not here; those are replaced, and what was replaced is said.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/controls.h>

#include "base/file.h"
#include "base/util.h"
#include "commands.h"
#include "dump/dump.h"
#include "oracle/batch.h"
#include "oracle/caps_engine.h"
#include "oracle/predict.h"
#include "run/measured.h"
#include "run/session.h"
#include "state/bases.h"

#define PIN             PIN_BASED_VM_EXECUTION_CONTROLS
#define PRIMARY         PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define SECONDARY       SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define MSR_ENTRY_BYTES 16

enum { MOST_MSRS = 8 };

/* Control fields whose values mean something only on the machine of the dump. */
static const uint32_t fields_of_machine[] = { PIN, PRIMARY, VM_EXIT_CONTROLS, EPT_POINTER,
	IO_BITMAP_A_ADDRESS, IO_BITMAP_B_ADDRESS, MSR_BITMAP_ADDRESS, VIRTUAL_APIC_ADDRESS,
	APIC_ACCESS_ADDRESS, VMREAD_BITMAP_ADDRESS, VMWRITE_BITMAP_ADDRESS, PML_ADDRESS,
	VM_ENTRY_MSR_LOAD_ADDRESS, VM_EXIT_MSR_LOAD_ADDRESS, VM_EXIT_MSR_STORE_ADDRESS,
	VM_EXIT_MSR_LOAD_COUNT, VM_EXIT_MSR_STORE_COUNT, EXCEPTION_BITMAP,
	VMX_PREEMPTION_TIMER_VALUE, POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, EPTP_LIST_ADDRESS,
	VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS, SPP_TABLE_POINTER, TSC_MULTIPLIER,
	TPR_THRESHOLD, TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS };

static bool
is_of_machine(uint32_t field)
{
	for (size_t i = 0; i < COUNT(fields_of_machine); i++)
		if (fields_of_machine[i] == field)
			return true;
	return false;
}

/* Controls of a foreign machine: what this processor has of those that rules depend on. */
static void
take_foreign_controls(
        const struct dump *dump, const struct capabilities *capabilities, struct vmcs *state)
{
	const uint64_t *secondary = dump_value(dump, SECONDARY);
	const uint64_t *entry = dump_value(dump, VM_ENTRY_CONTROLS);
	uint64_t of_interest = SECONDARY_EPT | SECONDARY_UNRESTRICTED_GUEST;

	if (secondary)
		vmcs_set(state, SECONDARY,
		        ((vmcs_get(state, SECONDARY) & ~of_interest) | (*secondary & of_interest)) &
		                capabilities->secondary.may_be_one);
	if (entry)
		vmcs_set(state, VM_ENTRY_CONTROLS,
		        (*entry | capabilities->entry.must_be_one) &
		                capabilities->entry.may_be_one);
}

static void
take_msr_load(const struct dump *dump, struct vmcs *state)
{
	size_t count = dump->msr_load_count < MOST_MSRS ? dump->msr_load_count : MOST_MSRS;

	if (dump->msr_load_count > MOST_MSRS)
		complain("only the first %d entries of the MSR-load list are used", MOST_MSRS);
	vmcs_set(state, VM_ENTRY_MSR_LOAD_COUNT, count);
	for (size_t i = 0; i < count; i++) {
		const struct dump_msr *msr = &dump->msr_load[i];
		uint64_t address = BASE_MSR_LOAD + MSR_ENTRY_BYTES * i;

		vmcs_set_memory(state, address, msr->index_number | (uint64_t)msr->reserved << 32);
		vmcs_set_memory(state, address + 8, msr->value);
	}
}

/* The dump's state, on this processor; what the dump does not say is as in a plain 64-bit guest. */
static void
state_of(const struct dump *dump, const struct capabilities *capabilities, struct vmcs *state)
{
	bool foreign = dump->format != DUMP_R33;
	unsigned guest_fields = 0;

	for (size_t i = 0; i < dump->field_count; i++) {
		const struct dump_field *field = &dump->fields[i];
		enum vmcs_field_type type = vmcs_field_type(field->field);

		if (type == VMCS_FIELD_GUEST_STATE)
			guest_fields++;
		if ((type == VMCS_FIELD_GUEST_STATE || type == VMCS_FIELD_CONTROL) &&
		        !(foreign && (is_of_machine(field->field) || field->field == SECONDARY ||
		                             field->field == VM_ENTRY_CONTROLS)))
			vmcs_set(state, field->field, field->value);
	}
	for (size_t i = 0; i < dump->memory_count; i++)
		if (dump->memory[i].address >= BATCH_MEMORY && dump->memory[i].address < BATCH_VMCS)
			vmcs_set_memory(state, dump->memory[i].address, dump->memory[i].value);
	if (dump->msr_load_count)
		take_msr_load(dump, state);
	if (foreign)
		take_foreign_controls(dump, capabilities, state);
	printf("%u guest-state fields are from the dump; the others are those of a plain 64-bit "
	       "guest\n",
	        guest_fields);
	if (foreign)
		printf("controls and addresses of the dump's machine are replaced by this "
		       "processor's\n");
}

static const char *
answer_text(const struct batch_answer *answer, char text[120])
{
	if (answer->end == BATCH_ENTERED)
		snprintf(text, 120, "entered; the guest exited at once with exit reason %u",
		        answer->exit_reason);
	else if (answer->end == BATCH_VMFAIL)
		snprintf(text, 120, "VMLAUNCH failed with VM-instruction error %u", answer->code);
	else
		snprintf(text, 120, "VM entry failed with exit reason %u, qualification %u",
		        answer->code, answer->qualification);
	return text;
}

static void
print_rules(const struct vmcs *state, const struct capabilities *capabilities)
{
	struct rule_violation violations[RULES_MAX];
	struct rule_input input = vmcs_rule_input(state, capabilities);
	size_t count = rules_check(&input, violations, RULES_MAX);

	printf("rules: %s", count ? "" : "none violated");
	for (size_t i = 0; i < count && i < RULES_MAX; i++)
		printf("%s%s", i ? ", " : "", violations[i].rule->id);
	putchar('\n');
}

/* Enter one state.  The exit status. */
static int
enter_state(const struct command_options *options, const struct capabilities *capabilities,
        const struct vmcs *state)
{
	struct batch batch = { .bases = state, .base_count = 1, .flags = BATCH_REPORT_ALL };
	char installed[ENGINE_VERSION_BYTES];
	enum bochs_version version = measured_ask(&options->run, installed);
	uint32_t mask, predicted = predict(state, capabilities, version, &mask);
	struct batch_run run;
	char text[120];
	int status = STATUS_ENGINE_OR_FILE;

	print_rules(state, capabilities);
	if (!predict_may_enter(state, predicted)) {
		puts("not entered: such a guest would never exit, or it crashes the engine");
		return STATUS_ENGINE_OR_FILE;
	}
	batch_add(&batch, 0, state, predicted, mask);
	if (batch_enter(&batch, &options->run, &run) && run.complete && run.answer_count == 1) {
		printf("%s%s%s, %s: %s\n", options->run.engine->name, installed[0] ? " " : "",
		        installed, options->run.cpu, answer_text(&run.answers[0], text));
		if (!engine_has_vmx(&options->run))
			puts("on this engine the rules refuse an entry, not a processor");
		if (run.deviations)
			puts("this is neither what the rules say nor a known deviation of the "
			     "engine");
		status = run.answers[0].end == BATCH_ENTERED ? STATUS_ALL_POINTS
		                                             : STATUS_POINTS_LOST;
	} else if (!run.interrupted) {
		complain("the run was cut short: %s", run.problem ? run.problem : "no answer came");
	}
	batch_run_free(&run);
	batch_free(&batch);
	return status;
}

/* "tigerlake-3.0" is the model as Bochs 3.0 has it: leave "tigerlake". */
static void
drop_version(char *cpu)
{
	char *dash = strrchr(cpu, '-');

	if (dash && bochs_version_find(dash + 1) != BOCHS_NONE)
		*dash = '\0';
}

/* r33 enter FILE */
static int
run_enter(const struct command_options *options)
{
	struct command_options own = *options;
	struct capabilities capabilities;
	struct dump_file file;
	struct vmcs *state;
	char *bytes;
	size_t size;
	int status = STATUS_ENGINE_OR_FILE;

	if (!options->operand) {
		complain("enter needs a file with a dump, or - for standard input; try 'r33 enter "
		         "--help'");
		return STATUS_USAGE;
	}
	bytes = read_whole_file(options->operand, DUMP_INPUT_LIMIT, &size);
	if (!bytes) {
		complain("cannot read %s: %s", options->operand, strerror(errno));
		return STATUS_ENGINE_OR_FILE;
	}
	dump_read(&file, bytes, size);
	free(bytes);
	if (file.error) {
		complain("%s", file.error);
	} else if (file.dumps[0].not_vmx) {
		complain("this dump is from an AMD processor: there is no VMCS to enter");
	} else {
		if (!options->cpu_given && file.dumps[0].cpu) {
			drop_version(file.dumps[0].cpu);
			if (session_check_cpu(&options->run, file.dumps[0].cpu))
				own.run.cpu = file.dumps[0].cpu;
		}
		state = allocate(1, sizeof(*state));
		if (file.count > 1)
			complain("only the first of %zu dumps is entered", file.count);
		if (caps_of_engine(&own.run, &capabilities) &&
		        !base_make(0, &capabilities, state)) {
			state_of(&file.dumps[0], &capabilities, state);
			status = enter_state(&own, &capabilities, state);
		}
		free(state);
	}
	dump_file_free(&file);
	return status;
}

const struct command command_enter = {
	.name = "enter",
	.summary = "Enter the guest state of a dump on an engine and see what the processor does.",
	.options = "eacTKr",
	.operand = "FILE|-",
	.help = "FILE is any dump that 'r33 explain' reads.  The guest executes no instruction of\n"
	        "its own: its page tables map nothing.\n"
	        "\n"
	        "exit status: 0 entered, 1 the entry failed, 2 wrong usage, 3 no dump or no "
	        "engine\n"
	        "\n"
	        "examples:\n"
	        "  r33 enter dump.txt\n"
	        "  r33 enter --cpu corei7_skylake_x dump.txt\n",
	.run = run_enter,
};

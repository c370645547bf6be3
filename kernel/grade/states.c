/*
 * Enter a batch of guest states.
 *
 * The guests run no instruction: their EPT or their CR3 maps nothing, and where there
 * is a preemption timer it has run out already.  So an entry that succeeds comes back at once.  A
 * failed entry leaves the guest-state area as it was, and only what was changed is put back;
 * after a successful one everything is written again.
 */
#include "grade/states.h"

#include <stdbool.h>

#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "cpu/extended_state.h"
#include "cpu/frames.h"
#include "cpu/x86.h"
#include "grade/guest_memory.h"
#include "grade/record.h"
#include "lib/string.h"
#include "rules/batch.h"
#include "rules/names.h"
#include "vmx/backend.h"
#include "vmx/capabilities.h"
#include "vmx/controls.h"

#define PROGRESS_STATES 4096
#define MOST_DEVIATIONS 64
#define MALFORMED_BATCH "the boot module \"states\" is not a batch of guest states"

_Static_assert(BATCH_VMCS + 4096 <= GUEST_WINDOW + GUEST_WINDOW_BYTES,
        "the batch's memory is in the guest's window");

/* The batch as it is walked through. */
struct batch {
	const uint8_t *at, *end;
	const struct batch_write *base_writes[BATCH_MAX_BASES];
	uint32_t base_write_count[BATCH_MAX_BASES];
	unsigned loaded; /* the base that the VMCS holds; BATCH_MAX_BASES: none */
};

/* The next bytes, or NULL when there are not so many. */
static const void *
take(struct batch *batch, size_t bytes)
{
	const uint8_t *start = batch->at;

	if (bytes > (size_t)(batch->end - batch->at))
		return NULL;
	batch->at += bytes;
	return start;
}

static uint64_t *
memory_word(uint32_t target)
{
	return (uint64_t *)(uint64_t)(BATCH_MEMORY + (target & ~BATCH_TARGET_MEMORY));
}

static bool
is_memory(uint32_t target)
{
	return target & BATCH_TARGET_MEMORY;
}

/* A write inside the batch's memory, or to a field that is not the kernel's own. */
static bool
is_allowed(const struct batch_write *write)
{
	uint32_t offset = write->target & ~BATCH_TARGET_MEMORY;

	if (is_memory(write->target))
		return offset % 8 == 0 && offset < BATCH_MEMORY_BYTES;
	return write->target < 0x10000 && vmcs_field_type(write->target) != VMCS_FIELD_HOST_STATE;
}

/* A field that this processor lacks takes no value, and needs none. */
static void
perform(uint32_t target, uint64_t value)
{
	if (is_memory(target))
		*memory_word(target) = value;
	else
		vmx->write(target, value);
}

static bool
find_base_value(const struct batch *batch, uint32_t target, uint64_t *value)
{
	const struct batch_write *writes = batch->base_writes[batch->loaded];

	for (uint32_t i = 0; i < batch->base_write_count[batch->loaded]; i++) {
		if (writes[i].target == target) {
			*value = writes[i].value;
			return true;
		}
	}
	*value = 0;
	return is_memory(target);
}

static void
write_base(const struct batch *batch)
{
	const struct batch_write *writes = batch->base_writes[batch->loaded];

	for (uint32_t i = 0; i < batch->base_write_count[batch->loaded]; i++)
		perform(writes[i].target, writes[i].value);
}

/* A new VMCS with the base's state. */
static void
load_base(struct batch *batch, unsigned base)
{
	batch->loaded = base;
	vmcs_require(vmx->clear(BATCH_VMCS), "VMCLEAR", BATCH_VMCS);
	memset((void *)(uint64_t)BATCH_MEMORY, 0, BATCH_MEMORY_BYTES + PAGE_BYTES);
	*(uint32_t *)(uint64_t)BATCH_VMCS = (uint32_t)vmx_capabilities.vmx_basic & VMCS_REVISION;
	vmcs_require(vmx->clear(BATCH_VMCS), "VMCLEAR", BATCH_VMCS);
	vmcs_require(vmx->load(BATCH_VMCS), "VMPTRLD", BATCH_VMCS);
	controls_write(&vmx_capabilities, false, 0, &no_control_wish);
	host_state_write(&vmx_capabilities);
	write_base(batch);
}

static const char *
read_bases(struct batch *batch, uint32_t count)
{
	if (count > BATCH_MAX_BASES)
		return MALFORMED_BATCH;
	for (uint32_t i = 0; i < count; i++) {
		const struct batch_base *base = take(batch, sizeof(*base));

		if (!base || base->write_count > BATCH_MAX_BASE_WRITES)
			return MALFORMED_BATCH;
		batch->base_write_count[i] = base->write_count;
		batch->base_writes[i] = take(batch, base->write_count * sizeof(struct batch_write));
		if (!batch->base_writes[i])
			return MALFORMED_BATCH;
		for (uint32_t j = 0; j < base->write_count; j++)
			if (!is_allowed(&batch->base_writes[i][j]))
				return MALFORMED_BATCH;
	}
	return NULL;
}

/* Enter; what came of it as BATCH_RESULT(), and for people the exit's reason. */
static uint32_t
enter(unsigned *exit_reason)
{
	struct guest_registers registers = { { 0 } };
	enum vmx_result result = vmx->enter(&registers, false);
	uint64_t reason;

	*exit_reason = 0;
	if (result != VMX_SUCCEED)
		return BATCH_RESULT(
		        BATCH_VMFAIL, result == VMX_FAIL_VALID ? vmx->last_error() : 0, 0);
	reason = vmcs_read(EXIT_REASON);
	*exit_reason = (uint16_t)reason;
	if (!(reason & EXIT_REASON_ENTRY_FAILURE))
		return BATCH_RESULT(BATCH_ENTERED, 0, 0);
	return BATCH_RESULT(BATCH_ENTRY_FAILED, reason, vmcs_read(EXIT_QUALIFICATION));
}

/* After a successful entry the state is what the guest left, and the VMCS is launched. */
static void
restore(struct batch *batch, const struct batch_write *writes, unsigned count, bool entered)
{
	uint64_t value;

	for (unsigned i = 0; i < count; i++) {
		find_base_value(batch, writes[i].target, &value);
		perform(writes[i].target, value);
	}
	if (!entered)
		return;
	vmcs_require(vmx->clear(BATCH_VMCS), "VMCLEAR", BATCH_VMCS);
	vmcs_require(vmx->load(BATCH_VMCS), "VMPTRLD", BATCH_VMCS);
	write_base(batch);
}

static void
report(uint32_t number, uint32_t seen, unsigned exit_reason)
{
	static const char *const ends[] = { "entered", "entry-failed", "vmfail" };

	record_line("# state %u %s number=%u qualification=%u exit=%u", number, ends[seen >> 24],
	        seen >> 16 & 0xff, seen & 0xffff, exit_reason);
}

/* One state.  NULL, or a sentence; *deviations counts those that did not end as expected. */
static const char *
run_state(struct batch *batch, const struct batch_header *header, uint32_t number,
        unsigned *deviations)
{
	const struct batch_state *state = take(batch, sizeof(*state));
	const struct batch_write *writes;
	unsigned exit_reason;
	uint64_t unused;
	uint32_t seen;
	bool deviates;

	if (!state || state->base >= header->base_count || state->write_count > BATCH_MAX_WRITES)
		return MALFORMED_BATCH;
	writes = take(batch, state->write_count * sizeof(*writes));
	if (!writes)
		return MALFORMED_BATCH;
	if (state->base != batch->loaded)
		load_base(batch, state->base);
	for (unsigned i = 0; i < state->write_count; i++) {
		if (!is_allowed(&writes[i]) || !find_base_value(batch, writes[i].target, &unused))
			return MALFORMED_BATCH;
		perform(writes[i].target, writes[i].value);
	}
	seen = enter(&exit_reason);
	deviates = (seen ^ state->expected) & state->mask;
	*deviations += deviates;
	if (header->flags & BATCH_REPORT_ALL || (deviates && *deviations <= MOST_DEVIATIONS))
		report(number, seen, exit_reason);
	restore(batch, writes, state->write_count, seen >> 24 == BATCH_ENTERED);
	return NULL;
}

/* What the processor is, in the form of r33's capability files. */
static void
report_capabilities(void)
{
	const struct capability_source source = capabilities_source(vmx);

	for (unsigned i = 0; i < capability_msr_count; i++) {
		uint64_t value;

		if (source.read_msr(source.context, capability_msrs[i], &value))
			record_line("# capability MSR[%#x] = %#lx", capability_msrs[i], value);
	}
	for (unsigned i = 0; i < capability_leaf_count; i++) {
		const struct cpuid_leaf *leaf = &capability_leaves[i];
		uint32_t registers[4];

		source.cpuid(source.context, leaf->leaf, leaf->subleaf, registers);
		record_line("# capability CPUID[%#x,%u] = %#x %#x %#x %#x", leaf->leaf,
		        leaf->subleaf, registers[0], registers[1], registers[2], registers[3]);
	}
}

const char *
states_run(const uint8_t *bytes, size_t size)
{
	struct batch batch = { .at = bytes, .end = bytes + size, .loaded = BATCH_MAX_BASES };
	const struct batch_header *header = take(&batch, sizeof(*header));
	unsigned deviations = 0;
	const char *error;

	record_line("1..0 # SKIP states");
	report_capabilities();
	if (!header || strncmp(header->magic, BATCH_MAGIC, sizeof(header->magic)) != 0 ||
	        header->version != BATCH_VERSION)
		return MALFORMED_BATCH;
	error = read_bases(&batch, header->base_count);
	extended_state_clear();
	record_first_entry();
	for (uint32_t i = 0; !error && i < header->state_count; i++) {
		if (i % PROGRESS_STATES == 0)
			record_line("# states %u", i);
		error = run_state(&batch, header, i, &deviations);
	}
	if (!error)
		record_line("# states %u done, %u surprises", header->state_count, deviations);
	return error;
}

/* Probes: what a test guest shall try, one thing after the other, and how it ended. */
#include "grade/probes.h"

#include "grade/guest_memory.h"
#include "lib/format.h"
#include "lib/string.h"
#include "vmx/names.h"

#include <r33/vmcs_fields.h>

#define INTERRUPTION_VECTOR 0xff /* of the VM-exit interruption information */

/* The guests' registers, by their numbers (tests/guests/segments.h). */
#define GENERAL_RAX 0
#define GENERAL_RDX 2
#define GENERAL_RBP 5
#define GENERAL_RDI 7

uint32_t
probes_ruler_value(uint64_t linear)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < sizeof value; i++) {
		uint64_t offset = (linear + i) % GUEST_WINDOW_BYTES;

		value |= (uint32_t)((offset & ~3ull) >> offset % 4 * 8 & 0xff) << i * 8;
	}
	return value;
}

void
probes_place(const struct probe *probes, size_t count)
{
	struct probe *list = (struct probe *)(GUEST_WINDOW + PROBES_OFFSET);
	uint32_t *ruler = (uint32_t *)(GUEST_WINDOW + RULER_OFFSET);

	memcpy(list, probes, count * sizeof *probes);
	memset(list + count, 0, sizeof *list);
	for (uint32_t i = 0; i < RULER_BYTES / sizeof *ruler; i++)
		ruler[i] = (uint32_t)(RULER_OFFSET + i * sizeof *ruler);
}

bool
probes_continue(const struct guest_outcome *outcome, struct guest_registers *registers)
{
	uint64_t *general = registers->general;
	unsigned vector = 0;

	if (outcome->end != GUEST_EXITED || general[GENERAL_RBP] != PROBE_IN_PROGRESS)
		return false;
	if (outcome->reason == EXIT_EXCEPTION_OR_NMI)
		vector = outcome->interruption & INTERRUPTION_VECTOR;
	else if (outcome->reason != EXIT_IO_INSTRUCTION)
		return false;
	general[GENERAL_RAX] = outcome->interruption_error;
	general[GENERAL_RDX] = PROBE_RESULT_EXIT(outcome->reason, vector, 0) >> 32;
	general[GENERAL_RBP] = 0;
	vmcs_write(GUEST_RIP, general[GENERAL_RDI]);
	return true;
}

const char *
probe_result_text(uint64_t result)
{
	static char text[64];
	uint32_t high = (uint32_t)(result >> 32);

	if (!(high & PROBE_EXITED))
		format_string(text, sizeof text, "%#lx", result);
	else if ((high >> 8 & 0xff) == EXIT_EXCEPTION_OR_NMI)
		format_string(text, sizeof text, "%s (error code %#x)", exception_name(high & 0xff),
		        (uint32_t)result);
	else
		format_string(text, sizeof text, "a VM exit by the instruction");
	return text;
}

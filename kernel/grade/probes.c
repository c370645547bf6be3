/* Probes: what a test guest is to try, one thing after the other, and how it ended. */
#include "grade/probes.h"

#include <r33/array.h>
#include <r33/events.h>
#include <r33/vmcs_fields.h>

#include "lib/string.h"
#include "rules/names.h"

/* The guests' registers, by their numbers (tests/guests/segments.inc). */
#define GENERAL_RAX 0
#define GENERAL_RDX 2
#define GENERAL_RBP 5
#define GENERAL_RDI 7

/* Each word of the ruler holds its own offset.  It is made once: there are many. */
static void
place_ruler(void)
{
	static uint32_t ruler[RULER_BYTES / sizeof(uint32_t)];

	if (!ruler[0])
		for (uint32_t i = 0; i < COUNT(ruler); i++)
			ruler[i] = (uint32_t)(RULER_OFFSET + i * sizeof(ruler[0]));
	memcpy((void *)(GUEST_WINDOW + RULER_OFFSET), ruler, sizeof(ruler));
}

void
probes_place(const struct probe *probes, size_t count)
{
	struct probe *list = (struct probe *)(GUEST_WINDOW + PROBES_OFFSET);

	memcpy(list, probes, count * sizeof(*probes));
	memset(list + count, 0, sizeof(*list));
	place_ruler();
}

bool
probes_continue(const struct guest_outcome *outcome, struct guest_registers *registers)
{
	uint64_t *general = registers->general;
	unsigned vector = 0;

	if (outcome->end != GUEST_EXITED || general[GENERAL_RBP] != PROBE_IN_PROGRESS)
		return false;
	if (outcome->reason == EXIT_REASON_EXCEPTION_OR_NMI)
		vector = outcome->interruption & EVENT_VECTOR;
	else if (outcome->reason != EXIT_REASON_IO_INSTRUCTION)
		return false;
	general[GENERAL_RAX] = outcome->interruption_error;
	general[GENERAL_RDX] = PROBE_RESULT_EXIT(outcome->reason, vector, 0) >> 32;
	general[GENERAL_RBP] = 0;
	vmcs_write(GUEST_RIP, general[GENERAL_RDI]);
	return true;
}

/* What probes find: the ruler in the guest's memory, and results in words. */
#include "grade/guest_memory.h"
#include "grade/probes.h"
#include "lib/format.h"
#include "rules/names.h"

uint32_t
probes_ruler_value(uint64_t linear)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < sizeof(value); i++) {
		uint64_t offset = (linear + i) % GUEST_WINDOW_BYTES;

		value |= (uint32_t)((offset & ~3ull) >> offset % 4 * 8 & 0xff) << i * 8;
	}
	return value;
}

const char *
probe_result_text(uint64_t result)
{
	static char text[64];
	uint32_t high = (uint32_t)(result >> 32);

	if (result == PROBE_INVALID)
		format_string(text, sizeof(text), "not valid (ZF = 0)");
	else if (!(high & PROBE_EXITED))
		format_string(text, sizeof(text), "%#lx", result);
	else if ((high >> 8 & 0xff) == EXIT_REASON_EXCEPTION_OR_NMI)
		format_string(text, sizeof(text), "%s (error code %#x)",
		        exception_name(high & 0xff), (uint32_t)result);
	else
		format_string(text, sizeof(text), "a VM exit by the instruction");
	return text;
}

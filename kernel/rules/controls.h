/* What the rules on control fields share. */
#pragma once

#include "rules/state.h"

#define MSR_AREA_ENTRY_BYTES 16ull

/* The bits of a control field whose setting the processor does not allow. */
static inline uint64_t
not_allowed(const struct allowed_settings *allowed, uint64_t controls)
{
	return (allowed->must_be_one & ~controls) | (controls & ~(uint64_t)allowed->may_be_one);
}

/* The bits at fault of what should be the address of a page. */
static inline uint64_t
not_a_page(const struct rule_state *state, uint64_t address)
{
	return (address & 0xfff) | beyond_vmx_width(state, address);
}

/* The bits at fault of an MSR area's address ... */
static inline uint64_t
msr_area_address(const struct rule_state *state, uint64_t address)
{
	return (address & (MSR_AREA_ENTRY_BYTES - 1)) | beyond_vmx_width(state, address);
}

/* ... and of the address of its last byte; 0 if already the first is at fault.  The count is not 0, and
 * a field of 32 bits. */
static inline uint64_t
msr_area_end(const struct rule_state *state, uint64_t address, uint64_t count)
{
	uint64_t bytes = (uint32_t)count * MSR_AREA_ENTRY_BYTES;

	return msr_area_address(state, address) ? 0 : beyond_vmx_width(state, address + bytes - 1);
}

/* The same with a size of 32 bits, as Bochs computes it. */
static inline uint64_t
msr_area_end_of_bochs(const struct rule_state *state, uint64_t address, uint64_t count)
{
	uint32_t bytes = (uint32_t)((uint32_t)count * MSR_AREA_ENTRY_BYTES);

	return beyond_vmx_width(state, address + bytes - 1);
}

/* From wishes to registers, and what a guest with these registers can do (SDM 3A chapters 3 and 5). */
#include "model.h"

#include <r33/events.h>
#include <r33/exit_reasons.h>
#include <r33/segments.h>

#include "grade/guest_segments.h"
#include "rules/names.h"

#define LIMIT_64_KIB        0xffff
#define RIGHTS_REAL         0x93
#define RIGHTS_VIRTUAL_8086 0xf3
#define RIGHTS_FIELD_BITS   0xf0ff
#define LAR_DEFINED         0xf0ff00ull /* bits 19:16 are undefined */
#define ACCESS_BYTES        4

bool
mode_is_8086(enum guest_mode mode)
{
	return mode == GUEST_REAL || mode == GUEST_VIRTUAL_8086;
}

uint32_t
descriptor_limit_bytes(uint64_t descriptor)
{
	uint32_t limit = (uint32_t)((descriptor & 0xffff) | (descriptor >> 32 & 0xf0000));

	return descriptor >> 40 & RIGHTS_G ? limit << 12 | 0xfff : limit;
}

struct segment
wished_segment(const struct guest *guest, unsigned index)
{
	const struct segment_wish *wish = &guest->segments[index];
	struct segment segment = { .selector = wish->selector };

	if (mode_is_8086(guest->mode) && index < SEGMENT_LDTR) {
		segment.base = (uint64_t)wish->selector << 4;
		segment.limit = LIMIT_64_KIB;
		segment.rights = guest->mode == GUEST_REAL ? RIGHTS_REAL : RIGHTS_VIRTUAL_8086;
		return segment;
	}
	if (wish->descriptor == 0) {
		segment.rights = RIGHTS_UNUSABLE;
		if (index == SEGMENT_SS)
			segment.rights |= (uint32_t)(wish->selector & SELECTOR_RPL) << 5;
	} else {
		segment.base = descriptor_base(wish->descriptor);
		segment.limit = descriptor_limit_bytes(wish->descriptor);
		segment.rights = (uint32_t)(wish->descriptor >> 40) & RIGHTS_FIELD_BITS;
		if (segment.rights & RIGHTS_S)
			segment.rights |= TYPE_ACCESSED;
		else if (index == SEGMENT_TR)
			segment.rights |= TYPE_WRITABLE;
	}
	if (guest->ia32e_mode && index >= SEGMENT_LDTR)
		segment.base |= (uint64_t)wish->base_63_32 << 32;
	if (guest->ia32e_mode && index == SEGMENT_FS)
		segment.base = guest->fs_base;
	if (guest->ia32e_mode && index == SEGMENT_GS)
		segment.base = guest->gs_base;
	return segment;
}

static uint64_t
fault(unsigned vector, uint32_t error_code)
{
	return PROBE_RESULT_EXIT(EXIT_REASON_EXCEPTION_OR_NMI, vector, error_code);
}

/* Is an access of 4 bytes at the offset within the segment? */
static bool
within_limit(const struct segment *segment, uint64_t offset)
{
	uint64_t last = offset + ACCESS_BYTES - 1;

	if ((segment->rights & (TYPE_CODE | TYPE_EXPAND_DOWN)) != TYPE_EXPAND_DOWN)
		return last <= segment->limit;
	return offset > segment->limit &&
	       last <= (segment->rights & RIGHTS_DB ? 0xffffffffull : LIMIT_64_KIB);
}

static uint64_t
expect_access(const struct segmentation *machine, unsigned index, uint64_t offset, bool writes)
{
	const struct segment *segment = &machine->segments[index];
	uint64_t linear = segment->base + offset;
	uint32_t code_and_2 = segment->rights & (TYPE_CODE | TYPE_WRITABLE);
	bool allowed = !(segment->rights & RIGHTS_UNUSABLE) && within_limit(segment, offset);

	if (machine->guest->mode == GUEST_64BIT)
		/* Only FS and GS have a base, and there are no limits. */
		return probes_ruler_value(
		        index == SEGMENT_FS || index == SEGMENT_GS ? linear : offset);
	if (writes)
		allowed = allowed && code_and_2 == TYPE_WRITABLE;
	else
		allowed = allowed && code_and_2 != TYPE_CODE;
	if (!allowed)
		return fault(index == SEGMENT_SS ? VECTOR_SS : VECTOR_GP, 0);
	return writes ? PROBE_WRITTEN : probes_ruler_value(linear);
}

/* The descriptor of a selector that one of the wishes names; 0: none. */
static uint64_t
descriptor_of(const struct segmentation *machine, uint32_t selector)
{
	for (unsigned i = 0; i < SEGMENT_COUNT; i++)
		if ((machine->guest->segments[i].selector | SELECTOR_RPL) ==
		        (selector | SELECTOR_RPL))
			return machine->guest->segments[i].descriptor;
	return 0;
}

/* Does LAR or LSL know system descriptors of this type?  (Gates have no limit; no case has one.) */
static bool
system_type_is_valid(const struct guest *guest, uint32_t type)
{
	static const uint32_t types =
	        1 << 1 | 1 << TYPE_LDT | 1 << TYPE_TSS_16_BUSY | 1 << 9 | 1 << TYPE_TSS_BUSY;
	static const uint32_t types_64 = 1 << TYPE_LDT | 1 << 9 | 1 << TYPE_TSS_BUSY;

	return (guest->ia32e_mode ? types_64 : types) >> type & 1;
}

static uint64_t
expect_inspection(const struct segmentation *machine, const struct probe *probe, uint64_t *mask)
{
	uint64_t descriptor = descriptor_of(machine, probe->operand);
	uint32_t rights = (uint32_t)(descriptor >> 40) & RIGHTS_FIELD_BITS;
	uint32_t type = rights & RIGHTS_TYPE;
	bool is_code = (rights & RIGHTS_S) && (rights & TYPE_CODE);
	bool conforming = is_code && (rights & TYPE_EXPAND_DOWN);
	unsigned dpl = DPL_OF(rights);
	bool visible =
	        conforming || (machine->cpl <= dpl && (probe->operand & SELECTOR_RPL) <= dpl);

	if (!(rights & RIGHTS_S))
		visible = visible && probe->kind <= PROBE_LSL &&
		          system_type_is_valid(machine->guest, type);
	if (probe->kind == PROBE_VERR)
		visible = visible && (!is_code || (rights & TYPE_WRITABLE));
	if (probe->kind == PROBE_VERW)
		visible = visible && !is_code && (rights & TYPE_WRITABLE);
	if (!descriptor || !visible)
		return PROBE_INVALID;
	if (probe->kind == PROBE_LAR) {
		*mask = ~0xffffffffull | LAR_DEFINED;
		return descriptor >> 32 & LAR_DEFINED;
	}
	return probe->kind == PROBE_LSL ? descriptor_limit_bytes(descriptor) : 1;
}

/* Ports that the map in the guest's TSS (report.h) leaves open to every level. */
static uint64_t
expect_in(const struct segmentation *machine, uint32_t port)
{
	const struct segment *tr = &machine->segments[SEGMENT_TR];
	uint32_t map_byte = TSS_IO_MAP + port / 8;
	bool open = map_byte + 1 <= tr->limit && port / 8 != TSS_CLOSED_PORTS / 8;

	return open || machine->cpl == 0 ? PROBE_RESULT_EXIT(EXIT_REASON_IO_INSTRUCTION, 0, 0)
	                                 : fault(VECTOR_GP, 0);
}

uint64_t
probe_expectation(const struct segmentation *machine, const struct probe *probe, uint64_t *mask)
{
	*mask = ~0ull;
	if (probe->kind < PROBE_READ)
		return machine->segments[probe->kind - PROBE_SELECTOR].selector;
	if (probe->kind < PROBE_WRITE)
		return expect_access(machine, probe->kind - PROBE_READ, probe->offset, false);
	if (probe->kind < PROBE_LAR)
		return expect_access(machine, probe->kind - PROBE_WRITE, probe->offset, true);
	if (probe->kind < PROBE_IN)
		return expect_inspection(machine, probe, mask);
	if (probe->kind == PROBE_IN)
		return expect_in(machine, probe->operand);
	if (probe->kind == PROBE_LEVEL)
		return machine->cpl == 0 ? 1 : fault(VECTOR_GP, 0);
	return descriptor_of(machine, probe->operand)
	               ? 1
	               : fault(VECTOR_GP, probe->operand & ~SELECTOR_RPL);
}

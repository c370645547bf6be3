/* Which probes show best what is in the segment registers. */
#include <r33/array.h>

#include "grade/guest_segments.h"
#include "model.h"
#include "vmx/deviations.h"

#define RULER_STEP 0x40 /* each register reads at a place of its own */

struct probe_list {
	const struct segmentation *machine;
	struct probe *probes;
	size_t count;
	bool left_out; /* one that the engine would not answer as a processor does */
};

/* Does the probe show that a segment keeps the guest from memory?  Not every engine does. */
static bool
needs_segment_checks(const struct segmentation *machine, const struct probe *probe)
{
	bool accesses_memory = probe->kind >= PROBE_READ && probe->kind < PROBE_LAR;
	uint64_t mask;

	return accesses_memory && probe_expectation(machine, probe, &mask) >> 32 & PROBE_EXITED;
}

static void
add(struct probe_list *list, uint32_t kind, uint32_t operand, uint64_t offset)
{
	const struct probe probe = { kind, operand, offset };

	if (deviations.ignores_segments && needs_segment_checks(list->machine, &probe))
		list->left_out = true;
	else if (list->count < PROBES_MAX)
		list->probes[list->count++] = probe;
}

static void
add_read(struct probe_list *list, unsigned index, uint64_t offset)
{
	add(list, PROBE_READ + index, 0, offset);
}

/* Where the ruler lies for this guest, in linear addresses. */
static uint64_t
ruler(const struct segmentation *machine)
{
	return mode_is_8086(machine->guest->mode) ? RULER_OFFSET : GUEST_WINDOW + RULER_OFFSET;
}

/* An offset through which the register reaches the ruler, whatever its limit. */
static uint64_t
ruler_offset(const struct segmentation *machine, unsigned index)
{
	const struct segment *segment = &machine->segments[index];
	uint64_t start = ruler(machine) + RULER_STEP * (index + 1);
	bool has_base =
	        machine->guest->mode != GUEST_64BIT || index == SEGMENT_FS || index == SEGMENT_GS;

	return start - (has_base ? segment->base : 0);
}

static bool
is_expand_down(const struct segment *segment)
{
	return (segment->rights & (TYPE_CODE | TYPE_EXPAND_DOWN)) == TYPE_EXPAND_DOWN;
}

static bool
on_ruler(const struct segmentation *machine, const struct segment *segment, uint64_t offset)
{
	return segment->base + offset - ruler(machine) < RULER_BYTES - sizeof(uint32_t);
}

/* At and beyond the limit, as far as the ruler reaches. */
static void
add_limit_reads(struct probe_list *list, unsigned index)
{
	const struct segment *segment = &list->machine->segments[index];
	uint64_t last = (uint64_t)segment->limit - (sizeof(uint32_t) - 1);

	if (is_expand_down(segment)) {
		if (on_ruler(list->machine, segment, segment->limit + 1ull))
			add_read(list, index, segment->limit + 1ull);
		add_read(list, index, segment->limit);
		if (!(segment->rights & RIGHTS_DB))
			add_read(list, index, 0xffff);
		return;
	}
	if (on_ruler(list->machine, segment, last))
		add_read(list, index, last);
	if (segment->limit < UINT32_MAX)
		add_read(list, index, last + 1);
}

static void
add_memory_probes(struct probe_list *list)
{
	const struct segmentation *machine = list->machine;

	for (unsigned i = 0; i <= SEGMENT_GS; i++) {
		const struct segment *segment = &machine->segments[i];
		uint64_t offset = ruler_offset(machine, i);

		if (machine->guest->mode == GUEST_64BIT) {
			add_read(list, i, offset);
		} else if (segment->rights & RIGHTS_UNUSABLE) {
			add_read(list, i, 0);
		} else {
			if (offset <= UINT32_MAX - 3)
				add_read(list, i, offset);
			add_limit_reads(list, i);
		}
	}
	for (unsigned i = 0; i <= SEGMENT_GS && machine->guest->mode != GUEST_64BIT; i++)
		if (ruler_offset(machine, i) <= UINT32_MAX - 3)
			add(list, PROBE_WRITE + i, 0, ruler_offset(machine, i));
}

/* LAR, LSL, VERR and VERW of each selector once, and of the first one beyond the LDT. */
static void
add_inspections(struct probe_list *list)
{
	const struct segmentation *machine = list->machine;
	const struct segment *ldtr = &machine->segments[SEGMENT_LDTR];

	for (unsigned i = 0; i < SEGMENT_COUNT; i++) {
		uint16_t selector = machine->segments[i].selector;
		bool seen = selector <= SELECTOR_RPL;

		for (unsigned earlier = 0; earlier < i; earlier++)
			seen = seen || machine->segments[earlier].selector == selector;
		for (uint32_t kind = PROBE_LAR; kind <= PROBE_VERW && !seen; kind++)
			add(list, kind, selector, 0);
	}
	if (!(ldtr->rights & RIGHTS_UNUSABLE))
		add(list, PROBE_LAR, (ldtr->limit + 1) | SELECTOR_TI | machine->cpl, 0);
}

/* A 32-bit TSS tells by its I/O map where it begins and ends. */
static void
add_port_probes(struct probe_list *list)
{
	static const uint32_t ports[] = { 0, TSS_CLOSED_PORTS, TSS_CLOSED_PORTS + 8,
		(TSS_LIMIT - TSS_IO_MAP) * 8 - 1, (TSS_LIMIT - TSS_IO_MAP) * 8 };

	for (unsigned i = 0; i < COUNT(ports); i++)
		add(list, PROBE_IN, ports[i], 0);
}

/* A load of ES through the LDT: within it, and beyond. */
static void
add_load_probes(struct probe_list *list)
{
	const struct segmentation *machine = list->machine;
	const struct segment *ldtr = &machine->segments[SEGMENT_LDTR];
	uint16_t selector = machine->segments[SEGMENT_ES].selector;

	if (ldtr->rights & RIGHTS_UNUSABLE)
		return;
	if (selector & SELECTOR_TI)
		add(list, PROBE_LOAD, selector, 0);
	add(list, PROBE_LOAD, (ldtr->limit + 1) | SELECTOR_TI | machine->cpl, 0);
}

static void
add_all(struct probe_list *list)
{
	const struct segmentation *machine = list->machine;
	bool is_8086 = mode_is_8086(machine->guest->mode);

	for (unsigned i = 0; i < (is_8086 ? SEGMENT_LDTR : SEGMENT_COUNT); i++)
		add(list, PROBE_SELECTOR + i, 0, 0);
	add(list, PROBE_LEVEL, 0, 0);
	if (!is_8086)
		add_inspections(list);
	add_memory_probes(list);
	if (machine->cpl == 3 &&
	        (machine->segments[SEGMENT_TR].rights & RIGHTS_TYPE) == TYPE_TSS_BUSY)
		add_port_probes(list);
	if (!is_8086)
		add_load_probes(list);
}

size_t
choose_probes(const struct segmentation *machine, struct probe *probes)
{
	struct probe_list list = { .machine = machine, .probes = probes };

	add_all(&list);
	return list.count;
}

bool
leaves_probes_out(const struct segmentation *machine)
{
	static struct probe probes[PROBES_MAX];
	struct probe_list list = { .machine = machine, .probes = probes };

	add_all(&list);
	return list.left_out;
}

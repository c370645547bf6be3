/* What the segment registers must hold for a wish, and what the guest then finds. */
#include <stdarg.h>

#include <r33/vmcs_fields.h>

#include "grade/case.h"
#include "grade/result.h"
#include "lib/format.h"
#include "model.h"

/* The fields of a register are together (kernel/lab/parts.c). */
enum { SELECTOR_FIELD, BASE_FIELD, LIMIT_FIELD, RIGHTS_FIELD, FIELDS_OF_SEGMENT };

#define NAME_BYTES 80
#define FIELD_STEP 2 /* from a register's field to the next register's */

static const char *const segment_names[SEGMENT_COUNT] = { "ES", "CS", "SS", "DS", "FS", "GS",
	"LDTR", "TR" };

static void
only_values(const struct guest *guest, const struct capabilities *capabilities, uint64_t *values)
{
	(void)capabilities;
	for (unsigned i = 0; i < SEGMENT_COUNT; i++) {
		struct segment segment = wished_segment(guest, i);

		*values++ = segment.selector;
		*values++ = segment.base;
		*values++ = segment.limit;
		*values++ = segment.rights;
	}
}

static void
machine_of_values(const struct guest *guest, const uint64_t *values, struct segmentation *machine)
{
	machine->guest = guest;
	for (unsigned i = 0; i < SEGMENT_COUNT; i++, values += FIELDS_OF_SEGMENT)
		machine->segments[i] =
		        (struct segment){ (uint16_t)values[SELECTOR_FIELD], values[BASE_FIELD],
			        (uint32_t)values[LIMIT_FIELD], (uint32_t)values[RIGHTS_FIELD] };
	machine->cpl = DPL_OF(machine->segments[SEGMENT_SS].rights);
}

/* The bits of a field that make a difference to the guest. */
static uint64_t
significant_bits(const struct guest *guest, unsigned index, unsigned field, uint32_t rights)
{
	if (!(rights & RIGHTS_UNUSABLE) || field == SELECTOR_FIELD)
		return ~0ull;
	if (field == RIGHTS_FIELD)
		return RIGHTS_UNUSABLE | (index == SEGMENT_SS ? RIGHTS_DPL : 0);
	/* Code in 64-bit mode reaches memory through a null FS or GS. */
	if (field == BASE_FIELD && guest->ia32e_mode)
		return index == SEGMENT_FS || index == SEGMENT_GS ? ~0ull : 0;
	return 0;
}

static size_t
observe_fields(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	static const uint32_t first_fields[FIELDS_OF_SEGMENT] = { GUEST_ES_SELECTOR, GUEST_ES_BASE,
		GUEST_ES_LIMIT, GUEST_ES_ACCESS_RIGHTS };
	size_t count = 0;

	for (unsigned i = 0; i < SEGMENT_COUNT; i++, values += FIELDS_OF_SEGMENT) {
		for (unsigned field = 0; field < FIELDS_OF_SEGMENT; field++) {
			uint64_t bits =
			        significant_bits(guest, i, field, (uint32_t)values[RIGHTS_FIELD]);

			if (!bits)
				continue;
			observations[count++] = (struct observation){
				.name = segment_names[i],
				.expected = values[field],
				.field = first_fields[field] + FIELD_STEP * i,
				.field_mask = bits,
			};
		}
	}
	return count;
}

static void
name_probe(const struct probe *probe, char *name)
{
	static const char *const operations[] = { [PROBE_LAR - PROBE_LAR] = "LAR",
		[PROBE_LSL - PROBE_LAR] = "LSL",
		[PROBE_VERR - PROBE_LAR] = "VERR",
		[PROBE_VERW - PROBE_LAR] = "VERW",
		[PROBE_IN - PROBE_LAR] = "IN from port" };

	if (probe->kind < PROBE_READ)
		format_string(name, NAME_BYTES, "the selector of %s",
		        segment_names[probe->kind - PROBE_SELECTOR]);
	else if (probe->kind < PROBE_WRITE)
		format_string(name, NAME_BYTES, "a load of 4 bytes from %s:%#lx",
		        segment_names[probe->kind - PROBE_READ], probe->offset);
	else if (probe->kind < PROBE_LAR)
		format_string(name, NAME_BYTES, "a store of 4 bytes to %s:%#lx",
		        segment_names[probe->kind - PROBE_WRITE], probe->offset);
	else if (probe->kind < PROBE_LEVEL)
		format_string(name, NAME_BYTES, "%s %#x", operations[probe->kind - PROBE_LAR],
		        probe->operand);
	else if (probe->kind == PROBE_LEVEL)
		format_string(name, NAME_BYTES, "MOV from CR0, which needs CPL 0");
	else
		format_string(name, NAME_BYTES, "MOV of %#x to ES", probe->operand);
}

static size_t
observe_probes(const struct segmentation *machine, struct observation *observations)
{
	static struct probe probes[PROBES_MAX];
	static char names[PROBES_MAX][NAME_BYTES];
	size_t count = choose_probes(machine, probes);

	for (size_t i = 0; i < count; i++) {
		observations[i] = (struct observation){
			.name = names[i],
			.slot = (unsigned)(REPORT_PROBES + i),
			.describe = probe_result_text,
		};
		name_probe(&probes[i], names[i]);
		observations[i].expected =
		        probe_expectation(machine, &probes[i], &observations[i].mask);
	}
	return count;
}

static size_t
observations(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	struct segmentation machine;
	size_t count = observe_fields(guest, values, observations);

	machine_of_values(guest, values, &machine);
	return count + observe_probes(&machine, observations + count);
}

static size_t
probes(const struct guest *guest, const uint64_t *values, struct probe *probes)
{
	struct segmentation machine;

	machine_of_values(guest, values, &machine);
	return choose_probes(&machine, probes);
}

static const char *
engine_note(const struct guest *guest, const uint64_t *values)
{
	struct segmentation machine;

	machine_of_values(guest, values, &machine);
	return leaves_probes_out(&machine) ? SEGMENT_LIMITS_NOT_SHOWN : NULL;
}

/* Text that grows, and is cut where the room ends. */
struct sink {
	char *text;
	size_t size, used;
};

static void __attribute__((format(printf, 2, 3)))
append(struct sink *sink, const char *format, ...)
{
	va_list arguments;

	if (sink->used >= sink->size)
		return;
	va_start(arguments, format);
	sink->used += format_string_va(
	        sink->text + sink->used, sink->size - sink->used, format, arguments);
	va_end(arguments);
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	static const char *const modes[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = "64-bit mode",
		[GUEST_COMPATIBILITY] = "compatibility mode",
		[GUEST_32BIT_PAE] = "protected mode",
		[GUEST_32BIT] = "protected mode",
		[GUEST_PROTECTED_UNPAGED] = "protected mode",
		[GUEST_REAL] = "real-address mode",
		[GUEST_16BIT] = "protected mode",
		[GUEST_VIRTUAL_8086] = "virtual-8086 mode",
	};
	struct sink sink = { text, size, 0 };

	append(&sink, "%s", modes[guest->mode]);
	for (unsigned i = 0; i < SEGMENT_COUNT; i++) {
		const struct segment_wish *wish = &guest->segments[i];

		append(&sink, "; %s %#x", segment_names[i], wish->selector);
		if (wish->descriptor)
			append(&sink, ":%016lx", wish->descriptor);
		if (wish->base_63_32)
			append(&sink, ", base_63_32 %#x", wish->base_63_32);
	}
	if (guest->ia32e_mode)
		append(&sink, "; fs_base %#lx, gs_base %#lx", guest->fs_base, guest->gs_base);
}

JUDGE = {
	.lab = 3,
	.only_values = only_values,
	.observations = observations,
	.probes = probes,
	.engine_note = engine_note,
	.describe_wish = describe_wish,
};

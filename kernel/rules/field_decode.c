/* What the value of a VMCS field means, in words. */
#include <r33/array.h>
#include <r33/rflags.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "rules/field_bits.h"

/* A text that grows up to the size of its memory; always terminated. */
struct words {
	char *text;
	size_t size;
	size_t length; /* of the whole text, also of what found no room */
};

static void
add(struct words *words, const char *text)
{
	for (; *text; text++) {
		if (words->length + 1 < words->size) {
			words->text[words->length] = *text;
			words->text[words->length + 1] = '\0';
		}
		words->length++;
	}
}

/* The next item of a list. */
static void
item(struct words *words, const char *text)
{
	if (words->length)
		add(words, ", ");
	add(words, text);
}

static void
add_number(struct words *words, uint64_t number)
{
	char digits[24];
	unsigned at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	add(words, digits + at);
}

static void
item_number(struct words *words, const char *text, uint64_t number)
{
	item(words, text);
	add(words, " ");
	add_number(words, number);
}

/* "bit 5" or "bits 11:8". */
static void
add_bits(struct words *words, unsigned low, unsigned high)
{
	add(words, low == high ? "bit " : "bits ");
	add_number(words, high);
	if (low != high) {
		add(words, ":");
		add_number(words, low);
	}
}

static uint64_t
mask_of(unsigned low, unsigned high)
{
	return (high < 63 ? (1ull << (high + 1)) - 1 : ~0ull) & ~((1ull << low) - 1);
}

/* The bits from low on that are 1 in succession; the last one's number. */
static unsigned
last_of_run(uint64_t bits, unsigned low)
{
	unsigned high = low;

	while (high < 63 && bits >> (high + 1) & 1)
		high++;
	return high;
}

/* The bits that have no name. */
static uint64_t
without_name(const struct bit_field *fields, size_t count, uint64_t bits)
{
	for (size_t i = 0; i < count; i++)
		bits &= ~mask_of(fields[i].low, fields[i].high);
	return bits;
}

static void
item_unnamed(struct words *words, uint64_t bits)
{
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(bits >> bit & 1))
			continue;
		item(words, "");
		add_bits(words, bit, last_of_run(bits, bit));
		bit = last_of_run(bits, bit);
	}
}

size_t
vmcs_field_name_bits(char *text, size_t size, uint32_t field, uint64_t bits)
{
	struct words words = { text, size, 0 };
	size_t count;
	const struct bit_field *fields = vmcs_bit_fields(field, &count);

	if (size)
		text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (!(bits & mask_of(fields[i].low, fields[i].high)))
			continue;
		item(&words, fields[i].name);
		add(&words, " (");
		add_bits(&words, fields[i].low, fields[i].high);
		add(&words, ")");
	}
	item_unnamed(&words, without_name(fields, count, bits));
	return words.length;
}

/* Names of the bits that are 1, numbers of groups of bits, and bits without a name. */
static void
decode_names(struct words *words, uint32_t field, uint64_t value)
{
	size_t count;
	const struct bit_field *fields = vmcs_bit_fields(field, &count);

	for (size_t i = 0; i < count; i++) {
		uint64_t part = (value & mask_of(fields[i].low, fields[i].high)) >> fields[i].low;

		if (fields[i].low == fields[i].high && part)
			item(words, fields[i].name);
		else if (part)
			item_number(words, fields[i].name, part);
	}
	item_unnamed(words, without_name(fields, count, value));
	if (!words->length)
		add(words, "no bit is 1");
}

/* Controls: bits without a name are mostly 1 and mean nothing. */
static void
decode_controls(struct words *words, uint32_t field, uint64_t value)
{
	size_t count;
	const struct bit_field *fields = vmcs_bit_fields(field, &count);

	for (size_t i = 0; i < count; i++)
		if (value >> fields[i].low & 1)
			item(words, fields[i].name);
}

static void
decode_rflags(struct words *words, uint32_t field, uint64_t value)
{
	uint64_t flags = value & ~(RFLAGS_ONE | RFLAGS_IOPL);

	if (flags)
		decode_names(words, field, flags);
	if (!(value & RFLAGS_ONE))
		item(words, "bit 1 = 0");
	item_number(words, "IOPL", value >> 12 & 3);
}

/* SDM 3A, tables "Code- and Data-Segment Types" and "System-Segment and Gate-Descriptor Types". */
static const char *const segment_types[2][16] = {
	{ "reserved", "16-bit TSS, available", "LDT", "16-bit TSS, busy", "16-bit call gate",
	        "task gate", "16-bit interrupt gate", "16-bit trap gate", "reserved",
	        "TSS, available", "reserved", "TSS, busy", "call gate", "reserved",
	        "interrupt gate", "trap gate" },
	{ "data, read-only", "data, read-only, accessed", "data, writable",
	        "data, writable, accessed", "data, expand-down, read-only",
	        "data, expand-down, read-only, accessed", "data, expand-down, writable",
	        "data, expand-down, writable, accessed", "code, execute-only",
	        "code, execute-only, accessed", "code, readable", "code, readable, accessed",
	        "code, conforming, execute-only", "code, conforming, execute-only, accessed",
	        "code, conforming, readable", "code, conforming, readable, accessed" },
};

static void
decode_access_rights(struct words *words, uint32_t field, uint64_t value)
{
	unsigned s = value >> 4 & 1;
	uint64_t others;

	if (value & RIGHTS_UNUSABLE)
		item(words, "unusable");
	if (value == RIGHTS_UNUSABLE)
		return;
	item_number(words, "type", value & 0xf);
	add(words, " (");
	add(words, segment_types[s][value & 0xf]);
	add(words, s ? "), S = 1" : "), S = 0");
	item_number(words, "DPL", value >> 5 & 3);
	if (!(value & 1u << 7))
		item(words, "not present");
	others = value & ~(0x7full | RIGHTS_UNUSABLE);
	if (others)
		decode_names(words, field, others);
}

static void
decode_selector(struct words *words, uint32_t field, uint64_t value)
{
	(void)field;
	item_number(words, "index", value >> 3);
	item_number(words, "TI", value >> 2 & 1);
	item_number(words, "RPL", value & 3);
}

static void
decode_activity_state(struct words *words, uint32_t field, uint64_t value)
{
	static const char *const states[] = { "active", "HLT", "shutdown", "wait-for-SIPI" };

	(void)field;
	add(words, value < 4 ? states[value] : "no activity state");
}

static void
decode_interruptibility(struct words *words, uint32_t field, uint64_t value)
{
	if (value)
		decode_names(words, field, value);
	else
		add(words, "no blocking");
}

static void
decode_interruption_information(struct words *words, uint32_t field, uint64_t value)
{
	static const char *const types[] = { "external interrupt", "reserved type 1", "NMI",
		"hardware exception", "software interrupt", "privileged software exception",
		"software exception", "other event" };

	item(words, types[value >> 8 & 7]);
	item_number(words, "vector", value & 0xff);
	if (value & 1u << 11)
		item(words, "deliver error code");
	if (value & ~(1ull << 31 | 0xfff))
		decode_names(words, field, value & ~(1ull << 31 | 0xfff));
	item(words, value & 1u << 31 ? "valid" : "not valid");
}

static void
decode_pat(struct words *words, uint32_t field, uint64_t value)
{
	static const char *const types[] = { "UC", "WC", "2 (reserved)", "3 (reserved)", "WT", "WP",
		"WB", "UC-" };

	(void)field;
	for (unsigned byte = 0; byte < 8; byte++) {
		unsigned type = value >> (8 * byte) & 0xff;

		if (type < 8) {
			item(words, types[type]);
		} else {
			item(words, "");
			add_number(words, type);
			add(words, " (reserved)");
		}
	}
}

static const struct {
	uint32_t first, last;
	void (*decode)(struct words *words, uint32_t field, uint64_t value);
} decoders[] = {
	{ GUEST_CR0, GUEST_CR0, decode_names },
	{ GUEST_CR4, GUEST_CR4, decode_names },
	{ GUEST_RFLAGS, GUEST_RFLAGS, decode_rflags },
	{ GUEST_IA32_EFER, GUEST_IA32_EFER, decode_names },
	{ GUEST_IA32_PAT, GUEST_IA32_PAT, decode_pat },
	{ GUEST_ES_SELECTOR, GUEST_TR_SELECTOR, decode_selector },
	{ GUEST_ES_ACCESS_RIGHTS, GUEST_TR_ACCESS_RIGHTS, decode_access_rights },
	{ GUEST_ACTIVITY_STATE, GUEST_ACTIVITY_STATE, decode_activity_state },
	{ GUEST_INTERRUPTIBILITY_STATE, GUEST_INTERRUPTIBILITY_STATE, decode_interruptibility },
	{ GUEST_PENDING_DEBUG_EXCEPTIONS, GUEST_PENDING_DEBUG_EXCEPTIONS, decode_names },
	{ GUEST_IA32_DEBUGCTL, GUEST_IA32_DEBUGCTL, decode_names },
	{ GUEST_DR7, GUEST_DR7, decode_names },
	{ GUEST_IA32_S_CET, GUEST_IA32_S_CET, decode_names },
	{ VM_ENTRY_INTERRUPTION_INFORMATION, VM_ENTRY_INTERRUPTION_INFORMATION,
	        decode_interruption_information },
	{ PIN_BASED_VM_EXECUTION_CONTROLS, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        decode_controls },
	{ SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, decode_controls },
	{ VM_EXIT_CONTROLS, VM_EXIT_CONTROLS, decode_controls },
	{ VM_ENTRY_CONTROLS, VM_ENTRY_CONTROLS, decode_controls },
};

size_t
vmcs_field_decode(char *text, size_t size, uint32_t field, uint64_t value)
{
	struct words words = { text, size, 0 };

	if (size)
		text[0] = '\0';
	for (size_t i = 0; i < COUNT(decoders); i++)
		if (field >= decoders[i].first && field <= decoders[i].last && !(field & 1))
			decoders[i].decode(&words, field, value);
	return words.length;
}

/*
 * The check of a lab module; elf.h says what it promises.
 *
 * Everything is compared in the form "b <= limit - a" after "a <= limit", never "a + b <= limit":
 * the numbers come from a stranger, and a sum that wraps is how a segment after the end of the
 * file gets accepted.  ELF-64 Object File Format, System V ABI for x86-64.
 */
#include "lab/elf.h"

#include <r33/array.h>
#include <r33/paging.h>

#include "lib/string.h"

struct elf_header {
	uint32_t magic;
	uint8_t class;
	uint8_t data_encoding;
	uint8_t ident_version;
	uint8_t abi[9]; /* operating system, its version, padding: any */
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t program_header_offset;
	uint64_t section_header_offset;
	uint32_t flags;
	uint16_t header_bytes;
	uint16_t program_header_bytes;
	uint16_t program_header_count;
	uint16_t section_header_bytes;
	uint16_t section_header_count;
	uint16_t section_name_index;
};

struct elf_program_header {
	uint32_t type;
	uint32_t flags;
	uint64_t file_offset;
	uint64_t address;
	uint64_t physical_address;
	uint64_t file_bytes;
	uint64_t memory_bytes;
	uint64_t alignment;
};

_Static_assert(sizeof(struct elf_header) == 64, "ELF-64 header");
_Static_assert(sizeof(struct elf_program_header) == 56, "ELF-64 program header");

enum segment_type {
	PT_LOAD = 1,
	PT_DYNAMIC = 2,
	PT_INTERP = 3,
	PT_TLS = 7,
};

enum segment_flags {
	PF_X = 1,
	PF_W = 2,
};

/* The header fields that have one right value. */
#define FIELD(name, expected, sentence) \
	{ offsetof(struct elf_header, name), sizeof((struct elf_header){ 0 }.name), expected, \
		sentence }

/* clang-format off */
static const struct {
	size_t offset;
	size_t bytes;
	uint32_t expected;
	const char *sentence;
} header_fields[] = {
	FIELD(magic, 0x464c457f, "the module is not an ELF file: its magic number is wrong"),
	FIELD(class, 2, "the module is not a 64-bit ELF file"),
	FIELD(data_encoding, 1, "the module is not a little-endian ELF file"),
	FIELD(ident_version, 1, "the module's ELF identification does not have version 1"),
	FIELD(type, 2, "the module is not a static executable (ELF type ET_EXEC)"),
	FIELD(machine, 62, "the module is not for x86-64"),
	FIELD(version, 1, "the module's ELF version is not 1"),
	FIELD(header_bytes, sizeof(struct elf_header), "the module's ELF header is not 64 bytes long"),
	FIELD(program_header_bytes, sizeof(struct elf_program_header),
	      "the module's program headers are not 56 bytes long"),
};
/* clang-format on */

/* Read the header and check it as far as it can be checked alone. */
static const char *
check_header(const uint8_t *image, size_t size, struct elf_header *header)
{
	if (size < sizeof(*header))
		return "the module is shorter than an ELF header";
	memcpy(header, image, sizeof(*header));
	for (size_t i = 0; i < COUNT(header_fields); i++) {
		uint32_t value = 0;

		memcpy(&value, image + header_fields[i].offset, header_fields[i].bytes);
		if (value != header_fields[i].expected)
			return header_fields[i].sentence;
	}
	if (header->program_header_offset > size ||
	        header->program_header_count >
	                (size - header->program_header_offset) / sizeof(struct elf_program_header))
		return "the module's program headers are not within the file";
	return NULL;
}

/* Check a non-empty PT_LOAD against the file and the window. */
static const char *
check_load(const struct elf_program_header *header, size_t size, struct elf_window window)
{
	if (header->file_bytes > header->memory_bytes)
		return "a segment takes more bytes from the file than it has in memory";
	if (header->file_bytes != 0 &&
	        (header->file_offset > size || header->file_bytes > size - header->file_offset))
		return "a segment is not within the file";
	if (header->address < window.low || header->address >= window.high ||
	        header->memory_bytes > window.high - header->address)
		return "a segment is outside the addresses of lab modules; link it with the lab's "
		       "linker script";
	if ((header->flags & PF_W) && (header->flags & PF_X))
		return "a segment is both writable and executable";
	return NULL;
}

/* The number of the first page after all segments so far. */
static uint64_t
first_free_page(const struct elf_image *elf)
{
	const struct elf_segment *last;

	if (elf->segment_count == 0)
		return 0;
	last = &elf->segments[elf->segment_count - 1];
	return (last->address + last->memory_bytes - 1) / PAGE_BYTES + 1;
}

/* Append a checked PT_LOAD to the segments; it must begin on a page after all of them. */
static const char *
append_segment(struct elf_image *elf, const struct elf_program_header *header)
{
	if (elf->segment_count == ELF_MAX_SEGMENTS)
		return "the module has more than 8 segments to load";
	if (header->address / PAGE_BYTES < first_free_page(elf))
		return "two segments overlap, share a page or are not in ascending order";
	elf->segments[elf->segment_count++] = (struct elf_segment){
		.address = header->address,
		.memory_bytes = header->memory_bytes,
		.file_offset = header->file_bytes != 0 ? header->file_offset : 0,
		.file_bytes = header->file_bytes,
		.writable = header->flags & PF_W,
		.executable = header->flags & PF_X,
	};
	return NULL;
}

/* Check one program header of any type; a segment to load goes into *elf. */
static const char *
check_program_header(const struct elf_program_header *header, size_t size, struct elf_window window,
        struct elf_image *elf)
{
	const char *error;

	switch (header->type) {
	case PT_INTERP:
	case PT_DYNAMIC: return "the module is dynamically linked; lab modules are static";
	case PT_TLS: return "the module has thread-local variables; lab modules have no threads";
	case PT_LOAD: break;
	default: return NULL;
	}
	if (header->memory_bytes == 0 && header->file_bytes == 0)
		return NULL;
	error = check_load(header, size, window);
	return error != NULL ? error : append_segment(elf, header);
}

/* True when the address lies in a segment whose bytes are executable. */
static bool
is_code(const struct elf_image *elf, uint64_t address)
{
	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct elf_segment *segment = &elf->segments[i];

		if (segment->executable && address >= segment->address &&
		        address - segment->address < segment->memory_bytes)
			return true;
	}
	return false;
}

const char *
elf_check(const void *image, size_t size, struct elf_window window, struct elf_image *elf)
{
	struct elf_header header;
	const char *error = check_header(image, size, &header);

	*elf = (struct elf_image){ .segment_count = 0 };
	for (size_t i = 0; error == NULL && i < header.program_header_count; i++) {
		struct elf_program_header program_header;

		memcpy(&program_header,
		        (const uint8_t *)image + header.program_header_offset +
		                i * sizeof(program_header),
		        sizeof(program_header));
		error = check_program_header(&program_header, size, window, elf);
	}
	if (error != NULL)
		return error;
	if (elf->segment_count == 0)
		return "the module has no segment to load";
	if (!is_code(elf, header.entry))
		return "the module's entry point is not in an executable segment";
	elf->entry = header.entry;
	return NULL;
}

uint64_t
elf_random_number_instruction(const void *image, const struct elf_image *elf)
{
	uint32_t last_bytes = 0; /* also across the end of a segment: the next one may follow */

	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct elf_segment *segment = &elf->segments[i];
		const uint8_t *code = (const uint8_t *)image + segment->file_offset;

		for (size_t j = 0; segment->executable && j < segment->file_bytes; j++) {
			last_bytes = last_bytes << 8 | code[j];
			if ((last_bytes & 0xfffff0) == 0x0fc7f0)
				return segment->address + j - 2;
		}
	}
	return 0;
}

static bool
is_prefix(uint8_t byte)
{
	static const uint8_t prefixes[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf2,
		0xf3 };

	for (size_t i = 0; i < sizeof(prefixes); i++)
		if (byte == prefixes[i])
			return true;
	return (byte & 0xf0) == 0x40; /* REX */
}

/* F0, any prefixes, 0F, then AB, B3 or BB and a ModRM byte, or BA and one with /4 to /7. */
uint64_t
elf_locked_bit_test(const void *image, const struct elf_image *elf)
{
	enum { NOTHING, LOCK, LOCK_0F, REGISTER_BIT, IMMEDIATE_BIT } seen = NOTHING;

	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct elf_segment *segment = &elf->segments[i];
		const uint8_t *code = (const uint8_t *)image + segment->file_offset;

		for (size_t j = 0; segment->executable && j < segment->file_bytes; j++) {
			uint8_t byte = code[j];

			if ((seen == REGISTER_BIT && byte >= 0xc0) ||
			        (seen == IMMEDIATE_BIT && byte >= 0xe0))
				return segment->address + j - 2;
			if (seen == LOCK && byte == 0x0f)
				seen = LOCK_0F;
			else if (seen == LOCK_0F && (byte == 0xab || byte == 0xb3 || byte == 0xbb))
				seen = REGISTER_BIT;
			else if (seen == LOCK_0F && byte == 0xba)
				seen = IMMEDIATE_BIT;
			else if (byte == 0xf0)
				seen = LOCK;
			else if (seen != LOCK || !is_prefix(byte))
				seen = NOTHING;
		}
	}
	return 0;
}

/*
 * Fuzz kernel/lab/elf.c: whatever it accepts can be loaded without another check.
 */
#include <assert.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "lab/elf.h"

#define PAGE 0x1000u
#define LOW  0x400000u
#define HIGH 0x40000000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Make the fields right that have one right value, or the fuzzer spends its time guessing them. */
static void
repair_header(uint8_t *image, size_t size)
{
	Elf64_Ehdr header;

	if (size < sizeof(header))
		return;
	memcpy(&header, image, sizeof(header));
	memcpy(header.e_ident, ELFMAG "\2\1\1", SELFMAG + 3);
	header.e_type = ET_EXEC;
	header.e_machine = EM_X86_64;
	header.e_version = EV_CURRENT;
	header.e_ehsize = sizeof(header);
	header.e_phentsize = sizeof(Elf64_Phdr);
	header.e_phoff %= size;
	header.e_phnum %= 12;
	memcpy(image, &header, sizeof(header));
}

/* Bring the segments near each other and near the ends of file and window. */
static void
repair_segments(uint8_t *image, size_t size)
{
	Elf64_Ehdr header;

	if (size < sizeof(header))
		return;
	memcpy(&header, image, sizeof(header));
	header.e_entry = LOW + header.e_entry % (8 * PAGE);
	memcpy(image, &header, sizeof(header));
	for (size_t at = header.e_phoff; at <= size && size - at >= sizeof(Elf64_Phdr);
	        at += sizeof(Elf64_Phdr)) {
		Elf64_Phdr segment;

		memcpy(&segment, image + at, sizeof(segment));
		segment.p_type %= 8;
		segment.p_vaddr = (segment.p_vaddr & 1 ? HIGH - 8 * PAGE : LOW) +
		                  segment.p_vaddr % (9 * PAGE);
		segment.p_memsz %= 2 * PAGE;
		segment.p_offset %= size + 2;
		segment.p_filesz %= size + 2;
		memcpy(image + at, &segment, sizeof(segment));
	}
}

/* What the loader relies on. */
static void
check_accepted(const struct elf_image *elf, size_t size)
{
	bool entry_is_code = false;
	uint64_t free_from = LOW; /* first address no segment has used a page of */

	assert(elf->segment_count >= 1 && elf->segment_count <= ELF_MAX_SEGMENTS);
	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct elf_segment *segment = &elf->segments[i];
		uint64_t end;

		assert(segment->memory_bytes > 0 && segment->file_bytes <= segment->memory_bytes);
		assert(segment->file_offset <= size);
		assert(segment->file_bytes <= size - segment->file_offset);
		assert(!__builtin_add_overflow(segment->address, segment->memory_bytes, &end));
		assert(segment->address / PAGE * PAGE >= free_from && end <= HIGH);
		assert(!(segment->writable && segment->executable));
		free_from = (end + PAGE - 1) / PAGE * PAGE;
		if (segment->executable && elf->entry >= segment->address && elf->entry < end)
			entry_is_code = true;
	}
	assert(free_from <= HIGH);
	assert(entry_is_code);
}

/* The first byte says how much to repair, the rest is the module. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_image elf;
	uint8_t *image;
	const char *error;

	if (size == 0)
		return 0;
	image = malloc(size - 1 != 0 ? size - 1 : 1);
	memcpy(image, data + 1, size - 1);
	if (data[0] & 1)
		repair_header(image, size - 1);
	if ((data[0] & 3) == 3)
		repair_segments(image, size - 1);
	memset(&elf, 0xa5, sizeof(elf));
	error = elf_check(image, size - 1, (struct elf_window){ LOW, HIGH }, &elf);
	if (error == NULL)
		check_accepted(&elf, size - 1);
	else
		assert(strlen(error) > 20 && elf.segment_count <= ELF_MAX_SEGMENTS);
	free(image);
	return 0;
}

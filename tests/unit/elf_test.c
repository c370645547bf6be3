/*
 * Unit tests of kernel/lab/elf.c: one small valid module, and that module with one thing broken
 * at a time.  The module is put together with the host's <elf.h>, so that a slip in the kernel's
 * own structures cannot hide.
 */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "lab/elf.h"

#define PAGE    0x1000u
#define LOW     0x400000u
#define HIGH    0x500000u
#define HEADERS 10 /* program headers there is room for */

/* A module: headers, then the bytes of its segments. */
struct module {
	Elf64_Ehdr header;
	Elf64_Phdr segments[HEADERS];
	uint8_t content[0x200];
};

enum { CODE, DATA, BSS, STACK, VALID_HEADERS }; /* the valid module's program headers */

#define CONTENT offsetof(struct module, content)

/* clang-format off */

/* Code, data with zeroes behind it, memory without any file bytes, and a header that is ignored. */
static const struct module valid = {
	.header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = LOW + 0x10,
		.e_phoff = offsetof(struct module, segments),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = VALID_HEADERS,
	},
	.segments = {
		[CODE] = { .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_offset = CONTENT,
			.p_vaddr = LOW, .p_filesz = 0x100, .p_memsz = 0x100 },
		[DATA] = { .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = CONTENT + 0x100,
			.p_vaddr = LOW + PAGE, .p_filesz = 0x100, .p_memsz = PAGE },
		[BSS] = { .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = 0x123456789,
			.p_vaddr = LOW + 2 * PAGE, .p_filesz = 0, .p_memsz = 0x10 },
		[STACK] = { .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
	},
};

/* clang-format on */

/* Check the first "size" bytes of the module, in memory of exactly that size. */
static const char *
check_bytes(const struct module *module, size_t size, struct elf_image *elf)
{
	uint8_t *copy = malloc(size != 0 ? size : 1);
	const char *error;

	assert_non_null(copy);
	assert_true(size <= sizeof(*module));
	memcpy(copy, module, size);
	memset(elf, 0xa5, sizeof(*elf));
	error = elf_check(copy, size, (struct elf_window){ LOW, HIGH }, elf);
	free(copy);
	return error;
}

static const char *
check(const struct module *module)
{
	struct elf_image elf;

	return check_bytes(module, sizeof(*module), &elf);
}

static void
assert_accepted(const struct module *module)
{
	const char *error = check(module);

	if (error != NULL)
		fail_msg("refused: %s", error);
}

static void
assert_refused(const struct module *module, const char *sentence)
{
	const char *error = check(module);

	if (error == NULL)
		fail_msg("accepted, not \"%s\"", sentence);
	assert_string_equal(error, sentence);
}

/* The sentences that more than one test expects. */
#define NOT_IN_FILE "a segment is not within the file"
#define NOT_IN_WINDOW \
	"a segment is outside the addresses of lab modules; link it with the lab's linker " \
	"script"
#define SHARED_PAGE "two segments overlap, share a page or are not in ascending order"
#define NO_ENTRY    "the module's entry point is not in an executable segment"
#define HEADERS_OUT "the module's program headers are not within the file"
#define TOO_MANY    "the module has more than 8 segments to load"

/* clang-format off */

/* One number in the valid module that makes it invalid, and the sentence it must earn. */
static const struct {
	size_t offset;
	size_t bytes;
	uint64_t value;
	const char *sentence;
} faults[] = {
#define HEADER(field, value, sentence)                                                             \
	{ offsetof(struct module, header.field), sizeof(valid.header.field), value, sentence }
#define SEGMENT(segment, field, value, sentence)                                                   \
	{ offsetof(struct module, segments[segment].field), sizeof(valid.segments[segment].field),  \
		value, sentence }
	HEADER(e_ident[EI_MAG0], 0x7e, "the module is not an ELF file: its magic number is wrong"),
	HEADER(e_ident[EI_MAG3], 'f', "the module is not an ELF file: its magic number is wrong"),
	HEADER(e_ident[EI_CLASS], ELFCLASS32, "the module is not a 64-bit ELF file"),
	HEADER(e_ident[EI_DATA], ELFDATA2MSB, "the module is not a little-endian ELF file"),
	HEADER(e_ident[EI_VERSION], 0, "the module's ELF identification does not have version 1"),
	HEADER(e_type, ET_DYN, "the module is not a static executable (ELF type ET_EXEC)"),
	HEADER(e_type, ET_REL, "the module is not a static executable (ELF type ET_EXEC)"),
	HEADER(e_machine, EM_386, "the module is not for x86-64"),
	HEADER(e_machine, EM_AARCH64, "the module is not for x86-64"),
	HEADER(e_version, 2, "the module's ELF version is not 1"),
	HEADER(e_ehsize, 52, "the module's ELF header is not 64 bytes long"),
	HEADER(e_phentsize, 32, "the module's program headers are not 56 bytes long"),
	HEADER(e_phentsize, 0, "the module's program headers are not 56 bytes long"),
	HEADER(e_phoff, sizeof(struct module) + 1, HEADERS_OUT),
	HEADER(e_phoff, sizeof(struct module) - VALID_HEADERS * sizeof(Elf64_Phdr) + 1, HEADERS_OUT),
	HEADER(e_phoff, UINT64_MAX - 55, HEADERS_OUT), /* the sum wraps to 0 */
	HEADER(e_phnum, 0xffff, HEADERS_OUT),
	HEADER(e_phnum, 0, "the module has no segment to load"),
	HEADER(e_entry, 0, NO_ENTRY),
	HEADER(e_entry, LOW - 1, NO_ENTRY),
	HEADER(e_entry, LOW + 0x100, NO_ENTRY),
	HEADER(e_entry, LOW + PAGE + 8, NO_ENTRY), /* in the data */
	HEADER(e_entry, UINT64_MAX, NO_ENTRY),

	SEGMENT(CODE, p_type, PT_INTERP, "the module is dynamically linked; lab modules are static"),
	SEGMENT(STACK, p_type, PT_DYNAMIC, "the module is dynamically linked; lab modules are static"),
	SEGMENT(STACK, p_type, PT_TLS, "the module has thread-local variables; lab modules have no threads"),
	SEGMENT(CODE, p_type, PT_NOTE, NO_ENTRY),
	SEGMENT(CODE, p_flags, PF_R | PF_W | PF_X, "a segment is both writable and executable"),
	SEGMENT(DATA, p_flags, PF_W | PF_X, "a segment is both writable and executable"),
	SEGMENT(CODE, p_flags, PF_R, NO_ENTRY),

	SEGMENT(CODE, p_filesz, 0x101, "a segment takes more bytes from the file than it has in memory"),
	SEGMENT(BSS, p_filesz, 0x11, "a segment takes more bytes from the file than it has in memory"),
	SEGMENT(CODE, p_memsz, 0xff, "a segment takes more bytes from the file than it has in memory"),
	SEGMENT(CODE, p_memsz, 0, "a segment takes more bytes from the file than it has in memory"),

	SEGMENT(DATA, p_offset, CONTENT + 0x101, NOT_IN_FILE),
	SEGMENT(DATA, p_offset, sizeof(struct module), NOT_IN_FILE),
	SEGMENT(DATA, p_offset, sizeof(struct module) + 1, NOT_IN_FILE),
	SEGMENT(DATA, p_offset, UINT64_MAX, NOT_IN_FILE),
	SEGMENT(DATA, p_offset, UINT64_MAX - 0xff, NOT_IN_FILE), /* the sum wraps to 0 */
	SEGMENT(DATA, p_filesz, 0x101, NOT_IN_FILE),
	SEGMENT(BSS, p_filesz, 1, NOT_IN_FILE),

	SEGMENT(CODE, p_vaddr, LOW - 1, NOT_IN_WINDOW),
	SEGMENT(CODE, p_vaddr, 0, NOT_IN_WINDOW),
	SEGMENT(CODE, p_vaddr, UINT64_MAX - 0xff, NOT_IN_WINDOW), /* ends at address 0 */
	SEGMENT(BSS, p_vaddr, HIGH - 0xf, NOT_IN_WINDOW),
	SEGMENT(BSS, p_vaddr, HIGH, NOT_IN_WINDOW),
	SEGMENT(BSS, p_vaddr, HIGH + PAGE, NOT_IN_WINDOW),
	SEGMENT(BSS, p_vaddr, 0xffffffff80000000, NOT_IN_WINDOW),
	SEGMENT(BSS, p_memsz, HIGH - LOW - 2 * PAGE + 1, NOT_IN_WINDOW),
	SEGMENT(BSS, p_memsz, UINT64_MAX, NOT_IN_WINDOW),
	SEGMENT(BSS, p_memsz, -(uint64_t)(LOW + 2 * PAGE), NOT_IN_WINDOW), /* ends at address 0 */

	SEGMENT(CODE, p_memsz, PAGE + 1, SHARED_PAGE),
	SEGMENT(CODE, p_memsz, 0x80000, SHARED_PAGE), /* the others lie within it */
	SEGMENT(DATA, p_vaddr, LOW + 0x100, SHARED_PAGE), /* right behind the code, on its page */
	SEGMENT(DATA, p_vaddr, LOW, SHARED_PAGE),
	SEGMENT(DATA, p_vaddr, LOW + PAGE + 1, SHARED_PAGE), /* its last byte meets the next */
	SEGMENT(CODE, p_vaddr, LOW + 8 * PAGE, SHARED_PAGE), /* descending */
};

/* clang-format on */

/* The valid module is accepted and described field by field. */
static void
valid_module_is_described(void **state)
{
	struct elf_image elf;

	(void)state;
	assert_null(check_bytes(&valid, sizeof(valid), &elf));
	assert_int_equal(elf.entry, LOW + 0x10);
	assert_int_equal(elf.segment_count, 3);
	for (size_t i = 0; i < elf.segment_count; i++) {
		const Elf64_Phdr *header = &valid.segments[i];

		assert_int_equal(elf.segments[i].address, header->p_vaddr);
		assert_int_equal(elf.segments[i].memory_bytes, header->p_memsz);
		assert_int_equal(elf.segments[i].file_bytes, header->p_filesz);
		assert_int_equal(elf.segments[i].file_offset, i == BSS ? 0 : header->p_offset);
		assert_int_equal(elf.segments[i].writable, i != CODE);
		assert_int_equal(elf.segments[i].executable, i == CODE);
	}
}

/* Every single broken number is found, and named by the sentence that fits it. */
static void
each_fault_has_its_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct module module = valid;
		const char *error;

		memcpy((uint8_t *)&module + faults[i].offset, &faults[i].value, faults[i].bytes);
		error = check(&module);
		if (error == NULL || strcmp(error, faults[i].sentence) != 0)
			fail_msg("fault %zu: expected \"%s\", found \"%s\"", i, faults[i].sentence,
			        error != NULL ? error : "accepted");
	}
}

/* A module cut off anywhere is refused: no byte behind the end is read or promised. */
static void
truncated_module_is_refused(void **state)
{
	struct elf_image elf;

	(void)state;
	for (size_t size = 0; size < sizeof(valid); size++) {
		const char *error = check_bytes(&valid, size, &elf);

		assert_non_null(error);
		if (size < sizeof(Elf64_Ehdr))
			assert_string_equal(error, "the module is shorter than an ELF header");
		else if (size < sizeof(Elf64_Ehdr) + VALID_HEADERS * sizeof(Elf64_Phdr))
			assert_string_equal(error, HEADERS_OUT);
		else
			assert_string_equal(error, NOT_IN_FILE);
	}
}

/* A refused module tells how many segments were accepted before the bad one. */
static void
refusal_counts_segments(void **state)
{
	struct module module = valid;
	struct elf_image elf;

	(void)state;
	module.segments[BSS].p_flags = PF_W | PF_X;
	assert_non_null(check_bytes(&module, sizeof(module), &elf));
	assert_int_equal(elf.segment_count, 2);
	assert_non_null(check_bytes(&module, 10, &elf));
	assert_int_equal(elf.segment_count, 0);
}

/* A segment whose place in the file or in memory only seems to fit because a sum wraps. */
static void
wrapping_sums_are_refused(void **state)
{
	struct module module = valid;

	(void)state;
	module.segments[DATA].p_filesz = -module.segments[DATA].p_offset;
	module.segments[DATA].p_memsz = UINT64_MAX;
	assert_refused(&module, NOT_IN_FILE);
	module.segments[DATA].p_filesz = 0;
	module.segments[DATA].p_memsz = -module.segments[DATA].p_vaddr;
	assert_refused(&module, NOT_IN_WINDOW);
	module = valid;
	module.header.e_phoff = -sizeof(Elf64_Phdr);
	module.header.e_phnum = 1;
	assert_refused(&module, HEADERS_OUT);
}

/* Everything that just fits is accepted: the last byte of file, window, page and code. */
static void
boundaries_are_inclusive(void **state)
{
	struct module module = valid;

	(void)state;
	module.segments[CODE].p_memsz = PAGE;
	module.header.e_entry = LOW + PAGE - 1;
	assert_accepted(&module);
	module.segments[BSS].p_memsz = HIGH - module.segments[BSS].p_vaddr;
	assert_accepted(&module);
	module.segments[BSS].p_vaddr = HIGH - 1;
	module.segments[BSS].p_memsz = 1;
	assert_accepted(&module);
	module.header.e_phoff = sizeof(module) - VALID_HEADERS * sizeof(Elf64_Phdr);
	memcpy((uint8_t *)&module + module.header.e_phoff, valid.segments,
	        VALID_HEADERS * sizeof(Elf64_Phdr));
	module.header.e_entry = LOW;
	assert_accepted(&module);
}

/* Empty segments to load and headers that load nothing may say what they like. */
static void
ignored_headers_are_ignored(void **state)
{
	static const uint32_t types[] = { PT_NULL, PT_NOTE, PT_PHDR, PT_GNU_STACK, PT_GNU_PROPERTY,
		PT_GNU_EH_FRAME, PT_GNU_RELRO, 0x65041580 };
	struct module module = valid;
	struct elf_image elf;

	(void)state;
	memset(&module.segments[STACK], 0xff, sizeof(module.segments[STACK]));
	for (size_t i = 0; i < COUNT(types); i++) {
		module.segments[STACK].p_type = types[i];
		assert_accepted(&module);
	}
	module.segments[STACK].p_type = PT_LOAD;
	module.segments[STACK].p_memsz = 0;
	module.segments[STACK].p_filesz = 0;
	assert_null(check_bytes(&module, sizeof(module), &elf));
	assert_int_equal(elf.segment_count, 3);
}

/* Eight segments to load are accepted, a ninth is refused, an empty ninth is not. */
static void
eight_segments_fit(void **state)
{
	struct module module = valid;

	(void)state;
	for (unsigned i = 0; i < HEADERS; i++) {
		module.segments[i] = valid.segments[CODE];
		module.segments[i].p_vaddr = LOW + i * PAGE;
	}
	module.header.e_phnum = ELF_MAX_SEGMENTS;
	module.header.e_entry = LOW + (ELF_MAX_SEGMENTS - 1) * PAGE;
	assert_accepted(&module);
	module.header.e_phnum = ELF_MAX_SEGMENTS + 1;
	assert_refused(&module, TOO_MANY);
	module.segments[ELF_MAX_SEGMENTS].p_memsz = 0;
	module.segments[ELF_MAX_SEGMENTS].p_filesz = 0;
	assert_accepted(&module);
}

/* A module of nothing but ignored headers has nothing to load. */
static void
nothing_to_load_is_refused(void **state)
{
	struct module module = valid;

	(void)state;
	for (unsigned i = 0; i < VALID_HEADERS; i++)
		module.segments[i].p_type = PT_NOTE;
	assert_refused(&module, "the module has no segment to load");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_module_is_described),
		cmocka_unit_test(each_fault_has_its_sentence),
		cmocka_unit_test(truncated_module_is_refused),
		cmocka_unit_test(refusal_counts_segments),
		cmocka_unit_test(wrapping_sums_are_refused),
		cmocka_unit_test(boundaries_are_inclusive),
		cmocka_unit_test(ignored_headers_are_ignored),
		cmocka_unit_test(eight_segments_fit),
		cmocka_unit_test(nothing_to_load_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The check of a lab module: is this file an ELF image the kernel may load at CPL 3?
 *
 * A module comes from a stranger.  elf_check() looks at every header field before anything is
 * copied; what it accepts can be loaded without another check.  Pure: no kernel state, reads
 * only image[0..size); tests/unit runs it on the host, under a fuzzer too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More segments than a small static program has is a sign of something else. */
#define ELF_MAX_SEGMENTS 8

struct elf_segment {
	uint64_t address;      /* p_vaddr: where it goes; page aligned down by the loader */
	uint64_t memory_bytes; /* p_memsz: from address on; the part after the file is zero */
	uint64_t file_offset;  /* p_offset */
	uint64_t file_bytes;   /* p_filesz, never more than memory_bytes */
	bool writable;
	bool executable;
};

struct elf_image {
	uint64_t entry; /* inside an executable segment */
	size_t segment_count;
	struct elf_segment segments[ELF_MAX_SEGMENTS]; /* ascending, no two share a page */
};

/* The window of linear addresses a module may occupy: [low, high), both page aligned. */
struct elf_window {
	uint64_t low;
	uint64_t high;
};

/*
 * Check image[0..size) and describe its PT_LOAD segments in *elf.  Empty PT_LOADs are left out;
 * PT_GNU_STACK, PT_NOTE, PT_GNU_PROPERTY and all others that load nothing are ignored; PT_INTERP,
 * PT_DYNAMIC and PT_TLS are refused (a lab module is static).
 *
 * Returns NULL on success, otherwise one sentence, a string constant, that says what is wrong
 * ("a segment is writable and executable at once"); elf->segment_count is then the number of
 * segments that were accepted before.
 *
 * Checked: size, magic, class, data encoding, version, type ET_EXEC, machine x86-64, header sizes,
 * program header table within the file, segments within the file and the window, p_filesz <=
 * p_memsz, no address arithmetic that wraps, W^X per segment, ascending order, no shared pages,
 * at least one segment, entry inside an executable segment.
 */
const char *elf_check(
        const void *image, size_t size, struct elf_window window, struct elf_image *elf);

/*
 * Where RDRAND or RDSEED is in the code of a checked module; 0: nowhere.
 *
 * What these answer differs from run to run, and there is no bit that takes them from CPL 3.  Both are 0F C7 and a
 * ModRM byte of F0 to FF, after any prefixes.  Code cannot be made at run time, so a module without these three bytes
 * cannot execute them, wherever it jumps.  RDPID looks the same, and so may a constant: rarely, and it is refused, too.
 */
uint64_t elf_random_number_instruction(const void *image, const struct elf_image *elf);

/*
 * Where LOCK stands before BTS, BTR or BTC of a register, or BT; 0: nowhere.  Processors raise #UD there, but some
 * versions of QEMU (7.2) end, and take the run with them.
 */
uint64_t elf_locked_bit_test(const void *image, const struct elf_image *elf);

/*
 * The multiboot2 information that GRUB leaves in memory: command line, modules, memory map.
 *
 * Pure parser: reads only info[0..total_size) and never trusts a length in it; strings that are
 * not terminated inside their tag are refused.  tests/unit runs it on the host, under a fuzzer too.
 * Multiboot2 specification 2.0, section 3.6 "Boot information format".
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MULTIBOOT2_LOADER_MAGIC 0x36d76289u /* in EAX at the kernel's entry */

#define BOOT_MAX_MODULES       32
#define BOOT_MAX_MEMORY_RANGES 64

struct boot_module {
	uint64_t start; /* physical address of the first byte */
	uint64_t size_bytes;
	const char *command_line; /* inside the information block; "" when there is none */
};

struct boot_memory_range {
	uint64_t start;      /* physical */
	uint64_t size_bytes; /* only type 1 (available RAM) is listed */
};

struct boot_information {
	const char *command_line; /* "" when there is none */
	size_t module_count;
	struct boot_module modules[BOOT_MAX_MODULES];
	size_t memory_range_count;
	struct boot_memory_range memory_ranges[BOOT_MAX_MEMORY_RANGES];
};

/* The block's own length, from its first four bytes (info[0..8) must be readable). */
uint32_t multiboot2_total_size(const void *info);

/*
 * Parse info[0..size); the block may be shorter than that, never longer.  Returns NULL on success,
 * otherwise one sentence (a string constant) that says what is wrong.
 *
 * Unknown tags are skipped.  Errors are: tags that leave the block, a missing end tag, strings
 * without an end, modules with end < start, a memory map with an entry size below 24, with half an
 * entry or with a range that wraps, and more modules or ranges than fit.
 */
const char *multiboot2_parse(const void *info, size_t size, struct boot_information *boot);

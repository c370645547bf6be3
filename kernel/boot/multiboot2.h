/*
 * The multiboot2 information that GRUB leaves in memory: command line, modules, memory map,
 * screen.
 *
 * Pure parser: reads only info[0..total_size) and never trusts a length in it; strings that are
 * not terminated inside their tag are refused.  tests/unit runs it on the host, under a fuzzer too.
 * Multiboot2 specification 2.0, section 3.6 "Boot information format".
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/boot_information.h"

#define MULTIBOOT2_LOADER_MAGIC 0x36d76289u /* in EAX at the kernel's entry */

/* The block's own length, from its first four bytes (info[0..8) must be readable). */
uint32_t multiboot2_total_size(const void *info);

/*
 * Parse info[0..size); the block may be shorter than that, never longer.  Returns NULL on success,
 * otherwise one sentence (a string constant) that says what is wrong.
 *
 * Unknown tags are skipped.  Errors are: tags that leave the block, a missing end tag, strings
 * without an end, modules with end < start, a memory map with an entry size below 24, with half an
 * entry or with a range that wraps, more modules or ranges than fit, and a framebuffer tag cut short.
 * A framebuffer whose pixels, rows, colours or end cannot be is none: the screen is unusable, and a kernel with
 * serial ports does without.
 */
const char *multiboot2_parse(const void *info, size_t size, struct boot_information *boot);

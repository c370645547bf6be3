/*
 * Fuzz kernel/boot/multiboot2.c: whatever it accepts has strings that end inside the block, and
 * modules and memory ranges whose ends can be computed, and a framebuffer that can be drawn on.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "boot/multiboot2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* True when the string is "" of no block, or begins and ends inside the block. */
static bool
is_string_inside(const char *string, const uint8_t *block, size_t size)
{
	const char *begin = (const char *)block;

	if (string >= begin && string < begin + size)
		return memchr(string, '\0', begin + size - string) != NULL;
	return string[0] == '\0';
}

static void
check_colour(struct boot_colour colour, unsigned pixel_bits)
{
	assert(colour.bits >= 1);
	assert(colour.position + colour.bits <= (int)pixel_bits);
}

static void
check_framebuffer(const struct boot_framebuffer *screen)
{
	assert((screen->kind == BOOT_SCREEN_UNUSABLE) == (screen->flaw != NULL));
	assert(screen->flaw == NULL || strlen(screen->flaw) > 20);
	if (screen->kind != BOOT_SCREEN_RGB)
		return;
	assert(screen->pixel_bits == 24 || screen->pixel_bits == 32);
	assert(screen->width > 0 && screen->height > 0);
	assert(screen->pitch_bytes >= (uint64_t)screen->width * screen->pixel_bits / 8);
	assert((uint64_t)screen->pitch_bytes * screen->height - 1 <= UINT64_MAX - screen->address);
	check_colour(screen->red, screen->pixel_bits);
	check_colour(screen->green, screen->pixel_bits);
	check_colour(screen->blue, screen->pixel_bits);
}

static void
check_accepted(const struct boot_information *boot, const uint8_t *block, size_t size)
{
	assert(is_string_inside(boot->command_line, block, size));
	assert(boot->module_count <= BOOT_MAX_MODULES);
	for (size_t i = 0; i < boot->module_count; i++) {
		assert(boot->modules[i].start + boot->modules[i].size_bytes <= UINT32_MAX);
		assert(is_string_inside(boot->modules[i].command_line, block, size));
	}
	check_framebuffer(&boot->framebuffer);
	assert(boot->memory_range_count <= BOOT_MAX_MEMORY_RANGES);
	for (size_t i = 0; i < boot->memory_range_count; i++) {
		const struct boot_memory_range *range = &boot->memory_ranges[i];

		assert(range->size_bytes > 0);
		assert(range->start <= UINT64_MAX - (range->size_bytes - 1));
	}
}

/*
 * Make the tags follow each other up to an end tag, with types the parser reads; most memory maps
 * get whole entries.  Random bytes hardly ever do.
 */
static void
repair_tags(uint8_t *block, uint32_t size)
{
	uint32_t at = 8;

	while (at < size && size - at >= 24) {
		uint32_t tag[4]; /* type, bytes, and what begins a memory map */

		memcpy(tag, block + at, sizeof(tag));
		tag[0] %= 9;
		tag[1] = 8 + tag[1] % (size - at - 16); /* leaves room for the end tag */
		if (tag[0] == 6 && tag[1] >= 16) {
			tag[2] = 24 + tag[2] % 3 * 8;
			tag[1] -= (tag[1] - 16) % tag[2];
		}
		if (tag[0] == 6 && tag[1] >= 16 + 24)
			memcpy(block + at + 32, (uint32_t[]){ 1 }, 4); /* the first is available */
		if (tag[0] == 8 && tag[1] >= 38) {
			block[at + 28] = block[at + 28] & 1 ? 24 : 32;
			block[at + 29] %= 4;
		}
		memcpy(block + at, tag, sizeof(tag));
		at += (tag[1] + 7) & ~7u;
	}
	if (at <= size && size - at >= 8)
		memcpy(block + at, (uint32_t[]){ 0, 8 }, 8);
}

/* The first byte says how much to repair, the rest is the block. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_information boot;
	const char *error;
	uint8_t *block;
	uint32_t total;

	if (size == 0)
		return 0;
	total = size - 1;
	block = malloc(total != 0 ? total : 1);
	memcpy(block, data + 1, total);
	if ((data[0] & 1) && total >= sizeof(total))
		memcpy(block, &total, sizeof(total));
	if (data[0] & 2)
		repair_tags(block, total);
	memset(&boot, 0xa5, sizeof(boot));
	error = multiboot2_parse(block, total, &boot);
	if (error == NULL) {
		check_accepted(&boot, block, total);
		assert(multiboot2_total_size(block) <= total);
	} else {
		assert(strlen(error) > 20);
	}
	free(block);
	return 0;
}

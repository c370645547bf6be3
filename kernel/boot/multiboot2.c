/*
 * The walk over GRUB's multiboot2 information; multiboot2.h says what it promises.
 *
 * The block is a list of tags, each with a type, a size in bytes and a payload, padded to the
 * next multiple of eight.  Every tag is cut out of the block first and handed to the reader of
 * its type together with its size; a reader looks at nothing else.
 */
#include "boot/multiboot2.h"

#include <stdbool.h>

#include <r33/array.h>

#include "lib/string.h"

struct block_header {
	uint32_t total_bytes;
	uint32_t reserved;
};

struct tag_header {
	uint32_t type;
	uint32_t bytes; /* with this header, without the padding */
};

#define TAG_ALIGNMENT 8

enum tag_type {
	TAG_END = 0,
	TAG_COMMAND_LINE = 1, /* a string */
	TAG_MODULE = 3,       /* struct module_tag and a string */
	TAG_MEMORY_MAP = 6,   /* struct memory_map_tag and its entries */
	TAG_FRAMEBUFFER = 8,  /* struct framebuffer_tag, struct framebuffer_colours */
};

struct module_tag {
	struct tag_header header;
	uint32_t start;
	uint32_t end; /* first byte after the module */
};

struct memory_map_tag {
	struct tag_header header;
	uint32_t entry_bytes;
	uint32_t entry_version;
};

struct memory_map_entry {
	uint64_t start;
	uint64_t size_bytes;
	uint32_t type;
	uint32_t reserved;
};

#define MEMORY_AVAILABLE 1

struct framebuffer_tag {
	struct tag_header header;
	uint64_t address;
	uint32_t pitch_bytes;
	uint32_t width;
	uint32_t height;
	uint8_t pixel_bits;
	uint8_t type;
	uint16_t reserved;
};

struct framebuffer_colours {
	struct boot_colour red, green, blue;
};

#define FRAMEBUFFER_RGB  1
#define FRAMEBUFFER_TEXT 2

/* The string at tag[offset..bytes), or NULL when it does not end there. */
static const char *
tag_string(const uint8_t *tag, size_t bytes, size_t offset)
{
	for (size_t i = offset; i < bytes; i++) {
		if (tag[i] == '\0')
			return (const char *)tag + offset;
	}
	return NULL;
}

/* Readers: one tag each, all of its bytes present; NULL or a sentence, as multiboot2_parse(). */

static const char *
read_command_line(const uint8_t *tag, size_t bytes, struct boot_information *boot)
{
	const char *string = tag_string(tag, bytes, sizeof(struct tag_header));

	if (string == NULL)
		return "the boot information's command line has no end";
	boot->command_line = string;
	return NULL;
}

static const char *
read_module(const uint8_t *tag, size_t bytes, struct boot_information *boot)
{
	const char *string = tag_string(tag, bytes, sizeof(struct module_tag));
	struct module_tag module;

	if (string == NULL)
		return "a boot module's command line has no end";
	memcpy(&module, tag, sizeof(module));
	if (module.end < module.start)
		return "a boot module ends before it starts";
	if (boot->module_count == BOOT_MAX_MODULES)
		return "there are more than 32 boot modules";
	boot->modules[boot->module_count++] = (struct boot_module){
		.start = module.start,
		.size_bytes = module.end - module.start,
		.command_line = string,
	};
	return NULL;
}

static const char *
read_memory_map(const uint8_t *tag, size_t bytes, struct boot_information *boot)
{
	struct memory_map_tag map;
	struct memory_map_entry entry;

	if (bytes < sizeof(map))
		return "the memory map is shorter than its header";
	memcpy(&map, tag, sizeof(map));
	if (map.entry_bytes < sizeof(entry))
		return "the memory map's entries are shorter than 24 bytes";
	if ((bytes - sizeof(map)) % map.entry_bytes != 0)
		return "the memory map does not end with a whole entry";
	for (size_t at = sizeof(map); at < bytes; at += map.entry_bytes) {
		memcpy(&entry, tag + at, sizeof(entry));
		if (entry.type != MEMORY_AVAILABLE || entry.size_bytes == 0)
			continue;
		if (entry.size_bytes - 1 > UINT64_MAX - entry.start)
			return "a range of the memory map goes beyond the last address";
		if (boot->memory_range_count == BOOT_MAX_MEMORY_RANGES)
			return "there are more than 128 ranges of available memory";
		boot->memory_ranges[boot->memory_range_count++] =
		        (struct boot_memory_range){ entry.start, entry.size_bytes };
	}
	return NULL;
}

static bool
is_inside_pixel(struct boot_colour colour, unsigned pixel_bits)
{
	return colour.bits >= 1 && colour.position + (unsigned)colour.bits <= pixel_bits;
}

/* Why it cannot be drawn on, or NULL. */
static const char *
find_flaw(const struct framebuffer_tag *tag, const struct framebuffer_colours *colours)
{
	uint64_t row_bytes = (uint64_t)tag->width * tag->pixel_bits / 8;
	uint64_t size_bytes = (uint64_t)tag->pitch_bytes * tag->height;

	if (tag->pixel_bits != 24 && tag->pixel_bits != 32)
		return "the framebuffer's pixels have neither 24 nor 32 bits";
	if (tag->width == 0 || tag->height == 0 || tag->pitch_bytes < row_bytes)
		return "the framebuffer has no pixels, or rows that overlap";
	if (size_bytes - 1 > UINT64_MAX - tag->address)
		return "the framebuffer goes beyond the last address";
	if (!is_inside_pixel(colours->red, tag->pixel_bits) ||
	        !is_inside_pixel(colours->green, tag->pixel_bits) ||
	        !is_inside_pixel(colours->blue, tag->pixel_bits))
		return "the framebuffer's colours are not inside its pixels";
	return NULL;
}

static struct boot_framebuffer
unusable_screen(const char *flaw)
{
	return (struct boot_framebuffer){ .kind = BOOT_SCREEN_UNUSABLE, .flaw = flaw };
}

static const char *
read_rgb(const uint8_t *tag, size_t bytes, const struct framebuffer_tag *from,
        struct boot_framebuffer *to)
{
	struct framebuffer_colours colours;
	const char *flaw;

	if (bytes < sizeof(*from) + sizeof(colours))
		return "the framebuffer tag ends before its colours";
	memcpy(&colours, tag + sizeof(*from), sizeof(colours));
	flaw = find_flaw(from, &colours);
	if (flaw) {
		*to = unusable_screen(flaw);
		return NULL;
	}
	*to = (struct boot_framebuffer){
		.kind = BOOT_SCREEN_RGB,
		.address = from->address,
		.pitch_bytes = from->pitch_bytes,
		.width = from->width,
		.height = from->height,
		.pixel_bits = from->pixel_bits,
		.red = colours.red,
		.green = colours.green,
		.blue = colours.blue,
	};
	return NULL;
}

/* A screen that cannot be drawn on is not an error: the serial ports may be there. */
static const char *
read_framebuffer(const uint8_t *tag, size_t bytes, struct boot_information *boot)
{
	struct framebuffer_tag framebuffer;

	if (bytes < sizeof(framebuffer))
		return "the framebuffer tag is shorter than its header";
	memcpy(&framebuffer, tag, sizeof(framebuffer));
	if (framebuffer.type == FRAMEBUFFER_RGB)
		return read_rgb(tag, bytes, &framebuffer, &boot->framebuffer);
	if (framebuffer.type == FRAMEBUFFER_TEXT)
		boot->framebuffer = (struct boot_framebuffer){ .kind = BOOT_SCREEN_TEXT };
	else
		boot->framebuffer = unusable_screen("the framebuffer is neither text nor RGB");
	return NULL;
}

static const struct {
	uint32_t type;
	const char *(*read)(const uint8_t *tag, size_t bytes, struct boot_information *boot);
} tag_readers[] = {
	{ TAG_COMMAND_LINE, read_command_line },
	{ TAG_MODULE, read_module },
	{ TAG_MEMORY_MAP, read_memory_map },
	{ TAG_FRAMEBUFFER, read_framebuffer },
};

/* Hand a tag to the reader of its type; tags without a reader are not an error. */
static const char *
read_tag(uint32_t type, const uint8_t *tag, size_t bytes, struct boot_information *boot)
{
	for (size_t i = 0; i < COUNT(tag_readers); i++) {
		if (tag_readers[i].type == type)
			return tag_readers[i].read(tag, bytes, boot);
	}
	return NULL;
}

uint32_t
multiboot2_total_size(const void *info)
{
	struct block_header block;

	memcpy(&block, info, sizeof(block));
	return block.total_bytes;
}

const char *
multiboot2_parse(const void *info, size_t size, struct boot_information *boot)
{
	const uint8_t *block = info;
	size_t at = sizeof(struct block_header);
	struct tag_header header;

	*boot = (struct boot_information){ .command_line = "" };
	if (size < sizeof(struct block_header))
		return "the boot information is shorter than its header";
	if (multiboot2_total_size(info) > size)
		return "the boot information is longer than the memory it was found in";
	size = multiboot2_total_size(info);

	while (at < size && size - at >= sizeof(header)) {
		const char *error;

		memcpy(&header, block + at, sizeof(header));
		if (header.bytes < sizeof(header) || header.bytes > size - at)
			return "a tag of the boot information leaves the block";
		if (header.type == TAG_END)
			return NULL;
		error = read_tag(header.type, block + at, header.bytes, boot);
		if (error != NULL)
			return error;
		at += (header.bytes + (size_t)TAG_ALIGNMENT - 1) / TAG_ALIGNMENT * TAG_ALIGNMENT;
	}
	return "the boot information has no end tag";
}

/* What the boot loader has told: command line, modules, memory, screen.  boot/multiboot2.c fills it in. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BOOT_MAX_MODULES       32
#define BOOT_MAX_MEMORY_RANGES 128

struct boot_module {
	uint64_t start; /* physical address of the first byte */
	uint64_t size_bytes;
	const char *command_line; /* inside the information block; "" when there is none */
};

struct boot_memory_range {
	uint64_t start;      /* physical */
	uint64_t size_bytes; /* only type 1 (available RAM) is listed */
};

/* A field of a pixel, in bits from its lowest. */
struct boot_colour {
	uint8_t position;
	uint8_t bits;
};

enum boot_screen {
	BOOT_SCREEN_UNKNOWN,  /* not told */
	BOOT_SCREEN_TEXT,     /* VGA text */
	BOOT_SCREEN_RGB,      /* a linear framebuffer: address and what follows it are valid */
	BOOT_SCREEN_UNUSABLE, /* nothing that this kernel can draw on */
};

struct boot_framebuffer {
	enum boot_screen kind;
	const char *flaw;       /* why it is unusable: one sentence, a string constant */
	uint64_t address;       /* physical */
	uint32_t pitch_bytes;   /* from one row of pixels to the next; at least a row */
	uint32_t width, height; /* in pixels, both at least 1 */
	uint8_t pixel_bits;     /* 24 or 32 */
	struct boot_colour red, green, blue; /* each inside of the pixel, at least 1 bit */
};

struct boot_information {
	const char *command_line; /* "" when there is none */
	size_t module_count;
	struct boot_module modules[BOOT_MAX_MODULES];
	size_t memory_range_count;
	struct boot_memory_range memory_ranges[BOOT_MAX_MEMORY_RANGES];
	struct boot_framebuffer framebuffer;
};

/*
 * Unit tests of kernel/boot/multiboot2.c: the framebuffer tag.  What it accepts can be drawn on: the
 * drawing itself checks nothing more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "boot/multiboot2.h"
#include "multiboot2_block.h"

#define TAG_BYTES 38 /* with colours */

/* What a tag says; the members are in the specification's order. */
struct tag {
	uint64_t address;
	uint32_t pitch, width, height;
	uint8_t pixel_bits, type;
	uint8_t colours[6]; /* position and bits of red, green, blue */
};

static const struct tag usual = { 0x80000000, 5120, 1280, 800, 32, 1, { 16, 8, 8, 8, 0, 8 } };

/* Parse a block with nothing but the tag, of which only the first "bytes" are there. */
static const char *
parse_tag(const struct tag *tag, uint32_t bytes, struct boot_information *boot)
{
	static uint8_t *copy;
	struct block block;
	uint32_t padded = (bytes + 7) & ~7u;

	begin(&block);
	put32(&block, 8), put32(&block, bytes);
	put64(&block, tag->address);
	put32(&block, tag->pitch), put32(&block, tag->width), put32(&block, tag->height);
	put32(&block, tag->pixel_bits | tag->type << 8);
	memcpy(block.bytes + block.size, tag->colours, sizeof(tag->colours));
	block.size = 8 + padded;
	finish(&block);
	free(copy);
	copy = malloc(block.size);
	memcpy(copy, block.bytes, block.size);
	memset(boot, 0xa5, sizeof(*boot));
	return multiboot2_parse(copy, block.size, boot);
}

static enum boot_screen
kind_of(const struct tag *tag)
{
	struct boot_information boot;

	assert_null(parse_tag(tag, TAG_BYTES, &boot));
	return boot.framebuffer.kind;
}

/* Nobody can draw on it, and the machine starts nevertheless. */
static void
assert_unusable(const struct tag *tag, const char *sentence)
{
	struct boot_information boot;

	assert_null(parse_tag(tag, TAG_BYTES, &boot));
	assert_int_equal(boot.framebuffer.kind, BOOT_SCREEN_UNUSABLE);
	assert_string_equal(boot.framebuffer.flaw, sentence);
}

/* What QEMU's UEFI says comes out as it went in. */
static void
everything_is_found(void **state)
{
	struct boot_information boot;
	const struct boot_framebuffer *found = &boot.framebuffer;

	(void)state;
	assert_null(parse_tag(&usual, TAG_BYTES, &boot));
	assert_int_equal(found->kind, BOOT_SCREEN_RGB);
	assert_null(found->flaw);
	assert_true(found->address == 0x80000000);
	assert_int_equal(found->pitch_bytes, 5120);
	assert_int_equal(found->width, 1280);
	assert_int_equal(found->height, 800);
	assert_int_equal(found->pixel_bits, 32);
	assert_int_equal(found->red.position, 16);
	assert_int_equal(found->green.position, 8);
	assert_int_equal(found->blue.position, 0);
	assert_int_equal(found->red.bits, 8);
	assert_int_equal(found->green.bits, 8);
	assert_int_equal(found->blue.bits, 8);
}

/* Without a tag nothing is known; a kind of screen that the kernel does not know is unusable. */
static void
other_screens_are_told_apart(void **state)
{
	struct boot_information boot;
	struct block block;
	struct tag tag = usual;

	(void)state;
	begin(&block);
	finish(&block);
	memset(&boot, 0xa5, sizeof(boot));
	assert_null(multiboot2_parse(block.bytes, block.size, &boot));
	assert_int_equal(boot.framebuffer.kind, BOOT_SCREEN_UNKNOWN);
	tag.type = 2; /* text, of which the rest says columns and rows */
	assert_int_equal(kind_of(&tag), BOOT_SCREEN_TEXT);
	tag.type = 0; /* a palette */
	assert_unusable(&tag, "the framebuffer is neither text nor RGB");
	tag.type = 3;
	assert_unusable(&tag, "the framebuffer is neither text nor RGB");
	for (unsigned bits = 0; bits < 256; bits++) {
		tag = usual;
		tag.pixel_bits = (uint8_t)bits;
		if (bits != 24 && bits != 32)
			assert_unusable(
			        &tag, "the framebuffer's pixels have neither 24 nor 32 bits");
	}
}

/* A tag cut off anywhere is refused, and nothing behind it is read. */
static void
short_tags_are_refused(void **state)
{
	struct boot_information boot;

	(void)state;
	for (uint32_t bytes = 8; bytes < TAG_BYTES; bytes++)
		assert_string_equal(parse_tag(&usual, bytes, &boot),
		        bytes < 32 ? "the framebuffer tag is shorter than its header"
		                   : "the framebuffer tag ends before its colours");
}

static void
rows_are_checked(void **state)
{
	static const char sentence[] = "the framebuffer has no pixels, or rows that overlap";
	struct tag tag = usual;

	(void)state;
	tag.pitch = 5119;
	assert_unusable(&tag, sentence);
	tag.pixel_bits = 24, tag.pitch = 3840, tag.colours[0] = 16;
	assert_int_equal(kind_of(&tag), BOOT_SCREEN_RGB);
	tag.pitch = 3839;
	assert_unusable(&tag, sentence);
	tag = usual, tag.width = 0;
	assert_unusable(&tag, sentence);
	tag = usual, tag.height = 0;
	assert_unusable(&tag, sentence);
	tag = usual, tag.width = 0x40000001; /* its row has 4 bytes, if cut to 32 bits */
	assert_unusable(&tag, sentence);
}

/* A framebuffer may end with the last address, not behind it. */
static void
end_is_checked(void **state)
{
	struct tag tag = usual;

	(void)state;
	tag.address = -(5120ull * 800);
	assert_int_equal(kind_of(&tag), BOOT_SCREEN_RGB);
	tag.address++;
	assert_unusable(&tag, "the framebuffer goes beyond the last address");
	tag.address = 1, tag.pitch = UINT32_MAX, tag.height = UINT32_MAX;
	assert_int_equal(kind_of(&tag), BOOT_SCREEN_RGB);
}

/* Each colour has bits, and all of them are the pixel's. */
static void
colours_are_checked(void **state)
{
	static const char sentence[] = "the framebuffer's colours are not inside its pixels";

	(void)state;
	for (unsigned colour = 0; colour < 3; colour++) {
		struct tag tag = usual;

		tag.colours[2 * colour] = 24;
		assert_int_equal(kind_of(&tag), BOOT_SCREEN_RGB);
		tag.colours[2 * colour] = 25;
		assert_unusable(&tag, sentence);
		tag.colours[2 * colour] = 255;
		assert_unusable(&tag, sentence);
		tag = usual, tag.colours[2 * colour + 1] = 0;
		assert_unusable(&tag, sentence);
		tag = usual, tag.colours[2 * colour] = 0, tag.colours[2 * colour + 1] = 32;
		assert_int_equal(kind_of(&tag), BOOT_SCREEN_RGB);
		tag.colours[2 * colour + 1] = 33;
		assert_unusable(&tag, sentence);
		tag = usual, tag.pixel_bits = 24, tag.colours[2 * colour] = 17;
		assert_unusable(&tag, sentence);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_found),
		cmocka_unit_test(other_screens_are_told_apart),
		cmocka_unit_test(short_tags_are_refused),
		cmocka_unit_test(rows_are_checked),
		cmocka_unit_test(end_is_checked),
		cmocka_unit_test(colours_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The screen: which one, and the way to it. */
#include "dev/screen.h"

#include "cpu/frames.h"
#include "cpu/paging.h"
#include "cpu/x86.h"
#include "dev/framebuffer.h"
#include "dev/vga.h"

static enum { VGA, FRAMEBUFFER, NONE } kind;
static struct framebuffer framebuffer;

const char *
screen_init(const struct boot_framebuffer *boot)
{
	uint64_t size_bytes = (uint64_t)boot->pitch_bytes * boot->height;
	void *pixels;

	if (boot->kind == BOOT_SCREEN_UNKNOWN || boot->kind == BOOT_SCREEN_TEXT) {
		vga_clear();
		return NULL;
	}
	kind = NONE;
	if (boot->kind == BOOT_SCREEN_UNUSABLE)
		return boot->flaw;
	if (frames_touch_ram(boot->address, size_bytes))
		return "the framebuffer is in memory that others may use";
	pixels = paging_map_device(boot->address, size_bytes);
	if (!pixels)
		return "the framebuffer is larger than 1 GiB "
		       "or lies beyond the processor's physical addresses";
	framebuffer_open(&framebuffer, boot, pixels);
	kind = FRAMEBUFFER;
	return NULL;
}

void
screen_write(const char *bytes, size_t size)
{
	if (kind == VGA)
		vga_write(bytes, size);
	if (kind == FRAMEBUFFER) {
		framebuffer_write(&framebuffer, bytes, size);
		store_fence();
	}
}

unsigned
screen_columns(void)
{
	return kind == FRAMEBUFFER ? framebuffer.columns : VGA_COLUMNS;
}

unsigned
screen_rows(void)
{
	if (kind != FRAMEBUFFER)
		return VGA_ROWS;
	return framebuffer.rows > FRAMEBUFFER_SCROLL_ROWS
	               ? framebuffer.rows - FRAMEBUFFER_SCROLL_ROWS
	               : 1;
}

/* The screen: VGA text where a BIOS has started the machine, a framebuffer where UEFI has. */
#pragma once

#include <stddef.h>

struct boot_framebuffer;

/* Take the screen that the boot loader tells of, and empty it.  Until then text goes to VGA's memory.
 * Needs frames_init().  NULL, or one sentence when there is no screen to write on. */
const char *screen_init(const struct boot_framebuffer *boot);

void screen_write(const char *bytes, size_t size);

/* So wide is a line, and that many of the last lines are seen for sure. */
unsigned screen_columns(void);
unsigned screen_rows(void);

/* The image an engine boots, made by iso/make-image.sh. */
#pragma once

#include <stdbool.h>

enum { IMAGE_MODULES = 13 };

struct image {
	const char *root;
	const char *kernel; /* NULL = root's */
	const char *work;
	const char *name;                   /* of the image, below work */
	const char *command_line;           /* of the kernel */
	const char *script;                 /* below root */
	const char *modules[IMAGE_MODULES]; /* "NAME=FILE", the last one NULL */
};

/* The same as grub-mkrescue makes it, for comparison: WORK/plain.iso.  False after a complaint. */
bool image_make_plain(const struct image *image);

/* Make the image.  False after a complaint, or when interrupted. */
bool image_make(const struct image *image);

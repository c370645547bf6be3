/*
 * The glyphs of ASCII's printable characters for framebuffer.c: 16 bytes each, a row of eight
 * pixels a byte, the leftmost in the highest bit.
 *
 * They are GNU Unifont's, out of the console font in Debian's package psf-unifont (28 KB, for every
 * architecture, GPL 2+ with the exception for fonts that are embedded), which kernel/build.mk unpacks
 * to font.psf.  A machine started by UEFI has no VGA BIOS to take a font from; GRUB's own fonts are
 * cropped and packed bit by bit, so they would need a decoder.
 */
#define PSF_HEADER_BYTES 4
#define GLYPH_BYTES	 16
#define FIRST		 0x20 /* blank */
#define LAST		 0x7e /* tilde */

	.section .rodata
	.globl font_glyphs
font_glyphs:
	.incbin "font.psf", PSF_HEADER_BYTES + FIRST * GLYPH_BYTES, (LAST - FIRST + 1) * GLYPH_BYTES

	.section .note.GNU-stack, "", %progbits

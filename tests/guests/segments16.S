/* The same in 16-bit code: real-address, virtual-8086 and protected mode.  CS begins with the
 * image, SS with the window. */
#define HOME 0
#define CODE(label) (label - _start)
#define OFFSET %edx
#define JUMP %eax

	.text
	.code16
#include "segments.inc"

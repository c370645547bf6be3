/* The same in 32-bit code. */
#define HOME GUEST_WINDOW
#define CODE(label) label
#define OFFSET %edx
#define JUMP %eax

	.text
	.code32
#include "segments.inc"

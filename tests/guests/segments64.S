/* A 64-bit guest that works through the kernel's probes. */
#define HOME GUEST_WINDOW
#define CODE(label) label
#define OFFSET %rdx
#define JUMP %rax

	.text
	.code64
#include "segments.inc"

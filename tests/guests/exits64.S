/* A 64-bit guest for the bench: exits again and again at the same instruction. */
	.text
	.code64
	.globl _start
_start:
	vmcall

	.section .note.GNU-stack, "", @progbits

/* A 64-bit guest that never ends. */
	.text
	.code64
	.globl _start
_start:
	jmp _start

	.section .note.GNU-stack, "", @progbits

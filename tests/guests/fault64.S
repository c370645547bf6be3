/* A 64-bit guest that raises #UD and has no gate to take it: an empty IDT makes it a triple fault. */
	.text
	.code64
	.globl _start
_start:
	ud2

	.section .note.GNU-stack, "", @progbits

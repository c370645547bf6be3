/* A 64-bit guest that is done with its second instruction; events come to its handlers. */
#include "moment.inc"

	.text
	.code64
	.globl _start
_start:
	nop
	done
	handlers

	.section .note.GNU-stack, "", @progbits

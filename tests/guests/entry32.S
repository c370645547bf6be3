/* The same in 32-bit code, without handlers. */
#include "entry.inc"

	.text
	.code32
	.globl _start
_start:
	nop
	report_entry32
	done

	.section .note.GNU-stack, "", @progbits

/* A 64-bit guest that does not rely on the stack it finds: it brings one. */
#include "entry.inc"

	.text
	.code64
	.globl _start
_start:
	nop
	mov %rsp, %rbx
	lea own_stack_top(%rip), %rsp
	report_entry64
	mov %rbx, SLOT(REPORT_RSP)
	done

	.balign 16
	.skip 64
own_stack_top:

	.section .note.GNU-stack, "", @progbits

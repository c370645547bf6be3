/* A 64-bit guest that returns from an NMI handler; what follows stands at AFTER_IRET. */
#include "moment.inc"

	.text
	.code64
	.globl _start
_start:
	nop
	mov %rsp, %rax
	mov %ss, %ecx
	push %rcx
	push %rax
	pushfq
	mov %cs, %ecx
	push %rcx
	lea returned(%rip), %rcx
	push %rcx
	iretq
	.org AFTER_IRET
returned:
	done
	handlers

	.section .note.GNU-stack, "", @progbits

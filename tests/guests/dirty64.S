/* A 64-bit guest that modifies pages, one after the other. */
#include "report.h"

	.text
	.code64
	.globl _start
_start:
	mov $GUEST_WINDOW + DIRTY_OFFSET, %edi
	mov $DIRTY_PAGES, %ecx
1:	mov %ecx, (%rdi)
	add $0x1000, %edi
	dec %ecx
	jnz 1b
	mov $GUEST_DONE, %eax
	vmcall

	.section .note.GNU-stack, "", @progbits

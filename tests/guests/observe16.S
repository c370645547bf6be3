/* The same in real mode: the pages are reached through their segments in the first MiB. */
#include "report.h"

	.text
	.code16
	.globl _start
_start:
	mov $ALIAS_REAL_SEGMENT, %ax
	mov %ax, %ds
	mov 0, %ebx
	mov $REPORT_REAL_SEGMENT, %ax
	mov %ax, %ds
	mov %ebx, 8 * REPORT_TOKEN
	mov %cr0, %eax
	mov %eax, 8 * REPORT_CR0
	mov %cr3, %eax
	mov %eax, 8 * REPORT_CR3
	mov %cr4, %eax
	mov %eax, 8 * REPORT_CR4
	mov $GUEST_DONE, %eax
	vmcall

	.section .note.GNU-stack, "", @progbits

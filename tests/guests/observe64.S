/* A 64-bit guest that reports its control registers and which page the alias page is. */
#include "report.h"

	.text
	.code64
	.globl _start
_start:
	mov %cr0, %rax
	mov %rax, REPORT_ADDRESS + 8 * REPORT_CR0
	mov %cr3, %rax
	mov %rax, REPORT_ADDRESS + 8 * REPORT_CR3
	mov %cr4, %rax
	mov %rax, REPORT_ADDRESS + 8 * REPORT_CR4
	mov ALIAS_ADDRESS, %eax
	mov %eax, REPORT_ADDRESS + 8 * REPORT_TOKEN
	mov $GUEST_DONE, %eax
	vmcall

	.section .note.GNU-stack, "", @progbits

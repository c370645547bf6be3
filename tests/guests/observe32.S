/* The same in 32-bit code: compatibility mode, protected mode with and without paging. */
#include "report.h"

	.text
	.code32
	.globl _start
_start:
	mov %cr0, %eax
	mov %eax, REPORT_ADDRESS + 8 * REPORT_CR0
	mov %cr3, %eax
	mov %eax, REPORT_ADDRESS + 8 * REPORT_CR3
	mov %cr4, %eax
	mov %eax, REPORT_ADDRESS + 8 * REPORT_CR4
	mov ALIAS_ADDRESS, %eax
	mov %eax, REPORT_ADDRESS + 8 * REPORT_TOKEN
	mov $GUEST_DONE, %eax
	vmcall

	.section .note.GNU-stack, "", @progbits

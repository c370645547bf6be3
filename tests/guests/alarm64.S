/* A 64-bit guest that looks at the time until somebody stops it. */
#include "report.h"

	.macro look slot
	rdtsc
	shl $32, %rdx
	or %rdx, %rax
	mov %rax, REPORT_ADDRESS + 8 * \slot
	.endm

	.text
	.code64
	.globl _start
_start:
	look REPORT_FIRST_TSC
1:	look REPORT_LAST_TSC
	jmp 1b

	.section .note.GNU-stack, "", @progbits

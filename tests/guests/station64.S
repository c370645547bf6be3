/* A guest that is in long mode from the beginning: one station, one CPUID.  It runs on every
 * processor: the twin of those that start at the reset vector. */
#include "reset.h"

#include <r33/hypercalls.h>

#define SLOT(number) (REPORT_ADDRESS + 8 * (number))

	.text
	.code64
	.globl _start
_start:
	mov $1, %eax
	cpuid
	mov %ecx, %eax
	mov %eax, SLOT(SEEN_CPUID)
	roll $RESET_ROTATE, SLOT(RESET_SUM)
	xor %eax, SLOT(RESET_SUM)
	mov SLOT(RESET_SUM), %eax
	mov $RESET_MULTIPLIER, %rcx
	imul %rcx, %rax
	mov %rax, SLOT(RESET_SUM)
	mov $0x676e6f6c, %ebx		/* "long mode" */
	mov $0x646f6d20, %ecx
	mov $0x65, %edx
	xor %esi, %esi
	mov $HYPERCALL_STATION + 4, %eax
	vmcall
	mov $HYPERCALL_DONE, %eax
	vmcall

	.section .note.GNU-stack, "", @progbits

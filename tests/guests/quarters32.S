/* A guest with PAE paging that looks into each GiB of its linear addresses: each has a PDPTE. */
#include "report.h"

#include <r33/events.h>


	.macro look gib
	mov $1f, %ebx
	mov (\gib << 30) + ((QUARTER_LARGE_PAGE + \gib) << 21) + QUARTER_TOKEN, %eax
1:	mov %eax, REPORT_ADDRESS + 8 * (REPORT_QUARTERS + \gib)
	.endm

	.text
	.code32
	.globl _start
_start:
	mov ALIAS_ADDRESS, %eax
	mov %eax, REPORT_ADDRESS + 8 * REPORT_QUARTERS
	look 1
	look 2
	look 3
	mov $GUEST_DONE, %eax
	vmcall

	/* Error code, EIP, CS, EFLAGS: go on behind what faulted. */
	.org HANDLERS_OFFSET + VECTOR_PF * HANDLER_BYTES
	add $4, %esp
	mov %ebx, (%esp)
	mov $QUARTER_ABSENT, %eax
	iretl

	.section .note.GNU-stack, "", @progbits

/*
 * A 64-bit guest that is a hypervisor itself: it reads and writes fields of the VMCS that it believes
 * to be its own, and which is the one that the link pointer names (VMCS shadowing).
 */
#include "report.h"

	.text
	.code64
	.globl _start
_start:
	mov $VMREAD_FAILED, %eax
	mov %eax, REPORT_ADDRESS + 8 * REPORT_VMREAD
	mov $LINKED_FIELD, %ecx
	vmread %rcx, %rax
	jbe 1f			/* CF: there is no linked VMCS */
	mov %rax, REPORT_ADDRESS + 8 * REPORT_VMREAD
1:	mov $WRITTEN_FIELD, %ecx
	mov $WRITTEN_VALUE, %eax
	vmwrite %rax, %rcx
	mov $GUEST_DONE, %eax
	vmcall

	.section .note.GNU-stack, "", @progbits

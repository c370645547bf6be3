/* The same in 16-bit code, for real and virtual-8086 mode alike: the two look the same from
 * inside, but for what SMSW says of CR0.PE. */
#include "entry.inc"

	.text
	.code16
	.globl _start
_start:
	nop
	mov $REPORT_REAL_SEGMENT, %ax
	mov %ax, %ds
	report_entry16
	smsw %eax
	mov %ax, SLOT_REAL(REPORT_MSW)
	done

	.section .note.GNU-stack, "", @progbits

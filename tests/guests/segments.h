/*
 * The guests that work through the kernel's probes (kernel/grade/probes.h), in code of any width.
 *
 * Whatever it needs for itself a guest reaches through SS, which in every case begins with HOME.
 * Includers define HOME (the window's address in SS), CODE(label) (a label's offset in CS),
 * OFFSET and JUMP (EDX and EAX, as wide as addresses are).
 *
 *   ESI  the probe                 EDI  where the kernel continues after an exit
 *   EBX  its slot in the report    EBP  PROBE_IN_PROGRESS while the kernel shall do so
 *   ECX  operand, (R)DX offset     EDX:EAX  result
 */
#include "report.h"

#define STUB_BYTES 32

	.macro stub
	.balign STUB_BYTES
	.endm

	.globl _start
_start:
	mov $HOME + PROBES_OFFSET, %esi
	mov $HOME + REPORT_OFFSET + 8 * REPORT_PROBES, %ebx
next:
	mov %ss:(%esi), %eax
	imul $STUB_BYTES, %eax
	add $CODE(stubs), %eax
	mov %ss:4(%esi), %ecx
	mov %ss:8(%esi), OFFSET
	mov $CODE(exited), %edi
	mov $PROBE_IN_PROGRESS, %ebp
	jmp *JUMP

done:
	xor %edx, %edx
exited:
	xor %ebp, %ebp
	mov %eax, %ss:(%ebx)
	mov %edx, %ss:4(%ebx)
	add $8, %ebx
	add $16, %esi
	jmp next

	/* One stub for each kind of probe, in the order of report.h. */
	.balign STUB_BYTES
stubs:
	mov $GUEST_DONE, %eax
	vmcall
	.irp register, %es, %cs, %ss, %ds, %fs, %gs
	stub
	xor %eax, %eax
	mov \register, %ax
	jmp done
	.endr
	stub
	xor %eax, %eax
	sldt %ax
	jmp done
	stub
	xor %eax, %eax
	str %ax
	jmp done
	.irp register, %es, %cs, %ss, %ds, %fs, %gs
	stub
	mov \register:(OFFSET), %eax
	jmp done
	.endr
	.irp register, %es, %cs, %ss, %ds, %fs, %gs
	stub
	movl $PROBE_WRITTEN, \register:(OFFSET)
	mov $PROBE_WRITTEN, %eax
	jmp done
	.endr
	stub
	lar %ecx, %eax
	jz done
	mov $PROBE_INVALID, %eax
	jmp done
	stub
	lsl %ecx, %eax
	jz done
	mov $PROBE_INVALID, %eax
	jmp done
	stub
	verr %cx
	mov $1, %eax
	jz done
	mov $PROBE_INVALID, %eax
	jmp done
	stub
	verw %cx
	mov $1, %eax
	jz done
	mov $PROBE_INVALID, %eax
	jmp done
	stub
	mov %ecx, %edx
	in (%dx), %al
	mov $1, %eax
	jmp done
	stub
	mov %cr0, JUMP
	mov $1, %eax
	jmp done
	stub
	mov %ecx, %es
	mov $1, %eax
	jmp done

	.section .note.GNU-stack, "", @progbits

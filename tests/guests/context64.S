/*
 * A guest that stores all registers it finds, loads others and exits, again and again: what VM entry
 * does not load from the VMCS, and VM exit does not store there.
 */
#include <r33/control_registers.h>
#include <r33/vmenter.h>

#include "report.h"


#define FOUND(offset) (GUEST_WINDOW + FOUND_OFFSET + (offset))
#define LEAVE(offset) (GUEST_WINDOW + LEAVE_OFFSET + (offset))

	.macro each_general verb
	\verb rcx, CONTEXT_RCX
	\verb rdx, CONTEXT_RDX
	\verb rbx, CONTEXT_RBX
	\verb rbp, CONTEXT_RBP
	\verb rsi, CONTEXT_RSI
	\verb rdi, CONTEXT_RDI
	\verb r8, CONTEXT_R8
	\verb r9, CONTEXT_R9
	\verb r10, CONTEXT_R10
	\verb r11, CONTEXT_R11
	\verb r12, CONTEXT_R12
	\verb r13, CONTEXT_R13
	\verb r14, CONTEXT_R14
	\verb r15, CONTEXT_R15
	.endm

	.macro store_general name, offset
	mov %\name, FOUND(\offset)
	.endm

	.macro load_general name, offset
	mov LEAVE(\offset), %\name
	.endm

	.macro store_special name, offset
	mov %\name, %rax
	mov %rax, FOUND(\offset)
	.endm

	.macro load_special name, offset
	mov LEAVE(\offset), %rax
	mov %rax, %\name
	.endm

	.macro each_special verb
	\verb cr2, CONTEXT_CR2
	\verb dr0, CONTEXT_DR0
	\verb dr1, CONTEXT_DR1
	\verb dr2, CONTEXT_DR2
	\verb dr3, CONTEXT_DR3
	\verb dr6, CONTEXT_DR6
	.endm

	.text
	.code64
	.globl _start
_start:
	mov %rax, FOUND(CONTEXT_RAX)
	each_general store_general
	mov %rsp, FOUND(0x20)		/* says that the guest ran */
	each_special store_special
	mov %cr4, %rcx
	mov $-1, %eax
	mov $-1, %edx
	test $CR4_OSXSAVE, %ecx
	jz 1f
	xsave64 FOUND(CONTEXT_EXTENDED)
	xrstor64 LEAVE(CONTEXT_EXTENDED)
	jmp 2f
1:	fxsave64 FOUND(CONTEXT_EXTENDED)
	fxrstor64 LEAVE(CONTEXT_EXTENDED)
2:	each_special load_special
	std				/* a flag that no C function may find set */
	each_general load_general
	mov LEAVE(CONTEXT_RAX), %rax
	vmcall
	jmp _start

	.section .note.GNU-stack, "", @progbits

/*
 * VMREAD and VMWRITE in the operand forms a compiler or a student writes.
 *
 * Each function takes RDI = field, RSI = address of the slot, sets all status flags, prepares
 * registers without touching flags, executes the instruction on the slot and returns the flags.
 */
#include <r33/cpuid.h>
#include <r33/rflags.h>
#include <r33/vmenter.h>

	.macro PROLOGUE
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	push $RFLAGS_STATUS
	popf
	.endm

	.macro EPILOGUE
	pushf
	pop %rax
	and $RFLAGS_STATUS, %eax
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret
	.endm

	.set reads, 0
	.set writes, 0

	.macro READ_FORM prepare, operand
	.text
9:	PROLOGUE
	\prepare
	vmread %rdi, \operand
	EPILOGUE
	.section .rodata.read_forms, "a"
	.quad 9b
	.text
	.set reads, reads + 1
	.endm

	.macro WRITE_FORM prepare, operand
	.text
9:	PROLOGUE
	\prepare
	vmwrite \operand, %rdi
	EPILOGUE
	.section .rodata.write_forms, "a"
	.quad 9b
	.text
	.set writes, writes + 1
	.endm

	/* A register as operand: to or from the slot by a MOV on either side. */
	.macro READ_REGISTER register
	.text
9:	PROLOGUE
	mov %rsp, %rbp
	vmread %rdi, \register
	mov \register, (%rsi)
	mov %rbp, %rsp
	EPILOGUE
	.section .rodata.read_forms, "a"
	.quad 9b
	.text
	.set reads, reads + 1
	.endm

	.macro WRITE_REGISTER register
	.text
9:	PROLOGUE
	mov (%rsi), \register
	vmwrite \register, %rdi
	EPILOGUE
	.section .rodata.write_forms, "a"
	.quad 9b
	.text
	.set writes, writes + 1
	.endm

	.section .rodata.read_forms, "a"
	.balign 8
	.globl read_forms
read_forms:
	.section .rodata.write_forms, "a"
	.balign 8
	.globl write_forms
write_forms:

	.macro MEMORY_FORMS form
	\form "", "(%rsi)"
	\form "mov %rsi, %r12", "(%r12)"
	\form "mov %rsi, %r13", "(%r13)"
	\form "mov %rsi, %rbp", "(%rbp)"
	\form "lea 0x7f(%rsi), %rbx", "-0x7f(%rbx)"
	\form "lea -0x12345(%rsi), %r15", "0x12345(%r15)"
	\form "lea -16(%rsi), %rcx; mov $2, %r14d", "(%rcx,%r14,8)"
	\form "lea -0x18(%rsi), %rcx; mov $4, %edx", "8(%rcx,%rdx,4)"
	\form "mov $0x10, %r9d; lea -0x100020(%rsi), %r13", "0x100000(%r13,%r9,2)"
	\form "mov %rsi, %r12", "(,%r12)"
	\form "mov $0xfffffff8, %ecx", "%fs:8(%esi,%ecx)"
	\form "", "%gs:(%rsi)"
	\form "mov %esi, %r8d", "(%r8d)"
	.endm

	MEMORY_FORMS READ_FORM
	MEMORY_FORMS WRITE_FORM

	/* RIP-relative, by way of a variable. */
	.data
	.balign 8
variable:
	.quad 0
	.text
9:	PROLOGUE
	vmread %rdi, variable(%rip)
	mov variable(%rip), %rcx
	mov %rcx, (%rsi)
	EPILOGUE
	.section .rodata.read_forms, "a"
	.quad 9b
	.set reads, reads + 1
	.text
9:	PROLOGUE
	mov (%rsi), %rcx
	mov %rcx, variable(%rip)
	vmwrite variable(%rip), %rdi
	EPILOGUE
	.section .rodata.write_forms, "a"
	.quad 9b
	.set writes, writes + 1

	/* On the stack: base RSP needs a SIB byte, and its value is the processor's, not a saved one. */
	.text
9:	PROLOGUE
	pushq $0
	push %rcx
	vmread %rdi, 8(%rsp)
	pop %rcx
	pop %rcx
	mov %rcx, (%rsi)
	EPILOGUE
	.section .rodata.read_forms, "a"
	.quad 9b
	.set reads, reads + 1

	.irp register, %rax, %rcx, %rdx, %rbx, %rsp, %r8, %r9, %r10, %r11, %r12, %r13, %r14, %r15
	READ_REGISTER \register
	.endr
	.irp register, %rax, %rcx, %rdx, %rbx, %rbp, %r8, %r9, %r10, %r11, %r12, %r13, %r14, %r15
	WRITE_REGISTER \register
	.endr

	.section .rodata
	.balign 8
	.globl read_form_count, write_form_count
read_form_count:
	.quad reads
write_form_count:
	.quad writes

	/* One-operand instructions with their flags. */
	.text
	.macro FLAGS_OF name, instruction:vararg
	.globl flags_of_\name
flags_of_\name:
	PROLOGUE
	\instruction
	EPILOGUE
	.endm

	FLAGS_OF vmclear, vmclear (%rdi)
	FLAGS_OF vmptrld, vmptrld (%rdi)
	FLAGS_OF vmxon, vmxon (%rdi)
	FLAGS_OF vmptrst, vmptrst (%rdi)
	FLAGS_OF vmxoff, vmxoff
	FLAGS_OF vmread, vmread %rdi, (%rsi)
	FLAGS_OF vmwrite, vmwrite %rsi, %rdi

	.globl execute_cpuid
execute_cpuid:
	PROLOGUE
	push %rdi
	mov CONTEXT_RAX(%rdi), %rax
	mov CONTEXT_RCX(%rdi), %rcx
	mov CONTEXT_RDX(%rdi), %rdx
	mov CONTEXT_RBX(%rdi), %rbx
	mov CONTEXT_RBP(%rdi), %rbp
	mov CONTEXT_RSI(%rdi), %rsi
	mov CONTEXT_R8(%rdi), %r8
	mov CONTEXT_R9(%rdi), %r9
	mov CONTEXT_R10(%rdi), %r10
	mov CONTEXT_R11(%rdi), %r11
	mov CONTEXT_R12(%rdi), %r12
	mov CONTEXT_R13(%rdi), %r13
	mov CONTEXT_R14(%rdi), %r14
	mov CONTEXT_R15(%rdi), %r15
	mov CONTEXT_RDI(%rdi), %rdi
	cpuid
	xchg %rdi, (%rsp)
	mov %rax, CONTEXT_RAX(%rdi)
	mov %rcx, CONTEXT_RCX(%rdi)
	mov %rdx, CONTEXT_RDX(%rdi)
	mov %rbx, CONTEXT_RBX(%rdi)
	mov %rbp, CONTEXT_RBP(%rdi)
	mov %rsi, CONTEXT_RSI(%rdi)
	mov %r8, CONTEXT_R8(%rdi)
	mov %r9, CONTEXT_R9(%rdi)
	mov %r10, CONTEXT_R10(%rdi)
	mov %r11, CONTEXT_R11(%rdi)
	mov %r12, CONTEXT_R12(%rdi)
	mov %r13, CONTEXT_R13(%rdi)
	mov %r14, CONTEXT_R14(%rdi)
	mov %r15, CONTEXT_R15(%rdi)
	pop %rcx
	mov %rcx, CONTEXT_RDI(%rdi)
	EPILOGUE

	.section .note.GNU-stack, "", @progbits

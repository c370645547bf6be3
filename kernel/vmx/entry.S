/*
 * enum vmx_result vmx_enter(struct guest_registers *registers, bool resume)
 *
 * RDI = registers, ESI = resume; the contract is in entry.h.  The processor switches RIP, RSP,
 * RFLAGS and all state with a field in the VMCS; the other general registers are ours to switch.
 * The stack at HOST_RSP: the registers pointer, then the caller's saved registers.
 */
#include <r33/vmenter.h>	/* CONTEXT_...: also the offsets in struct guest_registers; backend.h asserts them */

	.text
	.globl vmx_enter
vmx_enter:
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	push %rdi
	mov $FIELD_HOST_RSP, %eax
	vmwrite %rsp, %rax
	jbe vmx_failed			/* CF or ZF: no current VMCS */

	test %esi, %esi			/* ZF = launch; the loads below keep it */
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
	jnz vmx_resume
vmx_launch:				/* gdb's break-entry stops at these two (tools/gdb/) */
	vmlaunch
	jmp vmx_failed
vmx_resume:
	vmresume
	/* Arriving here, the guest was not entered, and CF or ZF says how that failed. */
vmx_failed:
	mov $VMENTER_RESULT_FAIL_INVALID, %eax
	mov $VMENTER_RESULT_FAIL_VALID, %ecx
	cmovz %ecx, %eax
	pop %rdi
	jmp leave

	.globl vmx_exit_point
vmx_exit_point:
	push %rdi			/* the guest's */
	mov 8(%rsp), %rdi		/* the registers pointer */
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
	pop CONTEXT_RDI(%rdi)
	pop %rdi
	mov $VMENTER_RESULT_EXIT, %eax
leave:
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret

	.section .note.GNU-stack, "", @progbits

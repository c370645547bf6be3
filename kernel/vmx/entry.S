/*
 * enum vmx_result vmx_enter(struct guest_registers *registers, bool resume)
 *
 * RDI = registers, ESI = resume; the contract is in entry.h.  The processor switches RIP, RSP,
 * RFLAGS and all state with a field in the VMCS; the other general registers are ours to switch.
 * The stack at HOST_RSP: the registers pointer, then the caller's saved registers.
 */
#include <r33/vmenter.h>

/* One of struct guest_registers: backend.h asserts that these offsets are its. */
#define REGISTER(name) CONTEXT_##name(%rdi)

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
	mov $FIELD_HOST_RSP, %ecx
	vmwrite %rsp, %rcx
	jbe vmx_failed			/* CF or ZF: no current VMCS */

	test %esi, %esi			/* ZF = launch; the loads below keep it */
	mov REGISTER(RAX), %rax
	mov REGISTER(RCX), %rcx
	mov REGISTER(RDX), %rdx
	mov REGISTER(RBX), %rbx
	mov REGISTER(RBP), %rbp
	mov REGISTER(RSI), %rsi
	mov REGISTER(R8), %r8
	mov REGISTER(R9), %r9
	mov REGISTER(R10), %r10
	mov REGISTER(R11), %r11
	mov REGISTER(R12), %r12
	mov REGISTER(R13), %r13
	mov REGISTER(R14), %r14
	mov REGISTER(R15), %r15
	mov REGISTER(RDI), %rdi
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
	mov %rax, REGISTER(RAX)
	mov %rcx, REGISTER(RCX)
	mov %rdx, REGISTER(RDX)
	mov %rbx, REGISTER(RBX)
	mov %rbp, REGISTER(RBP)
	mov %rsi, REGISTER(RSI)
	mov %r8, REGISTER(R8)
	mov %r9, REGISTER(R9)
	mov %r10, REGISTER(R10)
	mov %r11, REGISTER(R11)
	mov %r12, REGISTER(R12)
	mov %r13, REGISTER(R13)
	mov %r14, REGISTER(R14)
	mov %r15, REGISTER(R15)
	pop REGISTER(RDI)
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

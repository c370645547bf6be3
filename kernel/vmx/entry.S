/*
 * enum vmx_result vmx_enter(struct guest_registers *registers, bool resume)
 *
 * RDI = registers, ESI = resume; the contract is in entry.h.  The processor switches RIP, RSP,
 * RFLAGS and all state with a field in the VMCS; the other general registers are ours to switch.
 * The stack at HOST_RSP: the registers pointer, then the caller's saved registers.
 */
#define FIELD_HOST_RSP	 0x6c14
#define VMX_SUCCEED	 0
#define VMX_FAIL_INVALID 1
#define VMX_FAIL_VALID	 2

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
	mov 0x00(%rdi), %rax
	mov 0x08(%rdi), %rcx
	mov 0x10(%rdi), %rdx
	mov 0x18(%rdi), %rbx
	mov 0x28(%rdi), %rbp
	mov 0x30(%rdi), %rsi
	mov 0x40(%rdi), %r8
	mov 0x48(%rdi), %r9
	mov 0x50(%rdi), %r10
	mov 0x58(%rdi), %r11
	mov 0x60(%rdi), %r12
	mov 0x68(%rdi), %r13
	mov 0x70(%rdi), %r14
	mov 0x78(%rdi), %r15
	mov 0x38(%rdi), %rdi
	jnz vmx_resume
vmx_launch:				/* gdb's break-entry stops at these two (tools/gdb/) */
	vmlaunch
	jmp vmx_failed
vmx_resume:
	vmresume
	/* Arriving here, the guest was not entered, and CF or ZF says how that failed. */
vmx_failed:
	mov $VMX_FAIL_INVALID, %eax
	mov $VMX_FAIL_VALID, %ecx
	cmovz %ecx, %eax
	pop %rdi
	jmp leave

	.globl vmx_exit_point
vmx_exit_point:
	push %rdi			/* the guest's */
	mov 8(%rsp), %rdi		/* the registers pointer */
	mov %rax, 0x00(%rdi)
	mov %rcx, 0x08(%rdi)
	mov %rdx, 0x10(%rdi)
	mov %rbx, 0x18(%rdi)
	mov %rbp, 0x28(%rdi)
	mov %rsi, 0x30(%rdi)
	mov %r8, 0x40(%rdi)
	mov %r9, 0x48(%rdi)
	mov %r10, 0x50(%rdi)
	mov %r11, 0x58(%rdi)
	mov %r12, 0x60(%rdi)
	mov %r13, 0x68(%rdi)
	mov %r14, 0x70(%rdi)
	mov %r15, 0x78(%rdi)
	pop 0x38(%rdi)
	pop %rdi
	mov $VMX_SUCCEED, %eax
leave:
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret

	.section .note.GNU-stack, "", @progbits

/*
 * uint64_t enter_guest(uint64_t registers[16], bool resume)
 *
 * Lab 7 in small: the registers that VM entry does not load are loaded here, at CPL 3; the
 * kernel performs the entry with them and comes back at this module's HOST_RIP.
 */
#include <r33/rflags.h>
#include <r33/vmenter.h>

	.text
	.globl enter_guest
enter_guest:
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	push %rdi
	mov $FIELD_HOST_RSP, %eax
	vmwrite %rsp, %rax
	mov $FIELD_HOST_RIP, %eax
	mov $exit_point, %ecx
	vmwrite %rcx, %rax
	push $0				/* RSP differs from HOST_RSP: the exit must bring that one */
	test %esi, %esi
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
	jnz 1f
	vmlaunch
	jmp 2f
1:	vmresume
2:	pushf				/* not entered: the flags say why */
	pop %rax
	and $RFLAGS_STATUS, %eax
	pop %rdi			/* the 0 */
	pop %rdi
	jmp 3f

exit_point:
	push %rdi
	mov 8(%rsp), %rdi
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
	xor %eax, %eax
3:	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret

	.section .note.GNU-stack, "", @progbits

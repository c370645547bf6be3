/*
 * uint64_t enter_guest(uint64_t registers[16], bool resume)
 *
 * Lab 7 in small: the registers that VM entry does not load are loaded here, at CPL 3; the
 * kernel performs the entry with them and comes back at this module's HOST_RIP.
 */
#define HOST_RSP	 0x6c14
#define HOST_RIP	 0x6c16
#define ALL_STATUS_FLAGS 0x8d5

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
	mov $HOST_RSP, %eax
	vmwrite %rsp, %rax
	mov $HOST_RIP, %eax
	mov $exit_point, %ecx
	vmwrite %rcx, %rax
	push $0				/* RSP differs from HOST_RSP: the exit must bring that one */
	test %esi, %esi
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
	jnz 1f
	vmlaunch
	jmp 2f
1:	vmresume
2:	pushf				/* not entered: the flags say why */
	pop %rax
	and $ALL_STATUS_FLAGS, %eax
	pop %rdi			/* the 0 */
	pop %rdi
	jmp 3f

exit_point:
	push %rdi
	mov 8(%rsp), %rdi
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
	xor %eax, %eax
3:	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret

	.section .note.GNU-stack, "", @progbits

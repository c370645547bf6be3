/* A 64-bit guest for the front end's test: counts RCX down to 0, adds 1 to RBX, complements the
 * other registers and exits, again and again. */
	.text
	.code64
	.globl _start
_start:
	test %rcx, %rcx
	jz 2f
1:	dec %rcx
	jnz 1b
2:	inc %rbx
	.irp register, %rbp, %rsi, %rdi, %r8, %r9, %r10, %r11, %r12, %r13, %r14, %r15
	not \register
	.endr
	vmcall
	jmp _start

	.section .note.GNU-stack, "", @progbits

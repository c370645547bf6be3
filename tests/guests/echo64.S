/* A 64-bit guest for the front end's test: counts RCX down to 0, adds 1 to RBX and exits, again
 * and again.  All other registers stay as they came. */
	.text
	.code64
	.globl _start
_start:
	test %rcx, %rcx
	jz 2f
1:	dec %rcx
	jnz 1b
2:	inc %rbx
	vmcall
	jmp _start

	.section .note.GNU-stack, "", @progbits

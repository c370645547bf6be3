/*
 * Lab 7: register context.
 *
 * VM entry loads the registers for which the VMCS has a field.  All others flow through: the
 * guest starts with what the host had in them, and after the VM exit the host finds what the
 * guest left.  vmenter() is the function in between.  README.md in this directory explains it
 * in the order in which you meet it.
 *
 * You may use: every instruction that works at CPL 3, and VMWRITE of HOST_RSP and HOST_RIP, VMREAD,
 * VMLAUNCH, VMRESUME, MOV to and from CR2, DR0 to DR3 and DR6, which the kernel performs for you;
 * the names in <r33/vmenter.h>.
 */
#include <r33/vmenter.h>

//: solution
#include <r33/cpuid.h>

/* Offsets in the stack frame at HOST_RSP, beside the registers that were pushed. */
#define FRAME_CONTEXT 0
#define FRAME_MXCSR   8
#define FRAME_FCW     12
#define FRAME_XSAVE   16
#define FRAME_BYTES   24
//: end

	.text
	.globl vmenter
/*
 * enum vmenter_result vmenter(struct register_context *context, bool launched)
 *
 *   RDI = context    the guest's registers: enter with them, store what it leaves in them.  After
 *                    a failed VMLAUNCH or VMRESUME the context is unchanged.
 *   SIL = launched   0: VMLAUNCH, 1: VMRESUME.  The other bits of RSI are not defined.
 *
 * Returns in EAX
 *   VMENTER_RESULT_EXIT           there was a VM exit, for whatever reason
 *   VMENTER_RESULT_FAIL_INVALID   the instruction failed with CF = 1: no current VMCS
 *   VMENTER_RESULT_FAIL_VALID     it failed with ZF = 1
 *
 * with RBX, RBP, R12 to R15, RSP, the x87 control word and MXCSR as they were, DF = 0, and no
 * value of the guest in any other register.
 */
vmenter:
	//: solution
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	sub $FRAME_BYTES, %rsp
	mov %rdi, FRAME_CONTEXT(%rsp)
	stmxcsr FRAME_MXCSR(%rsp)
	fnstcw FRAME_FCW(%rsp)

	mov $FIELD_HOST_RSP, %eax
	vmwrite %rsp, %rax
	jc fail_invalid			/* no current VMCS: stop before anything is loaded */
	mov $FIELD_HOST_RIP, %eax
	lea vm_exit(%rip), %rcx
	vmwrite %rcx, %rax

	mov CONTEXT_CR2(%rdi), %rax
	mov %rax, %cr2
	mov CONTEXT_DR0(%rdi), %rax
	mov %rax, %dr0
	mov CONTEXT_DR1(%rdi), %rax
	mov %rax, %dr1
	mov CONTEXT_DR2(%rdi), %rax
	mov %rax, %dr2
	mov CONTEXT_DR3(%rdi), %rax
	mov %rax, %dr3
	mov CONTEXT_DR6(%rdi), %rax
	mov %rax, %dr6

	mov $CPUID_FEATURES, %eax
	xor %ecx, %ecx
	cpuid				/* clobbers RBX, which is safe on the stack */
	test $CPUID_ECX_OSXSAVE, %ecx
	setnz FRAME_XSAVE(%rsp)
	jz 1f
	mov $-1, %eax			/* all that XCR0 has enabled */
	mov $-1, %edx
	xrstor64 CONTEXT_EXTENDED(%rdi)
	jmp 2f
1:	fxrstor64 CONTEXT_EXTENDED(%rdi)
2:
	test %sil, %sil			/* ZF = launch; MOV changes no flag */
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
2:	/* Not entered, and all registers hold the guest's: CF or ZF says why. */
	mov $VMENTER_RESULT_FAIL_INVALID, %ebx
	mov $VMENTER_RESULT_FAIL_VALID, %eax
	cmovz %eax, %ebx
	jmp clean

fail_invalid:
	mov $VMENTER_RESULT_FAIL_INVALID, %eax
	jmp leave

vm_exit:
	push %rdi			/* the guest's; RSP is HOST_RSP */
	mov 8 + FRAME_CONTEXT(%rsp), %rdi
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

	mov %cr2, %rax
	mov %rax, CONTEXT_CR2(%rdi)
	mov %dr0, %rax
	mov %rax, CONTEXT_DR0(%rdi)
	mov %dr1, %rax
	mov %rax, CONTEXT_DR1(%rdi)
	mov %dr2, %rax
	mov %rax, CONTEXT_DR2(%rdi)
	mov %dr3, %rax
	mov %rax, CONTEXT_DR3(%rdi)
	mov %dr6, %rax
	mov %rax, CONTEXT_DR6(%rdi)

	cmpb $0, FRAME_XSAVE(%rsp)
	jz 1f
	mov $-1, %eax
	mov $-1, %edx
	xsave64 CONTEXT_EXTENDED(%rdi)
	jmp 2f
1:	fxsave64 CONTEXT_EXTENDED(%rdi)
2:	mov $VMENTER_RESULT_EXIT, %ebx

clean:	/* EBX = the result.  The guest's registers go, the host's come back. */
	xor %eax, %eax
	mov %rax, %cr2
	mov %rax, %dr0
	mov %rax, %dr1
	mov %rax, %dr2
	mov %rax, %dr3
	mov %rax, %dr6
	cmpb $0, FRAME_XSAVE(%rsp)
	jz 1f
	mov $-1, %eax
	mov $-1, %edx
	xrstor64 initial_state(%rip)
	jmp 2f
1:	fxrstor64 initial_state(%rip)
2:	fldcw FRAME_FCW(%rsp)		/* callee-saved, as MXCSR */
	ldmxcsr FRAME_MXCSR(%rsp)
	xor %ecx, %ecx
	xor %edx, %edx
	xor %esi, %esi
	xor %edi, %edi
	xor %r8d, %r8d
	xor %r9d, %r9d
	xor %r10d, %r10d
	xor %r11d, %r11d
	mov %ebx, %eax

leave:	add $FRAME_BYTES, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret

/* x87, SSE and AVX as after a reset: what XSTATE_BV in the header (all zero) says. */
	.section .rodata
	.balign 64
initial_state:
	.word 0x37f			/* FCW */
	.skip 22
	.long 0x1f80			/* MXCSR */
	.skip EXTENDED_BYTES - 28

	//: skeleton
	//| /* YOUR CODE HERE.  Begin with VMWRITE of HOST_RSP and HOST_RIP. */
	//| mov $VMENTER_RESULT_UNWRITTEN, %eax
	//| ret
	//: end

	.section .note.GNU-stack, "", @progbits

/*
 * void svm_run(struct vmcb *vmcb, uint64_t registers[16], struct vmcb *host, bool interrupts)
 *
 * RDI = vmcb, RSI = the guest's general registers (RAX and RSP are in the VMCB), RDX = a VMCB for what VMLOAD
 * loads of the host, ECX = may interrupts end the guest?  Interrupts are off before and afterwards.
 *
 * VMRUN comes back behind itself (APM 2, "VMRUN Instruction"), with the host's RAX and RSP, and with GIF = 0: what
 * ended the guest waits until STGI and STI.
 */
#include <r33/vmenter.h>

#define REGISTER(name) CONTEXT_##name(%rsi)
#define VMCB_DR7       0x560

	/* These also tell a debugger where the registers of the caller are: bt at VMRUN leads back to the C code. */
	.cfi_sections .debug_frame
	.macro DO_PUSH register
	push %\register
	.cfi_adjust_cfa_offset 8
	.endm
	.macro DO_PUSH_CALLERS register
	DO_PUSH \register
	.cfi_rel_offset \register, 0
	.endm
	.macro DO_POP register
	pop %\register
	.cfi_adjust_cfa_offset -8
	.endm

	.text
	.globl svm_run
svm_run:
	.cfi_startproc
	.irp register, rbx, rbp, r12, r13, r14, r15
	DO_PUSH_CALLERS \register
	.endr
	DO_PUSH rdx
	DO_PUSH rsi
	mov %rdi, %rax
	clgi
	test %ecx, %ecx
	jz 1f
	sti
1:	vmload %rax
	mov REGISTER(RCX), %rcx
	mov REGISTER(RDX), %rdx
	mov REGISTER(RBX), %rbx
	mov REGISTER(RBP), %rbp
	mov REGISTER(R8), %r8
	mov REGISTER(R9), %r9
	mov REGISTER(R10), %r10
	mov REGISTER(R11), %r11
	mov REGISTER(R12), %r12
	mov REGISTER(R13), %r13
	mov REGISTER(R14), %r14
	mov REGISTER(R15), %r15
	mov VMCB_DR7(%rax), %rdi	/* some versions of TCG do not load it */
	/* From here on breakpoints are the guest's. */
	mov %rdi, %dr7
	mov REGISTER(RDI), %rdi
	mov REGISTER(RSI), %rsi
	movq $1, svm_shown(%rip)	/* .in_guest, for r33 gdb */
	.globl svm_vmrun		/* gdb's break-entry stops here (tools/gdb/) */
svm_vmrun:
	vmrun %rax
	.globl svm_vmexit
svm_vmexit:
	movq $0, svm_shown(%rip)
	vmsave %rax
	DO_PUSH rax
	mov $0x400, %eax
	mov %rax, %dr7
	mov 8(%rsp), %rax
	mov %rcx, CONTEXT_RCX(%rax)
	mov %rdx, CONTEXT_RDX(%rax)
	mov %rbx, CONTEXT_RBX(%rax)
	mov %rbp, CONTEXT_RBP(%rax)
	mov %rsi, CONTEXT_RSI(%rax)
	mov %rdi, CONTEXT_RDI(%rax)
	mov %r8, CONTEXT_R8(%rax)
	mov %r9, CONTEXT_R9(%rax)
	mov %r10, CONTEXT_R10(%rax)
	mov %r11, CONTEXT_R11(%rax)
	mov %r12, CONTEXT_R12(%rax)
	mov %r13, CONTEXT_R13(%rax)
	mov %r14, CONTEXT_R14(%rax)
	mov %r15, CONTEXT_R15(%rax)
	DO_POP rdi			/* the VMCB */
	DO_POP rsi
	DO_POP rax			/* the host's */
	vmload %rax
	cli
	stgi
	.irp register, r15, r14, r13, r12, rbp, rbx
	DO_POP \register
	.cfi_restore \register
	.endr
	ret
	.cfi_endproc

	.section .note.GNU-stack, "", @progbits

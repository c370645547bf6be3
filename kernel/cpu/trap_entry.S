/*
 * The way in from every vector, and the way to CPL 3 and back.
 *
 * trap_stubs[]: the addresses of the 52 entry points.  Each completes the frame the processor
 * pushed to a struct trap_frame (cpu/trap.h) and calls trap_dispatch(frame).
 */
#include "trap_frame.inc"

#define TRAP_VECTORS 52			/* TRAP_VECTOR_COUNT */

/* Offsets in struct trap_frame; trap.c asserts them. */
#define FRAME_RSP 168

/* Vectors for which the processor pushes an error code: 8, 10-14, 17, 21. */
#define VECTORS_WITH_ERROR_CODE 0x227d00

	.text
	.altmacro
	.macro STUB vector
trap_stub_\vector:
	.if \vector > 31 || ((VECTORS_WITH_ERROR_CODE >> \vector) & 1) == 0
	push $0				/* a place holder: all frames look alike */
	.endif
	push $\vector
	jmp trap_common
	.pushsection .rodata.trap_stubs, "a"
	.quad trap_stub_\vector
	.popsection
	.endm

	.section .rodata.trap_stubs, "a"
	.balign 8
	.globl trap_stubs
trap_stubs:
	.text
	.set vector, 0
	.rept TRAP_VECTORS
	STUB %vector
	.set vector, vector + 1
	.endr

trap_common:
	.irp register, r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp
	push %\register
	.endr
	push (FRAME_RSP - 5 * 8)(%rsp)	/* the interrupted RSP, in its place among the registers */
	push %rbx
	push %rdx
	push %rcx
	push %rax
	cld
	mov %rsp, %rdi
	mov %rsp, %rbp			/* the frame is a multiple of 8, not 16: align for C */
	FRAME_AT_RBP			/* says a debugger; no code */
	and $-16, %rsp
	call trap_dispatch
	mov %rbp, %rsp
	.cfi_endproc
	/* fall through: back to where we came from */

restore_registers:
	pop %rax
	pop %rcx
	pop %rdx
	pop %rbx
	add $8, %rsp			/* RSP comes from the processor's part of the frame */
	pop %rbp
	pop %rsi
	pop %rdi
	pop %r8
	pop %r9
	pop %r10
	pop %r11
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	add $16, %rsp			/* vector and error code */
	iretq

/*
 * void trap_enter_cpl3(struct trap_frame *frame)
 * Saves the caller's registers and its stack, tells the TSS to put frames of traps from CPL 3
 * below them, and loads the frame.  trap_leave_cpl3() makes it return.
 */
	.globl trap_enter_cpl3
trap_enter_cpl3:
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	mov tss_rsp0, %rax
	mov %rsp, (%rax)
	mov %rdi, %rsp
	jmp restore_registers

/* void trap_leave_cpl3(void), noreturn */
	.globl trap_leave_cpl3
trap_leave_cpl3:
	mov tss_rsp0, %rax
	mov (%rax), %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret

/* void load_code_segment(code_selector, data_selector): CS by a far return, SS by MOV. */
	.globl load_code_segment
load_code_segment:
	mov %esi, %ss
	pop %rax
	push %rdi
	push %rax
	lretq

	.bss
	.balign 8
	.globl tss_rsp0
tss_rsp0:
	.skip 8				/* descriptors.c knows it */

	.section .note.GNU-stack, "", @progbits

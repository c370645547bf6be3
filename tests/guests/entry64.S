/*
 * A 64-bit guest that reports how it was entered and takes events in its own handlers.
 *
 * The first event is reported with what its frame says: the interrupted RIP and RFLAGS.  Then the
 * guest goes on where it was interrupted, unless that is nowhere (#GP at its first fetch).
 */
#include "entry.inc"

#define NOT_INTERRUPTED 0

	.text
	.code64
	.globl _start
_start:
	nop
	report_entry64
	/* The flags with which we began are those that the event found. */
	mov interrupted_rflags(%rip), %rax
	test %rax, %rax
	jz 3f
	mov %rax, SLOT(REPORT_RFLAGS)
3:	done

interrupted_rflags:
	.quad NOT_INTERRUPTED

/* RAX = vector, its old value and RCX's on the stack; above them RIP, CS, RFLAGS. */
take_event:
	add $EVENT_TAKEN, %eax
	mov %rax, SLOT(REPORT_EVENT)
	mov 16(%rsp), %rax
	mov %rax, SLOT(REPORT_EVENT_RIP)
	mov 32(%rsp), %rax
	mov %rax, interrupted_rflags(%rip)
	/* One step is enough. */
	andq $~(1 << 8), 32(%rsp)
	pop %rcx
	pop %rax
	iretq

/* Error code, RIP, CS, RFLAGS, RSP, SS: there is nothing to go back to. */
general_protection:
	movl $EVENT_TAKEN + 13, SLOT(REPORT_EVENT)
	mov 8(%rsp), %rax
	mov %rax, SLOT(REPORT_EVENT_RIP)
	mov %rax, SLOT(REPORT_RIP)
	mov 24(%rsp), %rax
	mov %rax, SLOT(REPORT_RFLAGS)
	mov 32(%rsp), %rax
	mov %rax, SLOT(REPORT_RSP)
	movl $STACK_WORKS, SLOT(REPORT_STACK)
	done

	.macro handler vector
	.org HANDLERS_OFFSET + \vector * HANDLER_BYTES
	push %rax
	push %rcx
	mov $\vector, %eax
	jmp take_event
	.endm

	handler 1
	handler 2
	.org HANDLERS_OFFSET + 13 * HANDLER_BYTES
	jmp general_protection
	handler 0x31

	.section .note.GNU-stack, "", @progbits

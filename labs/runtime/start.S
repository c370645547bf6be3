/*
 * Where a module begins: the kernel enters lab_start at CPL 3 with
 *   EDI = number of the part, RSI = address of struct guest, RSP = top of a 64 KiB stack.
 * The part's answer returns by INT 33h, RAX = 0 (SERVICE_RETURN in kernel/lab/run.c).
 */
	.text
	.globl lab_start
lab_start:
	xor %ebp, %ebp
	call lab_dispatch
	mov %eax, %edi			/* an answer has 32 bits; the ABI leaves the others undefined */
	xor %eax, %eax
	int $0x33
	ud2

/*
 * Lab 7 is called here instead, LAB_CALL_OFFSET after lab_start (kernel/lab/module.h), with all
 * registers as the kernel set them: only this CALL and this INT are between its code and the
 * kernel's verdict.
 */
	.weak vmenter
	.org lab_start + 64
	call vmenter
	int $0x33
	ud2

	.section .note.GNU-stack, "", @progbits

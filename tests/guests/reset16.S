/*
 * A guest that starts as a processor does after a reset and brings itself to long mode: real mode,
 * protected mode, PAE paging, IA-32e mode.  RESET_STAGE says how far it goes, RESET_TRIES what else
 * it tries.  At each station it sends a line of text by VMCALL; what it sees goes into its sum.
 */
#include "reset.h"

#include <r33/control_registers.h>
#include <r33/hypercalls.h>
#include <r33/msr.h>

#define SEGMENT	       (IMAGE_REAL_ADDRESS >> 4)
#define SLOT(number)   (REPORT_OFFSET + 8 * (number))
#define SLOT16(number) (8 * (number)) /* DS = REPORT_REAL_SEGMENT */
#define NEAR(symbol)   (symbol - _start)

#define CODE32 0x08
#define DATA   0x10
#define CODE64 0x18
#define CODE16 0x20
#define DATA16 0x28

#define EFER_ON	 (EFER_SCE | EFER_LME | EFER_NXE)
#define NO_MSR	 0x12345

	.macro see16 slot
	mov %eax, SLOT16(\slot)
	roll $RESET_ROTATE, SLOT16(RESET_SUM)
	xorl %eax, SLOT16(RESET_SUM)
	.endm

	.macro see slot
	mov %eax, SLOT(\slot)
	roll $RESET_ROTATE, SLOT(RESET_SUM)
	xorl %eax, SLOT(RESET_SUM)
	.endm

	.macro station16 number
	mov %cs:NEAR(texts) + 16 * \number, %ebx
	mov %cs:NEAR(texts) + 16 * \number + 4, %ecx
	mov %cs:NEAR(texts) + 16 * \number + 8, %edx
	mov %cs:NEAR(texts) + 16 * \number + 12, %esi
	mov $HYPERCALL_STATION + \number, %eax
	vmcall
	.endm

	.macro station number
	mov texts + 16 * \number, %ebx
	mov texts + 16 * \number + 4, %ecx
	mov texts + 16 * \number + 8, %edx
	mov texts + 16 * \number + 12, %esi
	mov $HYPERCALL_STATION + \number, %eax
	vmcall
	.endm

	/* Does the instruction raise #GP?  See gp32. */
	.macro try slot, instruction:vararg
	mov $NOT_RAISED, %edi
	mov $98f, %ebp
	mov $99f, %esi
98:	\instruction
99:	mov %edi, %eax
	see \slot
	.endm

	.macro done
	mov $HYPERCALL_DONE, %eax
	vmcall
	.endm

	.text
	.code16
	.globl _start
_start:	/* From the reset vector, with a token in EBX. */
	mov $REPORT_REAL_SEGMENT, %ax
	mov %ax, %ds
	pushfl
	popl %eax
	see16 SEEN_RFLAGS
	mov %esp, %eax
	see16 SEEN_RSP
	mov %ebx, %eax
	see16 SEEN_TOKEN
	/* The same word by every segment register: their bases are 0. */
	mov %es:SLOT(RESET_STAGE), %eax
	add %fs:SLOT(RESET_STAGE), %eax
	add %gs:SLOT(RESET_STAGE), %eax
	add %ss:SLOT(RESET_STAGE), %eax
	see16 SEEN_SEGMENTS
	sub $8, %sp
	mov %sp, %bp
	sidt (%bp)
	mov (%bp), %eax
	add $8, %sp
	see16 SEEN_IDTR
	mov %dr7, %eax
	see16 SEEN_DR7
	mov $IA32_EFER, %ecx
	rdmsr
	see16 SEEN_EFER_RESET
	mov %cr0, %eax
	see16 SEEN_CR0_RESET
	mov %cr4, %eax
	see16 SEEN_CR4_RESET
	mov $1, %eax
	cpuid
	add %eax, %ebx
	add %edx, %ebx
	mov %ecx, %eax
	see16 SEEN_CPUID
	mov %ebx, %eax
	see16 SEEN_CPUID_OTHERS
	station16 1

	testl $TRY_GP_REAL, SLOT16(RESET_TRIES)
	jz 1f
	xor %ax, %ax
	mov %ax, %es
	movw $NEAR(gp16), %es:13 * 4
	movw $SEGMENT, %es:13 * 4 + 2
	mov $IA32_EFER, %ecx
	mov $2, %eax
	xor %edx, %edx
fault16:
	wrmsr
	mov $NOT_RAISED, %eax
	see16 SEEN_GP_REAL
1:
resume16:
	cmpl $STAGE_PROTECTED, SLOT16(RESET_STAGE)
	jae 1f
	done
1:	lgdtl %cs:NEAR(gdtr)
	mov %cr0, %eax
	or $CR0_PE, %al
	mov %eax, %cr0
	ljmpl $CODE32, $protected

/* No error code in real mode: the frame is IP, CS, FLAGS. */
gp16:	pop %ax
	sub $NEAR(fault16), %ax
	movzwl %ax, %eax
	shl $16, %eax
	add $RAISED, %eax
	see16 SEEN_GP_REAL
	push $NEAR(resume16)
	iret

	.code32
protected:
	mov $DATA, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %ss
	mov $0xfff0, %esp
	lidt idtr
	mov %cr0, %eax
	see SEEN_CR0_PROTECTED
	station 2

	testl $TRY_GP, SLOT(RESET_TRIES)
	jz 1f
	mov $IA32_EFER, %ecx
	mov $2, %eax
	xor %edx, %edx
	try SEEN_GP_WRMSR, wrmsr
	rdmsr
	see SEEN_EFER_KEPT
	mov $NO_MSR, %ecx
	try SEEN_GP_RDMSR, rdmsr
	mov $EFER_NXE, %eax		/* EFER would take it */
	xor %edx, %edx
	try SEEN_GP_NO_MSR, wrmsr
1:	testl $TRY_VMXE, SLOT(RESET_TRIES)
	jz 1f
	mov $CR4_VMXE, %eax
	try SEEN_GP_VMXE, mov %eax, %cr4
	mov %cr4, %eax
	see SEEN_CR4_KEPT
1:	testl $TRY_NE, SLOT(RESET_TRIES)
	jz 1f
	mov %cr0, %eax
	or $CR0_NE, %eax
	mov %eax, %cr0
	mov %cr0, %eax
	see SEEN_NE_SET
	and $~CR0_NE, %eax
	mov %eax, %cr0
	mov %cr0, %eax
	see SEEN_NE_CLEAR
1:	cmpl $STAGE_PAGING, SLOT(RESET_STAGE)
	jae 1f
	done

1:	/* For PAE and for 4-level paging: all that there is, in one 2-MiB page, and once more. */
	movl $0x83, RESET_DIRECTORY
	movl $0x83, RESET_DIRECTORY + 8
	movl $RESET_DIRECTORY + 1, RESET_PDPT
	movl $RESET_DIRECTORY + 3, RESET_PDPT64
	movl $RESET_PDPT64 + 3, RESET_PML4
	mov $RESET_PDPT, %eax
	mov %eax, %cr3
	xor %eax, %eax
	mov %cr3, %eax
	see SEEN_CR3
	mov %cr4, %eax
	or $CR4_PAE, %eax
	mov %eax, %cr4
	mov %cr4, %eax
	see SEEN_CR4_PAE
	mov $CR0_PG | 0x11, %eax	/* in one go: caches on, which exits, and PG */
	mov %eax, %cr0
	mov %cr0, %eax
	see SEEN_CR0_PAGED
	mov RESET_ALIAS + SLOT(RESET_STAGE), %eax
	see SEEN_ALIAS
	mov $IA32_EFER, %ecx
	rdmsr
	see SEEN_EFER_LEGACY
	station 3

	testl $TRY_LME, SLOT(RESET_TRIES)
	jz 1f
	mov $IA32_EFER, %ecx
	mov $EFER_ON, %eax
	xor %edx, %edx
	try SEEN_GP_LME, wrmsr
1:	cmpl $STAGE_LONG, SLOT(RESET_STAGE)
	jae 1f
	done

1:	mov %cr0, %eax
	and $~CR0_PG, %eax
	mov %eax, %cr0
	mov $RESET_PML4, %eax
	mov %eax, %cr3
	mov $IA32_EFER, %ecx
	mov $EFER_ON, %eax
	xor %edx, %edx
	wrmsr
	rdmsr
	see SEEN_EFER_LME
	mov %cr0, %eax
	or $CR0_PG, %eax
	mov %eax, %cr0
	mov $IA32_EFER, %ecx
	rdmsr
	see SEEN_EFER_LMA
	ljmp $CODE64, $long_mode

/* EBP = where it must have happened, ESI = where to go on; EDI = the answer. */
gp32:	pop %edi
	pop %eax
	sub %ebp, %eax
	shl $16, %eax
	lea RAISED(%edi, %eax), %edi
	push %esi
	iretl

	.code64
long_mode:
	mov $0x64b17c0de0000000, %rax
	shr $32, %rax
	see SEEN_64
	mov SLOT(RESET_SUM), %eax
	mov $RESET_MULTIPLIER, %rcx
	imul %rcx, %rax
	mov %rax, SLOT(RESET_SUM)
	station 4
	testl $TRY_BACK, SLOT(RESET_TRIES)
	jnz 1f
	done
1:	push $CODE32
	push $compatibility
	lretq

	.code32
compatibility:
	mov %cr0, %eax
	and $~CR0_PG, %eax
	mov %eax, %cr0
	mov $IA32_EFER, %ecx
	rdmsr
	see SEEN_EFER_BACK
	station 5
	ljmp $CODE16, $NEAR(protected16)

	.code16
protected16:
	mov $DATA16, %ax
	mov %ax, %ds
	mov %ax, %es
	mov %ax, %ss
	mov %cr0, %eax
	and $~CR0_PE, %al
	mov %eax, %cr0
	ljmp $SEGMENT, $NEAR(real_again)
real_again:
	mov $REPORT_REAL_SEGMENT, %ax
	mov %ax, %ds
	xor %ax, %ax
	mov %ax, %ss
	mov %cr0, %eax
	see16 SEEN_CR0_BACK
	station16 6
	done

	.balign 8
gdt:	.quad 0
	.quad 0x00cf9b000000ffff
	.quad 0x00cf93000000ffff
	.quad 0x00af9b000000ffff
	.quad 0x00009b010000ffff	/* base 10000h: the image */
	.quad 0x000093000000ffff
gdtr:	.word . - gdt - 1
	.long gdt

	.balign 8
idt:	.skip 13 * 8
	.word NEAR(gp32), CODE32, 0x8e00, IMAGE_REAL_ADDRESS >> 16
idtr:	.word . - idt - 1
	.long idt

	.balign 16
texts:	.skip 16
	.ascii "real mode\0\0\0\0\0\0\0"
	.ascii "protected mode\0\0"
	.ascii "PAE paging\0\0\0\0\0\0"
	.ascii "long mode\0\0\0\0\0\0\0"
	.ascii "protected again\0"
	.ascii "real mode again\0"

	.section .note.GNU-stack, "", @progbits

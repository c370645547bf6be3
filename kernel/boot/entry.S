/*
 * From GRUB's 32-bit world to the first C function.
 *
 * On entry (multiboot2): EAX = loader magic, EBX = physical address of the boot information,
 * protected mode, paging off, flat segments, interrupts off, no stack.
 * On exit: kernel_main(EAX, EBX) in long mode, on the boot stack, the first GiB mapped
 * writable and executable; kernel_main makes proper page tables and never returns.
 */
#include <r33/control_registers.h>
#include <r33/cpuid.h>
#include <r33/msr.h>
#include <r33/paging.h>

#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6
#define TAG_FRAMEBUFFER		5
#define TAG_OPTIONAL		1
#define PAGE_PRESENT_WRITABLE	(PAGE_PRESENT | PAGE_WRITABLE)
#define PAGE_2MIB		(PAGE_PRESENT_WRITABLE | PAGE_LARGE)
#define COM1			0x3f8
#define COM2			0x2f8
#define LINE_CONTROL		3
#define LINE_CONTROL_8N1	0x03
#define LINE_CONTROL_DIVISOR	0x80
#define LINE_STATUS		5
#define STATUS_ALL_SENT		0x60
#define BOCHS_SHUTDOWN_PORT	0x8900

	.section .multiboot2, "a"
	.balign 8
header:
	.long MULTIBOOT2_HEADER_MAGIC
	.long 0				/* i386 protected mode */
	.long header_end - header
	.long -(MULTIBOOT2_HEADER_MAGIC + 0 + (header_end - header))
	/*
	 * A framebuffer of any size: without this tag GRUB gives none, and under UEFI there is no other
	 * screen.  It does not mean text where there is some: there the script that loads us says so, by
	 * "set gfxpayload=text".
	 */
	.word TAG_FRAMEBUFFER, TAG_OPTIONAL
	.long 20
	.long 0, 0, 0			/* width, height, depth */
	.balign 8
	.word 0, 0			/* end tag */
	.long 8
header_end:

	.section .text.boot, "ax"
	.code32
	.globl entry32
entry32:
	cld
	mov %eax, %edi			/* kernel_main's first argument */
	mov %ebx, %esi			/* ... and its second */

	/* CPUID leaf 8000_0001h, EDX bit 29: is there a long mode at all? */
	mov $CPUID_EXTENDED, %eax
	cpuid
	cmp $CPUID_EXTENDED_FEATURES, %eax
	jb no_long_mode
	mov $CPUID_EXTENDED_FEATURES, %eax
	cpuid
	bt $29, %edx
	jnc no_long_mode

	/* One GiB, linear = physical, in 512 pages of 2 MiB. */
	movl $boot_pdpt + PAGE_PRESENT_WRITABLE, boot_pml4
	movl $boot_page_directory + PAGE_PRESENT_WRITABLE, boot_pdpt
	mov $boot_page_directory, %ebx
	mov $PAGE_2MIB, %eax
	mov $512, %ecx
1:	mov %eax, (%ebx)
	add $8, %ebx
	add $0x200000, %eax
	loop 1b

	mov %cr4, %eax
	or $CR4_PAE, %eax
	and $~CR4_LA57, %eax		/* our tables have four levels, whatever the boot loader used */
	mov %eax, %cr4
	mov $boot_pml4, %eax
	mov %eax, %cr3
	mov $IA32_EFER, %ecx
	rdmsr
	or $EFER_LME, %eax
	wrmsr
	mov %cr0, %eax
	or $CR0_PG, %eax
	mov %eax, %cr0
	lgdt boot_gdtr
	ljmp $8, $entry64

/* A processor without long mode: say so on the screen, on the console and on the record stream. */
no_long_mode:
	mov $0xb8000, %edi
	mov $no_long_mode_text, %esi
	mov $0x4f, %ah			/* white on red */
1:	lodsb
	stosw
	cmpb $0, (%esi)
	jne 1b
	mov $no_long_mode_text, %esi
	mov $COM1, %edi
	call write_serial
	mov $no_long_mode_record, %esi
	mov $COM2, %edi
	call write_serial
	mov $power_off_word, %esi
	mov $BOCHS_SHUTDOWN_PORT, %edx
	mov $power_off_word_length, %ecx
	rep outsb
2:	hlt
	jmp 2b

/* Set the serial port at EDI to 115200 baud, 8N1, write the string at ESI, wait until it has left. */
write_serial:
	lea LINE_CONTROL(%edi), %edx
	mov $LINE_CONTROL_DIVISOR, %al
	outb %al, %dx
	mov %edi, %edx
	mov $1, %al
	outb %al, %dx
	lea LINE_CONTROL(%edi), %edx
	mov $LINE_CONTROL_8N1, %al
	outb %al, %dx
2:	lea LINE_STATUS(%edi), %edx
	inb %dx, %al
	not %al
	test $STATUS_ALL_SENT, %al
	jnz 2b
	lodsb
	test %al, %al
	jz 1f
	mov %edi, %edx
	outb %al, %dx
	jmp 2b
1:	ret

	.code64
entry64:
	xor %eax, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %ss
	mov %eax, %fs
	mov %eax, %gs
	mov $kernel_stack_top, %esp
	.cfi_sections .debug_frame
	.cfi_startproc
	.cfi_undefined rip		/* backtraces end here */
	xor %ebp, %ebp
	mov %edi, %edi			/* upper halves are undefined so far */
	mov %esi, %esi
	call kernel_main
	ud2
	.cfi_endproc

	.section .rodata
no_long_mode_text:
	.asciz "Reason 33 needs a 64-bit processor; this one has no long mode."
no_long_mode_record:
	.ascii "TAP version 14\n# r33 stream 1\n"
	.ascii "Bail out! Reason 33 needs a 64-bit processor; this one has no long mode\n"
	.asciz "# end status=3\n"
power_off_word:
	.ascii "Shutdown"
	.set power_off_word_length, . - power_off_word
	.balign 8
boot_gdt:
	.quad 0
	.quad 0x00209b0000000000	/* 64-bit code */
boot_gdtr:
	.word . - boot_gdt - 1
	.long boot_gdt

	.bss
	.balign 4096
boot_pml4:
	.skip 4096
boot_pdpt:
	.skip 4096
boot_page_directory:
	.skip 4096

	.section .note.GNU-stack, "", @progbits

/*
 * The page on which a guest reports what it saw, for guests in assembly and the kernel alike.
 *
 * The kernel clears it before each entry; a guest writes slots (8 bytes each) and ends with VMCALL,
 * RAX = GUEST_DONE.
 */
#pragma once

#define GUEST_DONE 0x600d

/* Where the page lies: guest-physical and, in every guest, linear. */
#define GUEST_WINDOW        0x1000000 /* the guest's memory; its first MiB is also at 0 under EPT */
#define REPORT_OFFSET       0x1000
#define REPORT_ADDRESS      (GUEST_WINDOW + REPORT_OFFSET)
#define REPORT_REAL_SEGMENT (REPORT_OFFSET >> 4)

/* A page that paging maps to another place than it has in physical memory: what a guest reads
 * there tells which paging structures were used, if any. */
#define ALIAS_OFFSET       0x3f000
#define ALIAS_ADDRESS      (GUEST_WINDOW + ALIAS_OFFSET)
#define ALIAS_REAL_SEGMENT (ALIAS_OFFSET >> 4)
#define TOKEN_UNPAGED      0x0ff0ff00
#define TOKEN_4_LEVEL      0x64b164b1
#define TOKEN_PAE          0x9ae09ae0
#define TOKEN_32BIT        0x32b132b1

/* The guest's tables; two of them, of 64-bit entries, map the window. */
#define TABLE64_OFFSET   0x6000
#define PAE_TABLE_OFFSET 0x9000
#define GDT_OFFSET       0x2000
#define GDT_BYTES        0x100
#define TSS_OFFSET       0x2400
#define TSS_LIMIT        0x88 /* with an I/O map for ports 0 to FFh */
#define TSS_IO_MAP       0x68
#define TSS_CLOSED_PORTS 0x80 /* and the next seven */
#define LDT_OFFSET       0x2600
#define LDT_BYTES        0x200 /* at most */
#define IDT_OFFSET       0x2800

/* Where images are linked. */
#define IMAGE_OFFSET       0x10000
#define IMAGE_ADDRESS      (GUEST_WINDOW + IMAGE_OFFSET)
#define IMAGE_REAL_ADDRESS IMAGE_OFFSET

/* On the report page too, a struct register_context each (labs/include/r33/vmenter.h): what a guest
 * of lab 7 found in its registers, and what it shall leave there. */
#define FOUND_OFFSET (REPORT_OFFSET + 0x800)
#define LEAVE_OFFSET (REPORT_OFFSET + 0xc00)

/* Slots. */
#define REPORT_CR0       0
#define REPORT_CR3       1
#define REPORT_CR4       2
#define REPORT_TOKEN     3
#define REPORT_RIP       4 /* offset of the image's first byte in CS */
#define REPORT_RSP       5
#define REPORT_RFLAGS    6
#define REPORT_STACK     7  /* STACK_WORKS: what was pushed came back */
#define REPORT_EVENT     8  /* the first event that came to a handler: EVENT_TAKEN + vector */
#define REPORT_EVENT_RIP 9  /* what was to go on behind it */
#define REPORT_MSW       10 /* the low half of CR0 as SMSW shows it, at any privilege level */
#define REPORT_FIRST_TSC 11 /* when it began, and when it last looked */
#define REPORT_LAST_TSC  12
#define REPORT_TIMER     13 /* made of these by the kernel: for how long it ran */
#define REPORT_VMREAD    14 /* what it read of its linked VMCS, or VMREAD_FAILED */
#define REPORT_QUARTERS  15 /* to 18: what it read in each GiB, or QUARTER_ABSENT */
#define REPORT_AFTER     19 /* what the kernel finds in a field, or in the linked VMCS, afterwards */
#define REPORT_LOG_FIRST 20 /* the entry of the page-modification log that was used first */
#define REPORT_LOG_PAGES 21 /* a bit for each of the DIRTY_PAGES that stands in it */
#define REPORT_DR6       40 /* when the first event came */
#define REPORT_PROBES    64 /* the results of the probes, in their order */
#define REPORT_SLOTS     (REPORT_PROBES + PROBES_MAX)

#define STACK_WORKS 0x57acc57a
#define EVENT_TAKEN 0x100
#define AFTER_IRET  0x40 /* where iret64.S goes on, from its beginning */

/* Guests of lab 6.  Each GiB but the first has its own page directory: in GiB i the window is mapped as
 * large page QUARTER_LARGE_PAGE + i. */
#define QUARTER_ABSENT      0xab5e47
#define QUARTER_DIRECTORIES 0x3a000 /* offset of the first of three */
#define QUARTER_LARGE_PAGE  8
#define QUARTER_TOKEN       0xd000 /* offset: what there is to read */
#define VMREAD_FAILED       0xfa11ed
#define LINKED_FIELD        0x681e /* GUEST_RIP of the linked VMCS holds LINKED_VALUE */
#define LINKED_VALUE        0x11aced
#define WRITTEN_FIELD       0x681c /* its GUEST_RSP gets WRITTEN_VALUE */
#define WRITTEN_VALUE       0x33003300
#define DIRTY_OFFSET        0x50000 /* the pages that a guest modifies, one after the other */
#define DIRTY_PAGES         3

/* Where the handlers of a guest stand that takes exceptions or interrupts itself (test_case.handlers):
 * relative to the image, 16 bytes for each vector. */
#define HANDLERS_OFFSET 0x1000
#define HANDLER_BYTES   16

/* Probes (kernel/grade/probes.h): 16 bytes each; kind 0 ends the list. */
#define PROBES_OFFSET     0xf000 /* below the stack of 16-bit guests */
#define PROBES_MAX        96
#define PROBE_END         0
#define PROBE_SELECTOR    1  /* + register: its selector */
#define PROBE_READ        9  /* + ES to GS: 4 bytes at the offset */
#define PROBE_WRITE       15 /* + ES to GS: PROBE_WRITTEN to the offset */
#define PROBE_LAR         21 /* of the operand: the access rights, or PROBE_INVALID */
#define PROBE_LSL         22
#define PROBE_VERR        23 /* 1 or PROBE_INVALID */
#define PROBE_VERW        24
#define PROBE_IN          25 /* from the port */
#define PROBE_LEVEL       26 /* 1: it may read CR0 */
#define PROBE_LOAD        27 /* the operand into ES: 1 */
#define PROBE_INVALID     0xbad0bad
#define PROBE_WRITTEN     0x33
#define PROBE_IN_PROGRESS 0x9609e
#define PROBE_EXITED      0x80000000

/* Where memory probes read: each 4 bytes hold their own offset in the window. */
#define RULER_OFFSET 0x40000
#define RULER_BYTES  0x20000

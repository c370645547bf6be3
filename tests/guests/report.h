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

/* Where images are linked. */
#define IMAGE_OFFSET       0x10000
#define IMAGE_ADDRESS      (GUEST_WINDOW + IMAGE_OFFSET)
#define IMAGE_REAL_ADDRESS IMAGE_OFFSET

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
#define REPORT_SLOTS     64

#define STACK_WORKS 0x57acc57a
#define EVENT_TAKEN 0x100

/* Where the handlers of a guest stand that takes exceptions or interrupts itself (test_case.handlers):
 * relative to the image, 16 bytes for each vector. */
#define HANDLERS_OFFSET 0x1000
#define HANDLER_BYTES   16

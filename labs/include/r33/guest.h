/*
 * The description of a guest: what a lab's part is to set up.
 *
 * The kernel passes it to the part on a read-only page.  A member's comment names the lab that
 * is responsible for it; every part may read all of them.
 */
#pragma once

#include <stdint.h>

/* The eight modes a guest of this course can start in. */
enum guest_mode {
	GUEST_64BIT,             /* IA-32e mode, 64-bit code */
	GUEST_COMPATIBILITY,     /* IA-32e mode, 32-bit code */
	GUEST_32BIT_PAE,         /* protected mode, PAE paging */
	GUEST_32BIT,             /* protected mode, 32-bit paging */
	GUEST_PROTECTED_UNPAGED, /* protected mode, CR0.PG = 0 */
	GUEST_REAL,              /* real-address mode, CR0.PE = 0 */
	GUEST_16BIT,             /* protected mode, 16-bit code, 32-bit paging */
	GUEST_VIRTUAL_8086,      /* protected mode, RFLAGS.VM = 1, 32-bit paging */
	GUEST_MODE_COUNT
};

/* The segment registers, in the order of their VMCS fields. */
enum segment_register {
	SEGMENT_ES,
	SEGMENT_CS,
	SEGMENT_SS,
	SEGMENT_DS,
	SEGMENT_FS,
	SEGMENT_GS,
	SEGMENT_LDTR,
	SEGMENT_TR,
	SEGMENT_COUNT
};

/* What a guest is doing at the moment when it is entered. */
enum guest_doing {
	GUEST_RUNS,
	GUEST_IS_HALTED,     /* it executed HLT, and nothing has woken it yet */
	GUEST_IS_SHUT_DOWN,  /* a triple fault stopped it */
	GUEST_AWAITS_SIPI,   /* a processor that no other processor has started yet */
	GUEST_WAITS_IN_MWAIT /* it waits for a write to memory */
};

/* Instructions with an effect on the next moment: bits. */
#define EXECUTED_STI    (1u << 0)
#define EXECUTED_MOV_SS (1u << 1) /* or POP SS */
#define EXECUTED_HLT    (1u << 2)

/* What a guest can be inside of: bits. */
#define INSIDE_NMI_HANDLER (1u << 0) /* it has taken an NMI and not yet executed IRET */
#define INSIDE_SMI_HANDLER (1u << 1) /* it is in system-management mode */
#define INSIDE_ENCLAVE     (1u << 2) /* an enclave (SGX) was interrupted */

/* What a guest wants to find in one segment register. */
struct segment_wish {
	uint16_t selector;
	/* The 8 bytes in its GDT or LDT (SDM 3A 3.4.5, "Segment Descriptors"); 0: the register is
	 * not usable.  In real-address and virtual-8086 mode the first six registers have no
	 * descriptor. */
	uint64_t descriptor;
	/* LDTR and TR in IA-32e mode have 16-byte descriptors: bits 63:32 of the base. */
	uint32_t base_63_32;
};

struct guest {
	enum guest_mode mode;
	uint32_t
	        ia32e_mode; /* the VM-entry control "IA-32e mode guest": 1 for the first two modes */

	/* Lab 1.  The values the guest wants to find in its control registers. */
	uint64_t cr0;
	uint64_t cr3;
	uint64_t cr4;
	uint64_t cr4_optional; /* more CR4 bits it would use if the processor has them */

	/* Lab 2. */
	uint64_t rip; /* of its first instruction, relative to the base of CS */
	uint64_t rsp;
	uint64_t rflags;
	/* The event that VM entry injects: the VM-entry interruption-information field, which the
	 * kernel has already written.  0: none. */
	uint32_t injected_event;

	/* Lab 3. */
	struct segment_wish segments[SEGMENT_COUNT];
	/* In IA-32e mode the bases of FS and GS, whatever their descriptors say: the contents of
	 * the MSRs IA32_FS_BASE and IA32_GS_BASE. */
	uint64_t fs_base;
	uint64_t gs_base;

	/* Lab 4: linear addresses and limits (in bytes, minus one) of the guest's tables, and what it
	 * wants to find in DR7 and in MSRs.  A member that VM entry does not load does not count. */
	uint64_t gdt_base;
	uint64_t idt_base;
	uint32_t gdt_limit;
	uint32_t idt_limit;
	uint64_t dr7;
	uint64_t debugctl;
	uint32_t sysenter_cs;
	uint64_t sysenter_esp;
	uint64_t sysenter_eip;
	uint64_t pat;
	uint64_t efer;
	uint64_t perf_global_ctrl;
	uint64_t s_cet;
	uint64_t ssp;
	uint64_t interrupt_ssp_table;

	/* Lab 5.  What the guest was doing when it exited, and what is still due. */
	uint32_t doing; /* enum guest_doing */
	/* The instruction executed last, and the one before it.  Both STI and MOV SS: the guest claims
	 * to have just executed both. */
	uint32_t executed_last;
	uint32_t executed_before;
	uint32_t interrupts_were_on; /* RFLAGS.IF before the last instruction */
	uint32_t inside;
	uint32_t enabled_breakpoints; /* bits 3:0: those of its DR7 that are enabled */
	/* The debug exception that it has not taken yet, as the guest's DR6 would show it (SDM 3B,
	 * "Debug Status Register (DR6)").  FFFF0FF0h: there is none. */
	uint64_t due_dr6;

	/* Lab 6. */
	/* The VMCS region to which the guest's VMCS is linked: its physical address, and its first 4
	 * bytes.  Address 0: there is none. */
	uint64_t linked_vmcs;
	uint32_t linked_vmcs_header;
	/* 1: a VM exit is to come when the guest has run for timer_tsc_ticks ticks of the time-stamp
	 * counter. */
	uint32_t has_timer;
	uint64_t timer_tsc_ticks;
	/* The page-directory-pointer-table entries of a guest with PAE paging. */
	uint64_t pdptes[4];
	/* 1: the virtual APIC has the interrupts with these vectors: requested and not yet delivered,
	 * delivered and not yet ended.  Vector v is bit v % 32 of word v / 32. */
	uint32_t has_virtual_interrupts;
	uint32_t virtual_irr[8];
	uint32_t virtual_isr[8];
	/* 1: pages that the guest modifies are logged; how many of the log's 512 entries are free. */
	uint32_t has_page_log;
	uint32_t page_log_free;

	/* Lab 8. */
	uint32_t exercise; /* enum exercise_number */
};

/* These descriptors are in the GDT of every guest. */
#define GUEST_SELECTOR_CODE64 0x08
#define GUEST_SELECTOR_CODE32 0x10
#define GUEST_SELECTOR_DATA   0x18
#define GUEST_SELECTOR_TSS    0x20

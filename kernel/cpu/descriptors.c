/* The kernel's GDT, TSS and IDT: static tables, filled once, loaded again after every VM exit. */
#include "cpu/descriptors.h"

#include <stddef.h>

#include "cpu/trap.h"
#include "cpu/x86.h"

#define IST_DOUBLE_FAULT 1
#define IST_NMI          2
#define IST_STACK_BYTES  8192

/* Gate types and rights: present, interrupt gate (clears IF), DPL 0 or 3. */
#define GATE_KERNEL 0x8e
#define GATE_USER   0xee

struct __attribute__((packed)) gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t ist;
	uint8_t type;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

struct __attribute__((packed)) tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map_base; /* beyond the limit: no port is open to CPL 3 */
};

static uint64_t gdt[7] = {
	[SELECTOR_KERNEL_CODE / 8] = 0x00209b0000000000, /* code, DPL 0, L */
	[SELECTOR_KERNEL_DATA / 8] = 0x0000930000000000, /* data, DPL 0 */
	[SELECTOR_USER_DATA / 8] = 0x0000f30000000000,   /* data, DPL 3 */
	[SELECTOR_USER_CODE / 8] = 0x0020fb0000000000,   /* code, DPL 3, L */
};
static struct gate idt[TRAP_VECTOR_COUNT];
static uint8_t ist_stacks[2][IST_STACK_BYTES] __attribute__((aligned(16)));
static struct tss tss = { .io_map_base = sizeof(struct tss) };

/* One word per vector, made by trap_entry.S. */
extern const uint64_t trap_stubs[TRAP_VECTOR_COUNT];

static void
set_gate(unsigned vector, uint8_t type, uint8_t ist)
{
	uint64_t offset = trap_stubs[vector];

	idt[vector] = (struct gate){
		.offset_low = (uint16_t)offset,
		.selector = SELECTOR_KERNEL_CODE,
		.ist = ist,
		.type = type,
		.offset_middle = (uint16_t)(offset >> 16),
		.offset_high = (uint32_t)(offset >> 32),
	};
}

static void
set_tss_descriptor(void)
{
	uint64_t base = (uint64_t)&tss;

	gdt[SELECTOR_TSS / 8] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | 0x89ull << 40 |
	                        (base >> 24 & 0xff) << 56;
	gdt[SELECTOR_TSS / 8 + 1] = base >> 32;
}

void
descriptors_reload(void)
{
	lgdt(&(struct table_register){ sizeof(gdt) - 1, (uint64_t)gdt });
	lidt(&(struct table_register){ sizeof(idt) - 1, (uint64_t)idt });
}

void
descriptors_init(void)
{
	for (unsigned vector = 0; vector < TRAP_VECTOR_COUNT; vector++)
		set_gate(vector, GATE_KERNEL, 0);
	set_gate(TRAP_LAB_CPUID, GATE_USER, 0);
	set_gate(TRAP_LAB_SERVICE, GATE_USER, 0);
	set_gate(VECTOR_DF, GATE_KERNEL, IST_DOUBLE_FAULT);
	set_gate(VECTOR_NMI, GATE_KERNEL, IST_NMI);
	tss_rsp0 = (uint8_t *)&tss + offsetof(struct tss, rsp);
	tss.ist[IST_DOUBLE_FAULT - 1] = (uint64_t)ist_stacks[1];
	tss.ist[IST_NMI - 1] = (uint64_t)(ist_stacks + 2);
	set_tss_descriptor();
	descriptors_reload();
	load_code_segment(SELECTOR_KERNEL_CODE, SELECTOR_KERNEL_DATA);
	ltr(SELECTOR_TSS);
}

uint64_t
descriptors_gdt_base(void)
{
	return (uint64_t)gdt;
}

uint64_t
descriptors_idt_base(void)
{
	return (uint64_t)idt;
}

uint64_t
descriptors_tss_base(void)
{
	return (uint64_t)&tss;
}

/* The guest's tables, image and report page. */
#include "grade/guest_memory.h"

#include <r33/msr.h>
#include <r33/paging.h>
#include <r33/rflags.h>

#include "cpu/fault.h"
#include "cpu/frames.h"
#include "cpu/x86.h"
#include "grade/guest_segments.h"
#include "lib/string.h"
#include "vmx/backend.h"
#include "vmx/ept.h"

/* Offsets in the window; those of the report page, the tables, the alias page and the image are in report.h. */
#define PML4_OFFSET          0x3000
#define PDPT_OFFSET          0x4000
#define DIRECTORY64_OFFSET   0x5000
#define PAE_PDPT_OFFSET      0x7000
#define PAE_DIRECTORY_OFFSET 0x8000
#define DIRECTORY32_OFFSET   0xa000
#define TABLE32_OFFSET       0xb000
#define TOKEN_4_LEVEL_OFFSET 0xc000
#define TOKEN_PAE_OFFSET     0xd000
#define TOKEN_32BIT_OFFSET   0xe000
#define REAL_STACK_TOP       0xfff0
#define IMAGE_MAX_BYTES      0x8000
#define STACK_TOP_OFFSET     0x38000
#define LOW_TABLE32_OFFSET   0x39000
#define STACKS_OFFSET        0x30000 /* between image and stacks there is nothing */
#define USED_BYTES           0x40000 /* what is filled again for each case ends here */

#define IDT_LIMIT 0x7ff

#define DR7_AFTER_RESET 0x400 /* SDM 3A, "Processor State After Reset" */

#define TSS_IO_MAP_BASE 0x66 /* where the TSS says where the map is */

#define PAGE_PRESENT_RW (PAGE_PRESENT | PAGE_WRITABLE)
#define PML4_UPPER_HALF 256          /* FFFF800000000000h */
#define LOW_BYTES       (1ull << 20) /* what real-mode addresses reach */

extern const struct guest_image guest_images_start[], guest_images_end[];

static uint8_t *const window = (uint8_t *)GUEST_WINDOW;
static uint64_t ept_pointer;

const char *
guest_memory_init(const struct capabilities *capabilities)
{
	extern uint8_t kernel_end[];

	if (!frames_is_ram(GUEST_WINDOW, GUEST_WINDOW_BYTES) || (uint64_t)kernel_end > GUEST_WINDOW)
		return "the guest's memory at 16 MiB is not RAM: give the machine at least 32 MiB";
	if (frames_are_reserved(GUEST_WINDOW, GUEST_WINDOW_BYTES))
		return "a boot module is in the guest's memory at 16 MiB: the modules are too "
		       "large";
	frames_reserve(GUEST_WINDOW, GUEST_WINDOW_BYTES);
	vmx_window = (struct vmx_window){ GUEST_WINDOW, GUEST_WINDOW_BYTES };
	if (capabilities->ept)
		ept_pointer = ept_build(GUEST_WINDOW);
	return NULL;
}

uint64_t
guest_memory_ept_pointer(void)
{
	return ept_pointer;
}

static uint64_t *
table64(uint64_t offset)
{
	return (uint64_t *)(window + offset);
}

/* A table of 64-bit entries that maps the window to itself, the alias page to the token's.  flags:
 * of each entry, here and below.  Made once for either: copying is faster. */
static void
fill_table64(uint64_t *table, uint64_t token_offset, uint64_t flags)
{
	static uint64_t made[2][PAGE_TABLE_ENTRIES];
	uint64_t *entries = made[!!(flags & PAGE_USER)];

	if (!entries[0])
		for (uint64_t i = 0; i < PAGE_TABLE_ENTRIES; i++)
			entries[i] = (GUEST_WINDOW + i * PAGE_BYTES) | flags;
	memcpy(table, entries, PAGE_BYTES);
	table[ALIAS_OFFSET / PAGE_BYTES] = (GUEST_WINDOW + token_offset) | flags;
}

static void
fill_4_level_paging(uint64_t flags)
{
	/* A guest may run in the upper half of the linear addresses as well. */
	table64(PML4_OFFSET)[0] = (GUEST_WINDOW + PDPT_OFFSET) | flags;
	table64(PML4_OFFSET)[PML4_UPPER_HALF] = table64(PML4_OFFSET)[0];
	table64(PDPT_OFFSET)[0] = (GUEST_WINDOW + DIRECTORY64_OFFSET) | flags;
	table64(DIRECTORY64_OFFSET)[GUEST_WINDOW >> 21] = (GUEST_WINDOW + TABLE64_OFFSET) | flags;
	fill_table64(table64(TABLE64_OFFSET), TOKEN_4_LEVEL_OFFSET, flags);
}

static void
fill_pae_paging(uint64_t flags)
{
	/* A PAE PDPTE has neither of these bits: they are reserved. */
	table64(PAE_PDPT_OFFSET)[0] = (GUEST_WINDOW + PAE_DIRECTORY_OFFSET) | PAGE_PRESENT;
	for (uint64_t gib = 1; gib < 4; gib++)
		table64(QUARTER_DIRECTORIES + (gib - 1) * PAGE_BYTES)[QUARTER_LARGE_PAGE + gib] =
		        GUEST_WINDOW | flags | PAGE_LARGE;
	table64(PAE_DIRECTORY_OFFSET)[GUEST_WINDOW >> 21] =
	        (GUEST_WINDOW + PAE_TABLE_OFFSET) | flags;
	fill_table64(table64(PAE_TABLE_OFFSET), TOKEN_PAE_OFFSET, flags);
}

static void
fill_table32(uint64_t table_offset, uint64_t bytes, uint64_t flags)
{
	uint32_t *table = (uint32_t *)(window + table_offset);

	for (uint32_t i = 0; i < bytes / PAGE_BYTES; i++)
		table[i] = (uint32_t)((GUEST_WINDOW + i * PAGE_BYTES) | flags);
	table[ALIAS_OFFSET / PAGE_BYTES] = (uint32_t)((GUEST_WINDOW + TOKEN_32BIT_OFFSET) | flags);
}

static void
fill_32bit_paging(uint64_t flags, bool low)
{
	uint32_t *directory = (uint32_t *)(window + DIRECTORY32_OFFSET);

	directory[GUEST_WINDOW >> 22] = (uint32_t)((GUEST_WINDOW + TABLE32_OFFSET) | flags);
	fill_table32(TABLE32_OFFSET, GUEST_WINDOW_BYTES, flags);
	if (!low)
		return;
	/* Virtual-8086 code reaches the first MiB only: there it finds the window's. */
	directory[0] = (uint32_t)((GUEST_WINDOW + LOW_TABLE32_OFFSET) | flags);
	fill_table32(LOW_TABLE32_OFFSET, LOW_BYTES, flags);
}

/* A TSS with the I/O permission map that report.h tells of (SDM 1, "I/O Permission Bit Map"). */
static void
fill_task_state(void)
{
	uint8_t *map = window + TSS_OFFSET + TSS_IO_MAP;

	*(uint16_t *)(window + TSS_OFFSET + TSS_IO_MAP_BASE) = TSS_IO_MAP;
	map[TSS_CLOSED_PORTS / 8] = 0xff;
}

static void
fill_tokens(void)
{
	*(uint32_t *)(window + TOKEN_4_LEVEL_OFFSET) = TOKEN_4_LEVEL;
	*(uint32_t *)(window + TOKEN_PAE_OFFSET) = TOKEN_PAE;
	*(uint32_t *)(window + TOKEN_32BIT_OFFSET) = TOKEN_32BIT;
	*(uint32_t *)(window + ALIAS_OFFSET) = TOKEN_UNPAGED;
}

static const struct guest_image *
find_image(const char *name)
{
	for (const struct guest_image *image = guest_images_start; image < guest_images_end;
	        image++)
		if (strcmp(image->name, name) == 0 && image->end - image->start <= IMAGE_MAX_BYTES)
			return image;
	kernel_panic("no guest image \"%s\" of at most %d bytes", name, IMAGE_MAX_BYTES);
}

static uint64_t
paging_structures(enum guest_mode mode)
{
	static const uint64_t offsets[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = PML4_OFFSET,
		[GUEST_COMPATIBILITY] = PML4_OFFSET,
		[GUEST_32BIT_PAE] = PAE_PDPT_OFFSET,
		[GUEST_32BIT] = DIRECTORY32_OFFSET,
		[GUEST_PROTECTED_UNPAGED] = DIRECTORY32_OFFSET, /* loaded, not used */
		[GUEST_REAL] = DIRECTORY32_OFFSET,
		[GUEST_16BIT] = DIRECTORY32_OFFSET,
		[GUEST_VIRTUAL_8086] = DIRECTORY32_OFFSET,
	};

	return GUEST_WINDOW + offsets[mode];
}

/* What a case says goes on top of what every guest needs; of EFER it says which bits are otherwise. */
static void
complete_tables_and_msrs(struct guest *guest)
{
	guest->gdt_base += GUEST_WINDOW + GDT_OFFSET;
	guest->gdt_limit += GDT_BYTES - 1;
	guest->idt_base += guest->mode == GUEST_REAL ? 0 : GUEST_WINDOW + IDT_OFFSET;
	guest->idt_limit += IDT_LIMIT;
	guest->dr7 |= DR7_AFTER_RESET;
	if (!guest->pat)
		guest->pat = PAT_AFTER_RESET;
	guest->efer ^= guest->ia32e_mode ? EFER_LME | EFER_LMA : 0;
}

void
guest_place(struct guest *guest, const char *image_name)
{
	const struct guest_image *image = find_image(image_name);
	bool virtual_8086 = guest->mode == GUEST_VIRTUAL_8086;
	bool short_stack = guest->mode == GUEST_REAL || guest->mode == GUEST_16BIT || virtual_8086;
	/* 16-bit images are linked for real mode, and run wherever CS begins with them. */
	uint64_t image_address =
	        guest->mode == GUEST_16BIT ? (uint64_t)IMAGE_ADDRESS : image->address;
	uint64_t flags;

	guest->ia32e_mode = guest->mode == GUEST_64BIT || guest->mode == GUEST_COMPATIBILITY;
	guest_complete_segments(guest);
	flags = PAGE_PRESENT_RW | (guest_runs_at_cpl3(guest) ? PAGE_USER : 0);
	memset(window, 0, IMAGE_OFFSET + IMAGE_MAX_BYTES);
	memset(window + STACKS_OFFSET, 0, USED_BYTES - STACKS_OFFSET);
	fill_4_level_paging(flags);
	fill_pae_paging(flags);
	fill_32bit_paging(flags, virtual_8086);
	guest_write_descriptors(
	        guest, (uint64_t *)(window + GDT_OFFSET), (uint64_t *)(window + LDT_OFFSET));
	fill_task_state();
	fill_tokens();
	memcpy(window + IMAGE_OFFSET, image->start, (size_t)(image->end - image->start));

	guest->cr3 += paging_structures(guest->mode);
	guest->rip += image_address - guest_cs_base(guest);
	guest->rsp += short_stack ? REAL_STACK_TOP : GUEST_WINDOW + STACK_TOP_OFFSET;
	guest->rflags |= RFLAGS_IF; /* see vmx/timed_entry.h */
	if (virtual_8086)
		guest->rflags |= RFLAGS_VM;
	if (!guest->due_dr6)
		guest->due_dr6 = DR6_FIXED;
	complete_tables_and_msrs(guest);
	for (unsigned i = 0; i < 4; i++) {
		table64(PAE_PDPT_OFFSET)[i] += guest->pdptes[i];
		guest->pdptes[i] = table64(PAE_PDPT_OFFSET)[i];
	}
}

void
guest_write_pdpt(const struct guest *guest)
{
	memcpy(table64(PAE_PDPT_OFFSET), guest->pdptes, sizeof(guest->pdptes));
}

void
guest_empty_pdpt(void)
{
	memset(table64(PAE_PDPT_OFFSET), 0, 4 * sizeof(uint64_t));
}

uint64_t *
guest_report(void)
{
	return table64(REPORT_OFFSET);
}

uint32_t
guest_token(enum guest_mode mode)
{
	static const uint32_t tokens[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = TOKEN_4_LEVEL,
		[GUEST_COMPATIBILITY] = TOKEN_4_LEVEL,
		[GUEST_32BIT_PAE] = TOKEN_PAE,
		[GUEST_32BIT] = TOKEN_32BIT,
		[GUEST_PROTECTED_UNPAGED] = TOKEN_UNPAGED,
		[GUEST_REAL] = TOKEN_UNPAGED,
		[GUEST_16BIT] = TOKEN_32BIT,
		[GUEST_VIRTUAL_8086] = TOKEN_32BIT,
	};

	return tokens[mode];
}

const char *
guest_token_meaning(uint64_t token)
{
	switch (token) {
	case TOKEN_4_LEVEL: return "4-level paging";
	case TOKEN_PAE: return "PAE paging";
	case TOKEN_32BIT: return "32-bit paging";
	case TOKEN_UNPAGED: return "no paging";
	default: return "paging structures that are not the guest's";
	}
}

/* The guest's tables, image and report page. */
#include "grade/guest_memory.h"

#include "cpu/fault.h"
#include "cpu/frames.h"
#include "lib/string.h"
#include "vmx/ept.h"

#include <r33/rflags.h>

/* Offsets in the window; the report page, the alias page and the image stand in report.h. */
#define GDT_OFFSET           0x2000
#define TSS_OFFSET           0x2400
#define IDT_OFFSET           0x2800
#define PML4_OFFSET          0x3000
#define PDPT_OFFSET          0x4000
#define DIRECTORY64_OFFSET   0x5000
#define TABLE64_OFFSET       0x6000
#define PAE_PDPT_OFFSET      0x7000
#define PAE_DIRECTORY_OFFSET 0x8000
#define PAE_TABLE_OFFSET     0x9000
#define DIRECTORY32_OFFSET   0xa000
#define TABLE32_OFFSET       0xb000
#define TOKEN_4_LEVEL_OFFSET 0xc000
#define TOKEN_PAE_OFFSET     0xd000
#define TOKEN_32BIT_OFFSET   0xe000
#define REAL_STACK_TOP       0xfff0
#define IMAGE_MAX_BYTES      0x20000
#define STACK_TOP_OFFSET     0x38000
#define USED_BYTES           0x40000 /* what is filled anew for each case */

#define TSS_LIMIT 0x67
#define IDT_LIMIT 0x7ff

#define PAGE_PRESENT       1ull
#define PAGE_PRESENT_RW    3ull
#define PAGE_TABLE_ENTRIES 512
#define PML4_UPPER_HALF    256 /* FFFF800000000000h */
#define REAL_MODE_CS_BASE  IMAGE_REAL_ADDRESS

extern const struct guest_image guest_images_start[], guest_images_end[];

static uint8_t *const window = (uint8_t *)GUEST_WINDOW;
static uint64_t ept_pointer;

const char *
guest_memory_init(const struct capabilities *capabilities)
{
	extern uint8_t kernel_end[];

	if (!frames_is_ram(GUEST_WINDOW, GUEST_WINDOW_BYTES) || (uint64_t)kernel_end > GUEST_WINDOW)
		return "the guest's memory at 16 MiB is no RAM: give the machine at least 32 MiB";
	if (frames_are_reserved(GUEST_WINDOW, GUEST_WINDOW_BYTES))
		return "a boot module lies in the guest's memory at 16 MiB: the modules are too "
		       "large";
	frames_reserve(GUEST_WINDOW, GUEST_WINDOW_BYTES);
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

/* A table of 64-bit entries that maps the window to itself, the alias page to the token's. */
static void
fill_table64(uint64_t *table, uint64_t token_offset)
{
	for (uint64_t i = 0; i < PAGE_TABLE_ENTRIES; i++)
		table[i] = (GUEST_WINDOW + i * PAGE_BYTES) | PAGE_PRESENT_RW;
	table[ALIAS_OFFSET / PAGE_BYTES] = (GUEST_WINDOW + token_offset) | PAGE_PRESENT_RW;
}

static void
fill_4_level_paging(void)
{
	/* A guest may run in the upper half of the linear addresses as well. */
	table64(PML4_OFFSET)[0] = (GUEST_WINDOW + PDPT_OFFSET) | PAGE_PRESENT_RW;
	table64(PML4_OFFSET)[PML4_UPPER_HALF] = table64(PML4_OFFSET)[0];
	table64(PDPT_OFFSET)[0] = (GUEST_WINDOW + DIRECTORY64_OFFSET) | PAGE_PRESENT_RW;
	table64(DIRECTORY64_OFFSET)[GUEST_WINDOW >> 21] =
	        (GUEST_WINDOW + TABLE64_OFFSET) | PAGE_PRESENT_RW;
	fill_table64(table64(TABLE64_OFFSET), TOKEN_4_LEVEL_OFFSET);
}

static void
fill_pae_paging(void)
{
	/* A PAE PDPTE has no writable bit: it is reserved. */
	table64(PAE_PDPT_OFFSET)[0] = (GUEST_WINDOW + PAE_DIRECTORY_OFFSET) | PAGE_PRESENT;
	table64(PAE_DIRECTORY_OFFSET)[GUEST_WINDOW >> 21] =
	        (GUEST_WINDOW + PAE_TABLE_OFFSET) | PAGE_PRESENT_RW;
	fill_table64(table64(PAE_TABLE_OFFSET), TOKEN_PAE_OFFSET);
}

static void
fill_32bit_paging(void)
{
	uint32_t *directory = (uint32_t *)(window + DIRECTORY32_OFFSET);
	uint32_t *table = (uint32_t *)(window + TABLE32_OFFSET);

	directory[GUEST_WINDOW >> 22] = (GUEST_WINDOW + TABLE32_OFFSET) | PAGE_PRESENT_RW;
	for (uint32_t i = 0; i < GUEST_WINDOW_BYTES / PAGE_BYTES; i++)
		table[i] = (uint32_t)(GUEST_WINDOW + i * PAGE_BYTES) | PAGE_PRESENT_RW;
	table[ALIAS_OFFSET / PAGE_BYTES] = (GUEST_WINDOW + TOKEN_32BIT_OFFSET) | PAGE_PRESENT_RW;
}

static void
fill_descriptors(void)
{
	uint64_t *gdt = (uint64_t *)(window + GDT_OFFSET);
	uint64_t tss = GUEST_WINDOW + TSS_OFFSET;

	gdt[GUEST_SELECTOR_CODE64 / 8] = 0x00af9b000000ffff;
	gdt[GUEST_SELECTOR_CODE32 / 8] = 0x00cf9b000000ffff;
	gdt[GUEST_SELECTOR_DATA / 8] = 0x00cf93000000ffff;
	gdt[GUEST_SELECTOR_TSS / 8] =
	        TSS_LIMIT | (tss & 0xffffff) << 16 | 0x8bull << 40 | (tss >> 24) << 56;
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
	};

	return GUEST_WINDOW + offsets[mode];
}

void
guest_place(struct guest *guest, const char *image_name)
{
	const struct guest_image *image = find_image(image_name);
	bool real = guest->mode == GUEST_REAL;

	memset(window, 0, USED_BYTES);
	fill_4_level_paging();
	fill_pae_paging();
	fill_32bit_paging();
	fill_descriptors();
	fill_tokens();
	memcpy(window + IMAGE_OFFSET, image->start, (size_t)(image->end - image->start));

	guest->ia32e_mode = guest->mode == GUEST_64BIT || guest->mode == GUEST_COMPATIBILITY;
	guest->cr3 += paging_structures(guest->mode);
	guest->cs_base = real ? REAL_MODE_CS_BASE : 0;
	guest->rip += image->address - guest->cs_base;
	guest->rsp += real ? REAL_STACK_TOP : GUEST_WINDOW + STACK_TOP_OFFSET;
	guest->rflags |= RFLAGS_IF; /* see vmx/timed_entry.h */
	guest->gdt_base = GUEST_WINDOW + GDT_OFFSET;
	guest->gdt_limit = GUEST_SELECTOR_TSS + 16 - 1;
	guest->idt_base = real ? 0 : GUEST_WINDOW + IDT_OFFSET;
	guest->idt_limit = IDT_LIMIT;
	guest->tss_base = GUEST_WINDOW + TSS_OFFSET;
	guest->tss_limit = TSS_LIMIT;
	memcpy(guest->pdptes, window + PAE_PDPT_OFFSET, sizeof guest->pdptes);
}

const uint64_t *
guest_report(void)
{
	return (const uint64_t *)(window + REPORT_OFFSET);
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

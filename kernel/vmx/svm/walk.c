/* The guest page walker.  Each step goes one level down and every address is cut to the physical width, so whatever
 * the tables hold, a walk ends after four entries. */
#include "vmx/svm/walk.h"

#include <r33/paging.h>

#include "cpu/paging.h"

#define PHYSICAL_BITS_MIN 32
#define PHYSICAL_BITS_MAX 52

#define LEVEL_PTE   1
#define LEVEL_PDE   2
#define LEVEL_PDPTE 3
#define LEVEL_PML4E 4

/* Bits low to high - 1. */
static uint64_t
bits_between(unsigned low, unsigned high)
{
	return (high >= 64 ? UINT64_MAX : BIT(high) - 1) & ~(BIT(low) - 1);
}

static unsigned
physical_bits(const struct walk_state *state)
{
	if (state->physical_bits < PHYSICAL_BITS_MIN)
		return PHYSICAL_BITS_MIN;
	return state->physical_bits < PHYSICAL_BITS_MAX ? state->physical_bits : PHYSICAL_BITS_MAX;
}

/* Read an entry of 4 or 8 bytes and note where it is; false when the walk ends here. */
static bool
read_entry(const struct walk_state *state, struct walk *walk, unsigned level, uint64_t physical,
        size_t bytes, uint64_t *entry)
{
	uint32_t entry_32 = 0;

	walk->level = level;
	walk->entry_physical = physical;
	*entry = 0;
	if (!state->read(state->context, physical, bytes == 4 ? (void *)&entry_32 : entry, bytes)) {
		walk->result = WALK_UNREADABLE;
		return false;
	}
	if (bytes == 4)
		*entry = entry_32;
	if (!(*entry & PAGE_PRESENT)) {
		walk->result = WALK_NOT_PRESENT;
		return false;
	}
	return true;
}

/* Take an entry's rights into account; false when it has a reserved bit set. */
static bool
accept_entry(struct walk *walk, uint64_t entry, uint64_t reserved)
{
	if (entry & reserved) {
		walk->result = WALK_RESERVED_BIT;
		return false;
	}
	walk->writable &= (entry & PAGE_WRITABLE) != 0;
	walk->user &= (entry & PAGE_USER) != 0;
	walk->executable &= !(entry & PAGE_NO_EXECUTE);
	return true;
}

static void
finish(struct walk *walk, uint64_t frame, uint64_t page_bytes, uint64_t linear)
{
	walk->result = WALK_FOUND;
	walk->page_bytes = page_bytes;
	walk->physical = frame | (linear & (page_bytes - 1));
}

static void
walk_32_bit(const struct walk_state *state, struct walk *walk, uint32_t linear)
{
	uint64_t entry, high;

	if (!read_entry(state, walk, LEVEL_PDE,
	            (state->cr3 & bits_between(12, 32)) + (linear >> 22) * 4, 4, &entry))
		return;
	if (state->large_pages_32 && (entry & PAGE_LARGE)) {
		/* Bits 20:13 are address bits 39:32 (PSE-36), as far as the processor has them. */
		high = (entry & bits_between(13, 21)) << (32 - 13);
		if (accept_entry(walk, entry,
		            BIT(21) | (high >> physical_bits(state) << physical_bits(state) >>
		                              (32 - 13))))
			finish(walk, high | (entry & bits_between(22, 32)), BIT(22), linear);
		return;
	}
	if (!accept_entry(walk, entry, 0) ||
	        !read_entry(state, walk, LEVEL_PTE,
	                (entry & bits_between(12, 32)) + (linear >> 12 & 0x3ff) * 4, 4, &entry))
		return;
	if (accept_entry(walk, entry, 0))
		finish(walk, entry & bits_between(12, 32), PAGE_BYTES, linear);
}

/* What a 64-bit entry at this level may not have set. */
static uint64_t
reserved_bits(const struct walk_state *state, unsigned level, uint64_t entry)
{
	uint64_t reserved = bits_between(physical_bits(state), PHYSICAL_BITS_MAX);

	if (!state->no_execute)
		reserved |= PAGE_NO_EXECUTE;
	if (state->mode == WALK_PAE)
		reserved |= bits_between(PHYSICAL_BITS_MAX, 63);
	if (level == LEVEL_PML4E || (level == LEVEL_PDPTE && !state->gib_pages))
		reserved |= PAGE_LARGE;
	else if (level > LEVEL_PTE && (entry & PAGE_LARGE)) /* bit 12 is PAT */
		reserved |= bits_between(13, 12 + 9 * (level - 1));
	return reserved;
}

/* From the table at physical address table down, with entries of 8 bytes. */
static void
walk_levels(const struct walk_state *state, struct walk *walk, unsigned level, uint64_t table,
        uint64_t linear)
{
	uint64_t frame = bits_between(12, physical_bits(state));

	for (; level >= LEVEL_PTE; level--) {
		unsigned shift = 12 + 9 * (level - 1);
		uint64_t entry;

		if (!read_entry(state, walk, level,
		            (table & frame) +
		                    (linear >> shift) % PAGE_TABLE_ENTRIES * sizeof(entry),
		            sizeof(entry), &entry) ||
		        !accept_entry(walk, entry, reserved_bits(state, level, entry)))
			return;
		if (level == LEVEL_PTE || (entry & PAGE_LARGE)) {
			finish(walk, entry & frame & ~(BIT(shift) - 1), BIT(shift), linear);
			return;
		}
		table = entry;
	}
}

static void
walk_pae(const struct walk_state *state, struct walk *walk, uint32_t linear)
{
	uint64_t pdpte = state->pdptes[linear >> 30];

	walk->level = LEVEL_PDPTE;
	walk->result = WALK_NOT_PRESENT;
	if (pdpte & PDPTE_PRESENT)
		walk_levels(state, walk, LEVEL_PDE, pdpte, linear);
}

struct walk
walk_guest(const struct walk_state *state, uint64_t linear)
{
	struct walk walk = { .writable = true, .user = true, .executable = true };

	switch (state->mode) {
	case WALK_UNPAGED:
		finish(&walk, (uint32_t)linear & ~(PAGE_BYTES - 1), PAGE_BYTES, linear);
		break;
	case WALK_32_BIT: walk_32_bit(state, &walk, linear); break;
	case WALK_PAE: walk_pae(state, &walk, linear); break;
	case WALK_4_LEVEL:
		if (linear_is_canonical(linear))
			walk_levels(state, &walk, LEVEL_PML4E, state->cr3, linear);
		else
			walk.result = WALK_NOT_CANONICAL;
	}
	return walk;
}

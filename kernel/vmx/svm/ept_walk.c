/* The walk through extended page tables: four levels down at most, whatever they hold. */
#include "vmx/svm/ept_walk.h"

#include <stddef.h>

#include <r33/paging.h>

#define GUEST_PHYSICAL_BITS 48 /* with 4 levels; one more is an EPT violation */
#define PHYSICAL_BITS_MAX   52

/* Memory types of a leaf, bits 5:3: UC, WC, WT, WP and WB exist. */
#define EPT_MEMORY_TYPE(entry) ((entry) >> 3 & 7)
#define MEMORY_TYPES           (1u << 0 | 1u << 1 | 1u << 4 | 1u << 5 | 1u << 6)

#define LEVEL_PTE   1
#define LEVEL_PDE   2
#define LEVEL_PDPTE 3
#define LEVEL_PML4E 4

/* Bits low to high - 1. */
static uint64_t
bits_between(unsigned low, unsigned high)
{
	return (BIT(high) - 1) & ~(BIT(low) - 1);
}

static bool
is_leaf(unsigned level, uint64_t entry)
{
	return level == LEVEL_PTE || (level < LEVEL_PML4E && (entry & EPT_LARGE));
}

/* SDM 3C, "EPT Misconfigurations": of an entry with any of bits 2:0 set. */
static bool
is_misconfigured(const struct ept_features *features, unsigned level, uint64_t entry)
{
	uint64_t rights = entry & EPT_READ_WRITE_EXECUTE;
	uint64_t reserved = bits_between(features->physical_bits, PHYSICAL_BITS_MAX);

	if ((rights & (EPT_READ | EPT_WRITE)) == EPT_WRITE)
		return true;
	if (rights == EPT_EXECUTE && !features->execute_only)
		return true;
	if (!is_leaf(level, entry)) {
		reserved |= bits_between(3, 7);
		if (level == LEVEL_PML4E)
			reserved |= EPT_LARGE;
	} else {
		if (!(MEMORY_TYPES >> EPT_MEMORY_TYPE(entry) & 1))
			return true;
		if (level > LEVEL_PTE)
			reserved |= bits_between(12, 12 + 9 * (level - 1));
		if ((level == LEVEL_PDE && !features->pages_2_mib) ||
		        (level == LEVEL_PDPTE && !features->pages_1_gib))
			reserved |= EPT_LARGE;
	}
	return (entry & reserved) != 0;
}

struct ept_walk
ept_walk(const struct host_memory *memory, const struct ept_features *features,
        uint64_t ept_pointer, uint64_t guest_physical)
{
	struct ept_walk walk = { .result = EPT_NOT_PRESENT };
	uint64_t frame = bits_between(12, features->physical_bits);
	uint64_t rights = EPT_READ_WRITE_EXECUTE;
	uint64_t table = ept_pointer;

	if (guest_physical >> GUEST_PHYSICAL_BITS != 0)
		return walk;
	for (unsigned level = LEVEL_PML4E; level >= LEVEL_PTE; level--) {
		unsigned shift = 12 + 9 * (level - 1);
		uint64_t address = (table & frame) + (guest_physical >> shift) %
		                                             PAGE_TABLE_ENTRIES * sizeof(uint64_t);
		uint64_t *place = memory->at(memory->context, address, false);
		uint64_t entry = place != NULL ? *place : UINT64_MAX; /* misconfigured */

		walk.entries[walk.entry_count] = place;
		walk.addresses[walk.entry_count++] = address;
		if (!(entry & EPT_READ_WRITE_EXECUTE))
			return walk;
		if (is_misconfigured(features, level, entry)) {
			walk.result = EPT_MISCONFIGURED;
			return walk;
		}
		rights &= entry;
		if (is_leaf(level, entry)) {
			walk.result = EPT_FOUND;
			walk.rights = rights;
			walk.page_bytes = BIT(shift);
			walk.physical = (entry & frame & ~(BIT(shift) - 1)) |
			                (guest_physical & (BIT(shift) - 1));
			return walk;
		}
		table = entry;
	}
	return walk; /* not reached: level 1 is a leaf */
}

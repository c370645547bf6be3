/* Unit tests of kernel/vmx/svm/walk.c, on tables made by hand in a small guest-physical memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/paging.h>

#include "vmx/svm/walk.h"

#define MEMORY_BYTES 0x8000

static _Alignas(8) uint8_t memory[MEMORY_BYTES];

static bool
read_memory(void *context, uint64_t guest_physical, void *bytes, size_t size)
{
	assert_ptr_equal(context, memory);
	assert_int_equal(guest_physical % size, 0);
	if (guest_physical >= MEMORY_BYTES)
		return false;
	memcpy(bytes, memory + guest_physical, size);
	return true;
}

static void
put_64(uint64_t address, uint64_t entry)
{
	memcpy(memory + address, &entry, sizeof(entry));
}

static void
put_32(uint64_t address, uint32_t entry)
{
	memcpy(memory + address, &entry, sizeof(entry));
}

/* A processor with everything and a guest with empty tables at 1000h. */
static struct walk_state
fresh(enum walk_mode mode)
{
	memset(memory, 0, sizeof(memory));
	return (struct walk_state){
		.mode = mode,
		.cr3 = 0x1000,
		.physical_bits = 40,
		.large_pages_32 = true,
		.gib_pages = true,
		.no_execute = true,
		.read = read_memory,
		.context = memory,
	};
}

#define P   PAGE_PRESENT
#define PW  (PAGE_PRESENT | PAGE_WRITABLE)
#define PWU (PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER)

static void
assert_found(
        const struct walk_state *state, uint64_t linear, uint64_t physical, uint64_t page_bytes)
{
	struct walk walk = walk_guest(state, linear);

	assert_int_equal(walk.result, WALK_FOUND);
	assert_int_equal(walk.physical, physical);
	assert_int_equal(walk.page_bytes, page_bytes);
}

static void
assert_ends(const struct walk_state *state, uint64_t linear, enum walk_result result,
        unsigned level, uint64_t entry_physical)
{
	struct walk walk = walk_guest(state, linear);

	assert_int_equal(walk.result, result);
	assert_int_equal(walk.level, level);
	assert_int_equal(walk.entry_physical, entry_physical);
}

/* Without paging an address is its own translation, cut to 32 bits. */
static void
unpaged(void **unused)
{
	struct walk_state state = fresh(WALK_UNPAGED);

	(void)unused;
	assert_found(&state, 0x1ffffabcd, 0xffffabcd, PAGE_BYTES);
	assert_true(walk_guest(&state, 0).executable);
}

/* 32-bit paging: 4 KiB pages by two tables of 4-byte entries; bit 7 of a PTE is PAT. */
static void
pages_of_32_bit_paging(void **unused)
{
	struct walk_state state = fresh(WALK_32_BIT);

	(void)unused;
	state.cr3 = 0xffffffff00001fff; /* what is not address does not count */
	put_32(0x1000 + 4 * 0x300, 0x2000 | PWU);
	put_32(0x2000 + 4 * 0x3ff, 0xfedcb000 | PWU | PAGE_LARGE);
	assert_found(&state, 0xc03ff123, 0xfedcb123, PAGE_BYTES);
	assert_found(&state, 0xdeadbeefc03ff123, 0xfedcb123, PAGE_BYTES);
	assert_ends(&state, 0xc03fe123, WALK_NOT_PRESENT, 1, 0x2000 + 4 * 0x3fe);
	assert_ends(&state, 0x00000000, WALK_NOT_PRESENT, 2, 0x1000);
	put_32(0x1000, 0x9000 | PW);
	assert_ends(&state, 0x00001000, WALK_UNREADABLE, 1, 0x9004);
}

/* 32-bit paging: 4 MiB pages, with address bits 39:32 in bits 20:13; bit 21 is reserved. */
static void
large_pages_of_32_bit_paging(void **unused)
{
	struct walk_state state = fresh(WALK_32_BIT);

	(void)unused;
	put_32(0x1000 + 4, 0x80000000 | 0xa5 << 13 | PW | PAGE_LARGE);
	assert_found(&state, 0x7fffff, 0xa5803fffff, BIT(22));
	state.physical_bits = 39;
	assert_ends(&state, 0x7fffff, WALK_RESERVED_BIT, 2, 0x1004);
	state.physical_bits = 52;
	assert_found(&state, 0x7fffff, 0xa5803fffff, BIT(22));
	put_32(0x1000 + 4, 0x80000000 | 1 << 21 | PW | PAGE_LARGE);
	assert_ends(&state, 0x7fffff, WALK_RESERVED_BIT, 2, 0x1004);
	state.large_pages_32 = false; /* a table then */
	put_32(0x1000 + 4, 0x2000 | PW | PAGE_LARGE);
	put_32(0x2000, 0x3000 | PW);
	assert_found(&state, 0x400fff, 0x3fff, PAGE_BYTES);
}

/* PAE paging takes the PDPTEs it is given, whatever CR3 says. */
static void
pae_paging(void **unused)
{
	struct walk_state state = fresh(WALK_PAE);

	(void)unused;
	state.cr3 = UINT64_MAX;
	state.pdptes[3] = 0x2000 | P;
	put_64(0x2000 + 8 * 1, 0x3000 | PWU);
	put_64(0x3000 + 8 * 2, 0xff00000000 | PWU);
	put_64(0x2000 + 8 * 2, 0xff00200000 | PWU | PAGE_LARGE | PAGE_LARGE_PAT);
	assert_found(&state, 0xc0202345, 0xff00000345, PAGE_BYTES);
	assert_found(&state, 0xc05fffff, 0xff003fffff, LARGE_PAGE_BYTES);
	assert_ends(&state, 0x80000000, WALK_NOT_PRESENT, 3, 0);
	assert_ends(&state, 0xc0000000, WALK_NOT_PRESENT, 2, 0x2000);

	put_64(0x2000 + 8 * 2, 0xff00202000 | PWU | PAGE_LARGE);
	assert_ends(&state, 0xc05fffff, WALK_RESERVED_BIT, 2, 0x2010);
	put_64(0x3000 + 8 * 2, BIT(40) | PWU); /* beyond the physical width */
	assert_ends(&state, 0xc0202345, WALK_RESERVED_BIT, 1, 0x3010);
	put_64(0x3000 + 8 * 2, BIT(52) | PWU); /* ignored with 4 levels only */
	assert_ends(&state, 0xc0202345, WALK_RESERVED_BIT, 1, 0x3010);
	put_64(0x3000 + 8 * 2, PAGE_NO_EXECUTE | PWU);
	assert_false(walk_guest(&state, 0xc0202345).executable);
	state.no_execute = false;
	assert_ends(&state, 0xc0202345, WALK_RESERVED_BIT, 1, 0x3010);
}

/* 4-level paging: pages of three sizes. */
static void
four_levels(void **unused)
{
	struct walk_state state = fresh(WALK_4_LEVEL);
	const uint64_t linear = 0xffffff8000000000; /* PML4E 511 */

	(void)unused;
	state.cr3 = BIT(63) | 0x1018;
	put_64(0x1000 + 8 * 511, BIT(52) | BIT(62) | 0x2000 | PWU);
	put_64(0x2000, 0x3000 | PWU);
	put_64(0x3000, 0x4000 | PWU);
	put_64(0x4000 + 8 * 5, 0xabcdef7000 | PWU);
	put_64(0x3000 + 8 * 511, 0x40200000 | PWU | PAGE_LARGE | PAGE_LARGE_PAT);
	put_64(0x2000 + 8 * 2, 0x80000000 | PWU | PAGE_LARGE | PAGE_LARGE_PAT);
	assert_found(&state, linear + 0x5fff, 0xabcdef7fff, PAGE_BYTES);
	assert_found(&state, linear + 0x3fe00000, 0x40200000, LARGE_PAGE_BYTES);
	assert_found(&state, linear + 0xbfffffff, 0xbfffffff, BIT(30));
	assert_ends(&state, linear + 0x6000, WALK_NOT_PRESENT, 1, 0x4030);
	assert_ends(&state, linear + 0x40000000, WALK_NOT_PRESENT, 3, 0x2008);
	assert_ends(&state, 0, WALK_NOT_PRESENT, 4, 0x1000);
	assert_ends(&state, 0x0000ff8000000000, WALK_NOT_CANONICAL, 0, 0);
	put_64(0x1000, PWU | PAGE_LARGE);
	assert_ends(&state, 0, WALK_RESERVED_BIT, 4, 0x1000);
	state.gib_pages = false;
	assert_ends(&state, linear + 0xbfffffff, WALK_RESERVED_BIT, 3, 0x2010);
}

/* Every reserved bit of every entry ends a 4-level walk; every other bit does not. */
static void
reserved_bits_of_four_levels(void **unused)
{
	static const struct {
		uint64_t place, entry, reserved;
	} entries[] = {
		{ 0x1000, 0x2000 | PWU, BIT(7) },
		{ 0x2000, 0x3000 | PWU, 0 },
		{ 0x3000, 0x4000 | PWU, 0 },
		{ 0x4000, 0x5000 | PWU, 0 },
		{ 0x3000, 0x40000000 | PWU | PAGE_LARGE, 0x1fe000 },
		{ 0x2000, 0x40000000 | PWU | PAGE_LARGE, 0x3fffe000 },
	};
	const uint64_t beyond = 0x000fff0000000000; /* bits 51:40 */
	struct walk_state state = fresh(WALK_4_LEVEL);

	(void)unused;
	for (unsigned i = 0; i < 4; i++)
		put_64(entries[i].place, entries[i].entry);
	for (unsigned i = 0; i < COUNT(entries); i++) {
		for (unsigned bit = 0; bit < 64; bit++) {
			bool is_reserved = (entries[i].reserved | beyond) >> bit & 1;

			put_64(entries[i].place, entries[i].entry ^ BIT(bit));
			if ((walk_guest(&state, 0).result == WALK_RESERVED_BIT) != is_reserved &&
			        !(bit == 7 && i > 0 && i < 3) && bit > 0)
				fail_msg("entry %u, bit %u", i, bit);
		}
		put_64(entries[i].place, entries[i].entry);
	}
}

/* Rights are those of all entries together. */
static void
rights_are_combined(void **unused)
{
	static const uint64_t places[4] = { 0x1000, 0x2000, 0x3000, 0x4000 };
	struct walk_state state = fresh(WALK_4_LEVEL);
	struct walk walk;

	(void)unused;
	for (unsigned weak = 0; weak < 4; weak++) {
		for (unsigned i = 0; i < 4; i++)
			put_64(places[i], (places[i] + 0x1000) | PWU);
		walk = walk_guest(&state, 0);
		assert_true(walk.writable && walk.user && walk.executable);
		put_64(places[weak], (places[weak] + 0x1000) | P | PAGE_USER);
		walk = walk_guest(&state, 0);
		assert_true(!walk.writable && walk.user && walk.executable);
		put_64(places[weak], (places[weak] + 0x1000) | PW);
		walk = walk_guest(&state, 0);
		assert_true(walk.writable && !walk.user && walk.executable);
		put_64(places[weak], (places[weak] + 0x1000) | PWU | PAGE_NO_EXECUTE);
		walk = walk_guest(&state, 0);
		assert_true(walk.writable && walk.user && !walk.executable);
	}
}

/* A table that leads to itself ends after as many steps as there are levels. */
static void
no_loops(void **unused)
{
	struct walk_state state = fresh(WALK_4_LEVEL);

	(void)unused;
	put_64(0x1000, 0x1000 | PWU);
	assert_found(&state, 0x123, 0x1123, PAGE_BYTES);
	state.mode = WALK_32_BIT;
	put_32(0x1000, 0x1000 | PWU);
	assert_found(&state, 0x123, 0x1123, PAGE_BYTES);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpaged),
		cmocka_unit_test(pages_of_32_bit_paging),
		cmocka_unit_test(large_pages_of_32_bit_paging),
		cmocka_unit_test(pae_paging),
		cmocka_unit_test(four_levels),
		cmocka_unit_test(reserved_bits_of_four_levels),
		cmocka_unit_test(rights_are_combined),
		cmocka_unit_test(no_loops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Unit tests of kernel/vmx/svm/nested.c and ept_walk.c: faults handled as the processor would under VMX. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/controls.h>
#include <r33/paging.h>

#include "vmx/svm/nested.h"

#define MEMORY_BYTES 0x10000 /* host-physical, all that guests may use */
#define SCRATCH      0xabc000

#define READ  (NPF_FINAL_ADDRESS | BIT(2))
#define WRITE (NPF_FINAL_ADDRESS | BIT(2) | NPF_WRITE)
#define FETCH (NPF_FINAL_ADDRESS | BIT(2) | NPF_FETCH)
#define TABLE (NPF_GUEST_PAGE_TABLE | BIT(2) | NPF_WRITE)

#define RWX      (EPT_READ_WRITE_EXECUTE)
#define LEAF     EPT_WRITE_BACK
#define ACCESSED BIT(8)
#define DIRTY    BIT(9)
#define EPTP     (0x1000 | 6 | EPTP_FOUR_LEVELS)

#define TABLES 6

static _Alignas(PAGE_BYTES) uint8_t memory[MEMORY_BYTES];
static _Alignas(PAGE_BYTES) struct nested_table tables[TABLES];
static uint64_t read_only_page; /* in host memory; 0: none */
static struct nested nested;
static struct page_modification_log no_log;

static void *
memory_at(void *context, uint64_t physical, bool write)
{
	assert_ptr_equal(context, memory);
	if (physical >= MEMORY_BYTES || physical < PAGE_BYTES)
		return NULL;
	if (write && read_only_page != 0 && physical / PAGE_BYTES == read_only_page / PAGE_BYTES)
		return NULL;
	return memory + physical;
}

static uint64_t *
entry_at(uint64_t physical)
{
	return (uint64_t *)(memory + physical);
}

/* EPT at 1000h, 2000h, 3000h and 4000h; guest page n of the first sixteen leads to host page n. */
static void
fresh(uint64_t ept_pointer)
{
	memset(memory, 0, sizeof(memory));
	memset(tables, 0x5a, sizeof(tables));
	read_only_page = 0;
	*entry_at(0x1000) = 0x2000 | RWX;
	*entry_at(0x2000) = 0x3000 | RWX;
	*entry_at(0x3000) = 0x4000 | RWX;
	for (unsigned page = 0; page < 16; page++)
		entry_at(0x4000)[page] = page * PAGE_BYTES | RWX | LEAF;
	nested = (struct nested){
		.tables = tables,
		.table_count = TABLES,
		.memory = { .at = memory_at, .context = memory },
		.features = { .physical_bits = 40, .pages_2_mib = true, .pages_1_gib = true },
		.scratch_page = SCRATCH,
	};
	nested_reset(&nested, ept_pointer);
	nested_take_flush(&nested);
}

/* The nested entry that maps guest_physical, as the processor finds it; 0 for none. */
static uint64_t
mapping(uint64_t guest_physical)
{
	uint64_t entry = nested_root(&nested) | PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER;

	for (int shift = 39; shift >= 12; shift -= 9) {
		const struct nested_table *table =
		        (const struct nested_table *)(uintptr_t)(entry & 0x000ffffffffff000);

		assert_true(table >= tables && table < tables + TABLES);
		assert_int_equal(entry & 0xfff, PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER);
		entry = table->entries[guest_physical >> shift & 0x1ff];
		if (!(entry & PAGE_PRESENT))
			return 0;
	}
	return entry;
}

static void
assert_maps(uint64_t guest_physical, uint64_t access, uint64_t entry)
{
	uint64_t qualification = 0;

	assert_int_equal(nested_fault(&nested, guest_physical, access, &no_log, &qualification),
	        NESTED_RESUME);
	assert_int_equal(mapping(guest_physical), entry);
}

static void
assert_violates(uint64_t guest_physical, uint64_t access, uint64_t expected)
{
	uint64_t qualification = 0;

	assert_int_equal(nested_fault(&nested, guest_physical, access, NULL, &qualification),
	        NESTED_EPT_VIOLATION);
	assert_int_equal(qualification, expected);
	assert_int_equal(mapping(guest_physical), 0);
}

#define P     (PAGE_PRESENT | PAGE_USER)
#define PW    (PAGE_PRESENT | PAGE_USER | PAGE_WRITABLE)
#define FINAL (EPT_VIOLATION_LINEAR_VALID | EPT_VIOLATION_FINAL_ADDRESS)

/* Nothing is mapped until it is touched, and then one page with the rights of the EPT. */
static void
pages_are_mapped_one_by_one(void **state)
{
	(void)state;
	fresh(EPTP);
	assert_int_equal(mapping(0x5000), 0);
	assert_maps(0x5123, READ, 0x5000 | PW);
	assert_int_equal(mapping(0x6000), 0);
	entry_at(0x4000)[6] = 0x6000 | EPT_READ | LEAF;
	assert_maps(0x6fff, READ, 0x6000 | P | PAGE_NO_EXECUTE);
	assert_false(nested_take_flush(&nested));
	/* What the EPT takes back is taken back here, and told. */
	entry_at(0x4000)[5] = 0x5000 | EPT_READ | EPT_EXECUTE | LEAF;
	assert_maps(0x5123, FETCH, 0x5000 | P);
	assert_true(nested_take_flush(&nested));
	assert_false(nested_take_flush(&nested));
	nested_reset(&nested, EPTP);
	assert_int_equal(mapping(0x5000), 0);
	assert_true(nested_take_flush(&nested));
}

/* Large pages lead to the right page of 4 KiB. */
static void
large_pages(void **state)
{
	(void)state;
	fresh(EPTP);
	entry_at(0x3000)[1] = 0x0 | RWX | LEAF | EPT_LARGE;
	assert_maps(0x200000 + 0x7123, READ, 0x7000 | PW);
	entry_at(0x2000)[1] = 0x0 | EPT_READ | EPT_EXECUTE | LEAF | EPT_LARGE;
	assert_maps(0x40000000 + 0x8000, FETCH, 0x8000 | P);
}

/* Where a guest has no business it gets the scratch page. */
static void
forbidden_memory_is_scratch(void **state)
{
	(void)state;
	fresh(EPTP);
	assert_maps(0x0, WRITE, SCRATCH | PW); /* page 0: memory_at() refuses it */
	entry_at(0x4000)[5] = 0x7fffffe000 | RWX | LEAF;
	assert_maps(0x5000, WRITE, SCRATCH | PW);
	read_only_page = 0x6000;
	assert_maps(0x6000, READ, SCRATCH | PW);
}

/* The exit qualification of an EPT violation: access, rights of all entries together, kind of address. */
static void
violations_are_qualified(void **state)
{
	(void)state;
	fresh(EPTP);
	assert_violates(0x10000, READ, EPT_VIOLATION_READ | FINAL);
	assert_violates(0x10000, WRITE, EPT_VIOLATION_WRITE | FINAL);
	assert_violates(0x10000, FETCH, EPT_VIOLATION_FETCH | FINAL);
	assert_violates(0x10000, TABLE, EPT_VIOLATION_READ | EPT_VIOLATION_LINEAR_VALID);
	assert_violates(BIT(48), READ, EPT_VIOLATION_READ | FINAL);
	entry_at(0x4000)[5] = 0x5000 | EPT_READ | LEAF;
	assert_violates(0x5000, WRITE, EPT_VIOLATION_WRITE | EPT_READ << 3 | FINAL);
	assert_violates(0x5000, FETCH, EPT_VIOLATION_FETCH | EPT_READ << 3 | FINAL);
	assert_violates(
	        0x5000, TABLE, EPT_VIOLATION_WRITE | EPT_READ << 3 | EPT_VIOLATION_LINEAR_VALID);
	*entry_at(0x2000) = 0x3000 | EPT_READ | EPT_WRITE;
	entry_at(0x4000)[5] = 0x5000 | EPT_READ | EPT_EXECUTE | LEAF;
	assert_violates(0x5000, WRITE, EPT_VIOLATION_WRITE | EPT_READ << 3 | FINAL);
	assert_violates(0x6000, FETCH, EPT_VIOLATION_FETCH | (EPT_READ | EPT_WRITE) << 3 | FINAL);
	assert_maps(0x6000, WRITE, 0x6000 | PW | PAGE_NO_EXECUTE);
	/* With accessed and dirty flags a walk through guest tables is a write from the start. */
	fresh(EPTP | EPTP_ACCESSED_DIRTY);
	assert_violates(0x10000, TABLE,
	        EPT_VIOLATION_READ | EPT_VIOLATION_WRITE | EPT_VIOLATION_LINEAR_VALID);
	assert_int_equal(*entry_at(0x1000), 0x2000 | RWX); /* no flag is set */
}

/* Execute-only pages can be fetched from where the processor has them, not read. */
static void
execute_only(void **state)
{
	uint64_t qualification;

	(void)state;
	fresh(EPTP);
	entry_at(0x4000)[5] = 0x5000 | EPT_EXECUTE | LEAF;
	assert_int_equal(nested_fault(&nested, 0x5000, FETCH, NULL, &qualification),
	        NESTED_EPT_MISCONFIGURATION);
	nested.features.execute_only = true;
	assert_violates(0x5000, READ, EPT_VIOLATION_READ | EPT_EXECUTE << 3 | FINAL);
	assert_violates(
	        0x5000, TABLE, EPT_VIOLATION_READ | EPT_EXECUTE << 3 | EPT_VIOLATION_LINEAR_VALID);
	assert_maps(0x5000, FETCH, 0x5000 | P);
}

/* Bits that make an entry of each level misconfigured, and no others do. */
static void
misconfigurations(void **state)
{
	static const struct {
		uint64_t place, entry, reserved;
	} entries[] = {
		{ 0x1000, 0x2000 | RWX, 0xf8 },
		{ 0x2000, 0x3000 | RWX, 0x78 },
		{ 0x3000, 0x4000 | RWX, 0x78 },
		{ 0x4000, 0x5000 | RWX | LEAF, 0 },
		{ 0x2000, RWX | LEAF | EPT_LARGE, 0x3ffff000 },
		{ 0x3000, RWX | LEAF | EPT_LARGE, 0x1ff000 },
	};
	uint64_t beyond = 0x000fff0000000000; /* bits 51:40 */
	uint64_t qualification;

	(void)state;
	for (unsigned i = 0; i < COUNT(entries); i++) {
		bool is_leaf = i >= 3;

		fresh(EPTP);
		for (unsigned bit = 3; bit < 64; bit++) {
			bool expected = (entries[i].reserved | beyond) >> bit & 1;
			enum nested_outcome outcome;

			if ((bit == 7 && i != 0 && i != 3) || (is_leaf && bit < 6))
				continue; /* another size of page, a memory type */
			*entry_at(entries[i].place) = entries[i].entry ^ BIT(bit);
			outcome = nested_fault(&nested, 0x0, READ, NULL, &qualification);
			if ((outcome == NESTED_EPT_MISCONFIGURATION) != expected &&
			        !(!is_leaf && bit >= 12 && bit < 40)) /* another table */
				fail_msg("entry %u, bit %u: %u", i, bit, outcome);
		}
		for (unsigned rights = 1; rights < 8; rights++) {
			bool expected = rights == 2 || rights == 6 || rights == 4;

			*entry_at(entries[i].place) = (entries[i].entry & ~7ull) | rights;
			assert_int_equal(nested_fault(&nested, 0x0, READ, NULL, &qualification) ==
			                         NESTED_EPT_MISCONFIGURATION,
			        expected);
		}
		for (unsigned type = 0; type < 8 && is_leaf; type++) {
			bool expected = type == 2 || type == 3 || type == 7;

			*entry_at(entries[i].place) = (entries[i].entry & ~(7ull << 3)) | type << 3;
			assert_int_equal(nested_fault(&nested, 0x0, READ, NULL, &qualification) ==
			                         NESTED_EPT_MISCONFIGURATION,
			        expected);
		}
	}
	/* Page sizes that the processor lacks; then a table where there is no memory. */
	nested.features.pages_2_mib = nested.features.pages_1_gib = false;
	*entry_at(0x3000) = RWX | LEAF | EPT_LARGE;
	assert_int_equal(nested_fault(&nested, 0x0, READ, NULL, &qualification),
	        NESTED_EPT_MISCONFIGURATION);
	*entry_at(0x2000) = RWX | LEAF | EPT_LARGE;
	assert_int_equal(nested_fault(&nested, 0x0, READ, NULL, &qualification),
	        NESTED_EPT_MISCONFIGURATION);
	*entry_at(0x2000) = 0x7fffffe000 | RWX;
	assert_int_equal(nested_fault(&nested, 0x0, READ, NULL, &qualification),
	        NESTED_EPT_MISCONFIGURATION);
}

/* Accessed flags are set on the way, the dirty flag on the first write, which faults once more for it. */
static void
accessed_and_dirty_flags(void **state)
{
	(void)state;
	fresh(EPTP | EPTP_ACCESSED_DIRTY);
	assert_maps(0x5123, READ, 0x5000 | P);
	assert_int_equal(*entry_at(0x1000), 0x2000 | RWX | ACCESSED);
	assert_int_equal(*entry_at(0x2000), 0x3000 | RWX | ACCESSED);
	assert_int_equal(*entry_at(0x3000), 0x4000 | RWX | ACCESSED);
	assert_int_equal(entry_at(0x4000)[5], 0x5000 | RWX | LEAF | ACCESSED);
	assert_maps(0x5123, WRITE, 0x5000 | PW);
	assert_int_equal(entry_at(0x4000)[5], 0x5000 | RWX | LEAF | ACCESSED | DIRTY);
	assert_int_equal(*entry_at(0x1000), 0x2000 | RWX | ACCESSED);
	assert_int_equal(*entry_at(0x3000), 0x4000 | RWX | ACCESSED);
	assert_maps(0x6000, TABLE, 0x6000 | PW);
	assert_int_equal(entry_at(0x4000)[6], 0x6000 | RWX | LEAF | ACCESSED | DIRTY);
	assert_int_equal(entry_at(0x4000)[7], 0x7000 | RWX | LEAF);
	/* In tables that cannot be written the flags stay, and the guest goes on all the same. */
	read_only_page = 0x4000;
	assert_maps(0x7000, WRITE, 0x7000 | PW);
	assert_int_equal(entry_at(0x4000)[7], 0x7000 | RWX | LEAF);
	/* Without EPTP bit 6 there are none. */
	fresh(EPTP);
	assert_maps(0x5123, WRITE, 0x5000 | PW);
	assert_int_equal(entry_at(0x4000)[5], 0x5000 | RWX | LEAF);
}

/* Each page is logged when its dirty flag is set, downwards; a full log stops what would set a flag. */
static void
page_modification_logging(void **state)
{
	struct page_modification_log log = { .enabled = true, .address = 0x9000, .index = 1 };
	uint64_t qualification;

	(void)state;
	fresh(EPTP | EPTP_ACCESSED_DIRTY);
	assert_int_equal(nested_fault(&nested, 0x5123, READ, &log, &qualification), NESTED_RESUME);
	assert_int_equal(log.index, 1);
	assert_int_equal(nested_fault(&nested, 0x5123, WRITE, &log, &qualification), NESTED_RESUME);
	assert_int_equal(entry_at(0x9000)[1], 0x5000);
	assert_int_equal(log.index, 0);
	assert_int_equal(nested_fault(&nested, 0x5456, WRITE, &log, &qualification), NESTED_RESUME);
	assert_int_equal(log.index, 0);                    /* dirty already */
	entry_at(0x4000)[8] = 0x8000 | RWX | LEAF | DIRTY; /* but not accessed */
	assert_int_equal(nested_fault(&nested, 0x8000, WRITE, &log, &qualification), NESTED_RESUME);
	assert_int_equal(log.index, 0);
	assert_int_equal(entry_at(0x4000)[8], 0x8000 | RWX | LEAF | DIRTY | ACCESSED);
	assert_int_equal(nested_fault(&nested, 0x6fff, TABLE, &log, &qualification), NESTED_RESUME);
	assert_int_equal(entry_at(0x9000)[0], 0x6000);
	assert_int_equal(log.index, 0xffff);
	assert_int_equal(
	        nested_fault(&nested, 0x7000, WRITE, &log, &qualification), NESTED_LOG_FULL);
	assert_int_equal(
	        nested_fault(&nested, 0x7000, READ, &log, &qualification), NESTED_LOG_FULL);
	assert_int_equal(entry_at(0x4000)[7], 0x7000 | RWX | LEAF);
	assert_int_equal(mapping(0x7000), 0);
	assert_int_equal(log.index, 0xffff);
	log.index = 512;
	assert_int_equal(
	        nested_fault(&nested, 0x7000, WRITE, &log, &qualification), NESTED_LOG_FULL);
	log.index = 511;
	assert_int_equal(nested_fault(&nested, 0x7000, WRITE, &log, &qualification), NESTED_RESUME);
	assert_int_equal(entry_at(0x9000)[511], 0x7000);
	/* A violation comes first. */
	log.index = 0xffff;
	assert_int_equal(
	        nested_fault(&nested, 0x10000, WRITE, &log, &qualification), NESTED_EPT_VIOLATION);
	log.enabled = false;
	assert_int_equal(nested_fault(&nested, 0xa000, WRITE, &log, &qualification), NESTED_RESUME);
}

/* When the tables are used up all mappings go, the new one stays, and the caller is told to flush. */
static void
tables_are_used_again(void **state)
{
	(void)state;
	fresh(EPTP);
	entry_at(0x3000)[1] = 0x4000 | RWX;
	entry_at(0x3000)[2] = 0x4000 | RWX;
	entry_at(0x3000)[3] = 0x4000 | RWX;
	assert_maps(0x005000, READ, 0x5000 | PW); /* 4 tables */
	assert_maps(0x205000, READ, 0x5000 | PW);
	assert_maps(0x405000, READ, 0x5000 | PW); /* the sixth */
	assert_false(nested_take_flush(&nested));
	assert_maps(0x605000, READ, 0x5000 | PW);
	assert_true(nested_take_flush(&nested));
	assert_int_equal(mapping(0x005000), 0);
	assert_maps(0x005000, READ, 0x5000 | PW);
}

/* Without EPT the window is mapped to itself, and everything else to the scratch page. */
static void
window(void **state)
{
	uint64_t host_physical;

	(void)state;
	fresh(EPTP);
	assert_maps(0x5000, READ, 0x5000 | PW);
	nested_reset_window(&nested, 0x200000, 0x2000);
	assert_int_equal(mapping(0x5000), 0);
	assert_maps(0x200fff, FETCH, 0x200000 | PW);
	assert_maps(0x201000, WRITE, 0x201000 | PW);
	assert_maps(0x202000, WRITE, SCRATCH | PW);
	assert_maps(0x1ff000, TABLE, SCRATCH | PW);
	assert_maps(0x8000000000, READ, SCRATCH | PW);
	assert_true(nested_translate(&nested, 0x201fff, true, &host_physical));
	assert_int_equal(host_physical, 0x201fff);
	assert_false(nested_translate(&nested, 0x202000, false, &host_physical));
}

/* The kernel's own accesses to guest memory obey the EPT and set no flags. */
static void
software_translation(void **state)
{
	uint64_t host_physical;

	(void)state;
	fresh(EPTP | EPTP_ACCESSED_DIRTY);
	entry_at(0x4000)[5] = 0x6000 | EPT_READ | LEAF;
	assert_true(nested_translate(&nested, 0x5123, false, &host_physical));
	assert_int_equal(host_physical, 0x6123);
	assert_ptr_equal(nested_memory(&nested, 0x5123, false), memory + 0x6123);
	assert_null(nested_memory(&nested, 0x5123, true));
	assert_null(nested_memory(&nested, 0x10000, false));
	assert_null(nested_memory(&nested, 0x0, false)); /* mapped, but no memory of guests */
	assert_int_equal(*entry_at(0x1000), 0x2000 | RWX);
}

/* The private page is there for walks, beside the EPT, and again after all mappings have been dropped. */
static void
private_page(void **state)
{
	(void)state;
	fresh(EPTP);
	nested.private_guest_physical = 0xfffffff000;
	nested.private_host_physical = 0x123000;
	assert_violates(0xfffffff000, READ, EPT_VIOLATION_READ | FINAL);
	assert_maps(0xfffffff008, TABLE, 0x123000 | PW | PAGE_NO_EXECUTE);
	nested_reset_window(&nested, 0x200000, 0x2000);
	assert_maps(0xfffffff008, TABLE, 0x123000 | PW | PAGE_NO_EXECUTE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_mapped_one_by_one),
		cmocka_unit_test(large_pages),
		cmocka_unit_test(forbidden_memory_is_scratch),
		cmocka_unit_test(violations_are_qualified),
		cmocka_unit_test(execute_only),
		cmocka_unit_test(misconfigurations),
		cmocka_unit_test(accessed_and_dirty_flags),
		cmocka_unit_test(page_modification_logging),
		cmocka_unit_test(tables_are_used_again),
		cmocka_unit_test(window),
		cmocka_unit_test(software_translation),
		cmocka_unit_test(private_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

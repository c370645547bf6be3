/*
 * Fuzz kernel/vmx/svm/nested.c and ept_walk.c: whatever the EPT, nested tables lead to allowed pages only, with rights
 * that the EPT gives, and a fault that was dealt with does not come back.
 */
#include <assert.h>
#include <string.h>

#include <r33/array.h>

#include "vmx/svm/nested.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY_PAGES 8
#define SCRATCH      0xabc000

static _Alignas(PAGE_BYTES) uint8_t memory[MEMORY_PAGES * PAGE_BYTES];
static _Alignas(PAGE_BYTES) struct nested_table tables[5];

static void *
memory_at(void *context, uint64_t physical, bool write)
{
	(void)context;
	if (physical >= sizeof(memory) || (write && physical < PAGE_BYTES))
		return NULL;
	return memory + physical;
}

/* The nested entry for a page; 0 for none. */
static uint64_t
mapping(const struct nested *nested, uint64_t guest_physical)
{
	uint64_t entry = nested_root(nested) | PAGE_PRESENT;

	for (int shift = 39; shift >= 12 && (entry & PAGE_PRESENT); shift -= 9) {
		const struct nested_table *table =
		        (const struct nested_table *)(uintptr_t)(entry & 0x000ffffffffff000);

		assert(table >= tables && table < tables + COUNT(tables));
		entry = table->entries[guest_physical >> shift & 0x1ff];
	}
	return entry & PAGE_PRESENT ? entry : 0;
}

static void
check_resumed(const struct nested *nested, uint64_t guest_physical, uint64_t access)
{
	uint64_t entry = mapping(nested, guest_physical);
	uint64_t page = entry & 0x000ffffffffff000;

	assert(entry & PAGE_USER);
	assert(page == SCRATCH || (page >= PAGE_BYTES && page < sizeof(memory)));
	if (access & (NPF_WRITE | NPF_GUEST_PAGE_TABLE))
		assert(entry & PAGE_WRITABLE);
	else if (access & NPF_FETCH)
		assert(!(entry & PAGE_NO_EXECUTE));
}

struct fault {
	uint64_t guest_physical;
	uint8_t access; /* 0 read, 1 write, 2 fetch, 3 walk */
	uint8_t index;  /* of the log, in steps */
};

/* The input: EPT pointer and features, three faults, and what memory begins with, again and again. */
struct input {
	uint64_t ept_pointer;
	uint8_t flags;
	struct fault faults[3];
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t accesses[4] = { NPF_FINAL_ADDRESS, NPF_FINAL_ADDRESS | NPF_WRITE,
		NPF_FINAL_ADDRESS | NPF_FETCH, NPF_GUEST_PAGE_TABLE | NPF_WRITE };
	struct nested nested = {
		.tables = tables,
		.table_count = COUNT(tables),
		.memory = { .at = memory_at },
		.scratch_page = SCRATCH,
	};
	struct input input;

	if (size <= sizeof(input))
		return 0;
	memcpy(&input, data, sizeof(input));
	for (size_t i = 0; i < sizeof(memory); i++)
		memory[i] = data[sizeof(input) + i % (size - sizeof(input))];
	nested.features = (struct ept_features){ .physical_bits = 36 + (input.flags & 15),
		.execute_only = input.flags & 16,
		.pages_2_mib = input.flags & 32,
		.pages_1_gib = input.flags & 64 };
	nested_reset(&nested, input.ept_pointer);

	for (unsigned i = 0; i < 3; i++) {
		const struct fault *fault = &input.faults[i];
		struct page_modification_log log = { .enabled = input.flags & 128,
			.address = PAGE_BYTES,
			.index = fault->index * 4 };
		uint64_t guest_physical = fault->guest_physical & (BIT(52) - 1);
		uint64_t access = accesses[fault->access % 4], qualification = 0;
		enum nested_outcome outcome =
		        nested_fault(&nested, guest_physical, access, &log, &qualification);

		if (outcome == NESTED_RESUME)
			check_resumed(&nested, guest_physical, access);
		else if (outcome == NESTED_EPT_VIOLATION)
			assert((qualification & 7) != 0 && qualification < BIT(9));
		else
			assert(outcome != NESTED_LOG_FULL || (log.enabled && log.index > 511));
	}
	return 0;
}

/*
 * Fuzz kernel/vmx/svm/walk.c: whatever the guest's tables, a walk reads at most four entries, all aligned and within
 * the physical width, and what it finds is within that width too.
 */
#include <assert.h>
#include <string.h>

#include "vmx/svm/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Guest-physical memory: the input again and again, without an end, so that every table leads on. */
struct repeated_memory {
	const uint8_t *bytes;
	size_t size;
	unsigned physical_bits;
	unsigned reads;
};

static bool
read_memory(void *context, uint64_t guest_physical, void *bytes, size_t size)
{
	struct repeated_memory *memory = context;

	assert(++memory->reads <= 4);
	assert(size == 4 || size == 8);
	assert(guest_physical % size == 0);
	assert(guest_physical >> memory->physical_bits == 0);
	for (size_t i = 0; i < size; i++)
		((uint8_t *)bytes)[i] = memory->bytes[(guest_physical + i) % memory->size];
	return memory->bytes[guest_physical / size % memory->size] != 0xee;
}

struct input {
	uint8_t mode, physical_bits, flags;
	uint64_t cr3, linear;
	uint64_t pdptes[4];
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct repeated_memory memory = { 0 };
	struct walk_state state = { .read = read_memory, .context = &memory };
	struct input input;
	struct walk walk;

	if (size <= sizeof(input))
		return 0;
	memcpy(&input, data, sizeof(input));
	state.mode = input.mode % 4;
	state.cr3 = input.cr3;
	memcpy(state.pdptes, input.pdptes, sizeof(state.pdptes));
	state.physical_bits = 32 + input.physical_bits % 21;
	state.large_pages_32 = input.flags & 1;
	state.gib_pages = input.flags & 2;
	state.no_execute = input.flags & 4;
	memory.bytes = data + sizeof(input);
	memory.size = size - sizeof(input);
	memory.physical_bits = state.physical_bits;

	walk = walk_guest(&state, input.linear);
	assert(walk.level <= 4);
	if (walk.result == WALK_FOUND) {
		assert(walk.physical >> state.physical_bits == 0);
		assert(walk.page_bytes >= 4096 && (walk.page_bytes & (walk.page_bytes - 1)) == 0);
		assert(walk.physical % walk.page_bytes == input.linear % walk.page_bytes);
	}
	return 0;
}

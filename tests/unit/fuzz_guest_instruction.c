/*
 * Fuzz kernel/vmx/svm/instruction.c: whatever the bytes, the answer is either "unknown" or an instruction that depends
 * on exactly its own bytes.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <r33/guest.h>

#include "vmx/svm/instruction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Copy bytes[0..size) into memory of exactly that size, so that a byte read too many is seen. */
static bool
decode_exactly(const uint8_t *bytes, size_t size, enum code_size code_size,
        struct guest_instruction *instruction)
{
	uint8_t *copy = malloc(size != 0 ? size : 1);
	bool known;

	memcpy(copy, bytes, size);
	memset(instruction, 0, sizeof(*instruction));
	known = guest_instruction_decode(copy, size, code_size, instruction);
	free(copy);
	return known;
}

static void
check_operands(const struct guest_instruction *instruction, enum code_size code_size)
{
	static const uint64_t registers[16] = {
		[3] = UINT64_MAX, [4] = 0x1234, [12] = 0x123456789abcdef0
	};
	struct guest_access accesses[GUEST_ACCESSES_MAX];
	size_t count = guest_instruction_accesses(instruction, registers, 0x1000, 2, accesses);
	uint8_t highest = code_size == CODE_64 ? 15 : 7;

	assert(count <= GUEST_ACCESSES_MAX);
	for (size_t i = 0; i < count; i++)
		assert(accesses[i].segment <= SEGMENT_GS);
	assert(instruction->reg <= highest && instruction->rm <= highest);
	assert(instruction->segment <= SEGMENT_GS);
	assert(instruction->base <= highest || instruction->base == GUEST_REGISTER_NONE);
	assert(instruction->index <= highest || instruction->index == GUEST_REGISTER_NONE);
	assert(instruction->index != 4); /* RSP */
	assert(instruction->operand_bytes <= 8 && instruction->operand_bytes > 0);
	assert(code_size == CODE_64 ? instruction->address_bytes >= 4
	                            : instruction->address_bytes <= 4);
	assert(!instruction->rip_relative || code_size == CODE_64);
	if (instruction->rm_is_memory) {
		uint64_t offset = guest_instruction_offset(instruction, registers, 0x1000);

		assert(instruction->address_bytes == 8 ||
		        offset >> (8 * instruction->address_bytes) == 0);
		assert(accesses[0].offset == offset);
	} else {
		assert(instruction->base == GUEST_REGISTER_NONE && instruction->displacement == 0);
	}
}

/* The first byte is the code size, the rest is code. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct guest_instruction instruction, again;
	uint8_t changed[GUEST_INSTRUCTION_MAX_BYTES + 16];
	enum code_size code_size;
	size_t length;

	if (size == 0)
		return 0;
	code_size = data[0] % 3;
	data++;
	size--;

	if (!decode_exactly(data, size, code_size, &instruction)) {
		assert(instruction.kind == GUEST_INSTRUCTION_OTHER &&
		        instruction.length_bytes == 0);
		assert(!instruction.rm_is_memory && instruction.implicit == 0);
		return 0;
	}
	length = instruction.length_bytes;
	assert(instruction.kind < GUEST_INSTRUCTION_KIND_COUNT);
	assert(!instruction.lock || instruction.kind == GUEST_INSTRUCTION_OTHER);
	assert(length > 0 && length <= size && length <= GUEST_INSTRUCTION_MAX_BYTES);
	check_operands(&instruction, code_size);

	/* Its own bytes are enough, one less is not, and those behind it do not matter. */
	assert(decode_exactly(data, length, code_size, &again));
	assert(memcmp(&again, &instruction, sizeof(again)) == 0);
	assert(!decode_exactly(data, length - 1, code_size, &again));
	for (unsigned behind = 0; behind < 256; behind += 51) {
		memset(changed, behind, sizeof(changed));
		memcpy(changed, data, length);
		assert(decode_exactly(changed, sizeof(changed), code_size, &again));
		assert(memcmp(&again, &instruction, sizeof(again)) == 0);
	}
	return 0;
}

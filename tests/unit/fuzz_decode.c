/*
 * Fuzz kernel/lab/decode.c: whatever the bytes, the answer is either "unknown" or an instruction
 * that depends on exactly its own bytes.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lab/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Copy bytes[0..size) into memory of exactly that size, so that a byte read too many is seen. */
static bool
decode_exactly(const uint8_t *bytes, size_t size, uint64_t rip, struct instruction *instruction)
{
	uint8_t *copy = malloc(size != 0 ? size : 1);
	bool known;

	memcpy(copy, bytes, size);
	memset(instruction, 0, sizeof(*instruction));
	known = decode_instruction(copy, size, rip, instruction);
	free(copy);
	return known;
}

/* A register number, 0 to 15, or none at all. */
static bool
is_register(uint8_t number)
{
	return number <= REGISTER_NONE;
}

static void
check_operands(const struct instruction *instruction)
{
	const struct memory_operand *memory = &instruction->memory;
	uint64_t registers[16] = { [3] = UINT64_MAX, [12] = 0x123456789abcdef0 };

	assert(instruction->reg < 16);
	assert(instruction->rm < 16);
	if (!instruction->rm_is_memory)
		return;
	assert(instruction->rm == 0);
	assert(is_register(memory->base) && is_register(memory->index));
	assert(memory->index != 4); /* RSP */
	assert(memory->scale == 1 || memory->index != REGISTER_NONE);
	assert(memory->scale == 1 || memory->scale == 2 || memory->scale == 4 ||
	        memory->scale == 8);
	assert(memory->segment == 4 || memory->segment == 5 || memory->segment == REGISTER_NONE);
	if (memory->address_size_32)
		assert(memory_operand_address(memory, registers) <= UINT32_MAX);
}

/* The first eight bytes are RIP, the rest is code. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct instruction instruction, again;
	uint8_t changed[INSTRUCTION_MAX_BYTES + 16];
	uint64_t rip;
	size_t length;

	if (size < sizeof(rip))
		return 0;
	memcpy(&rip, data, sizeof(rip));
	data += sizeof(rip);
	size -= sizeof(rip);

	if (!decode_exactly(data, size, rip, &instruction)) {
		assert(instruction.kind == INSTRUCTION_UNKNOWN && instruction.length_bytes == 0);
		return 0;
	}
	length = instruction.length_bytes;
	assert(instruction.kind > INSTRUCTION_UNKNOWN && instruction.kind < INSTRUCTION_KIND_COUNT);
	assert(length > 0 && length <= size && length <= INSTRUCTION_MAX_BYTES);
	check_operands(&instruction);

	/* Its own bytes are enough, one less is not, and those behind it do not matter. */
	assert(decode_exactly(data, length, rip, &again));
	assert(memcmp(&again, &instruction, sizeof(again)) == 0);
	assert(!decode_exactly(data, length - 1, rip, &again));
	for (unsigned behind = 0; behind < 256; behind += 51) {
		memset(changed, behind, sizeof(changed));
		memcpy(changed, data, length);
		assert(decode_exactly(changed, sizeof(changed), rip, &again));
		assert(memcmp(&again, &instruction, sizeof(again)) == 0);
	}
	return 0;
}

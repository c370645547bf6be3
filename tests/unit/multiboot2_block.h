/*
 * Builds multiboot2 information tag by tag, right or wrong, for multiboot2_test.c.  Numbers are
 * those of the specification, written out again here, so that a slip in the kernel's own names
 * cannot hide.
 */
#pragma once

#include <stdint.h>
#include <string.h>

/* A block under construction. */
struct block {
	uint8_t bytes[8192];
	uint32_t size;
};

static inline void
put32(struct block *block, uint32_t value)
{
	assert_true(block->size + 4 <= sizeof(block->bytes));
	memcpy(block->bytes + block->size, &value, 4);
	block->size += 4;
}

static inline void
put64(struct block *block, uint64_t value)
{
	put32(block, value);
	put32(block, value >> 32);
}

/* Append the string with its end, and the padding of the tag it closes. */
static inline void
put_string(struct block *block, const char *string)
{
	memcpy(block->bytes + block->size, string, strlen(string) + 1);
	block->size = (block->size + strlen(string) + 1 + 7) & ~7u;
}

static inline void
begin(struct block *block)
{
	*block = (struct block){ .size = 8 }; /* total size and a reserved number come first */
}

/* Write the total size, without an end tag. */
static inline void
finish_without_end(struct block *block)
{
	memcpy(block->bytes, &block->size, 4);
}

static inline void
finish(struct block *block)
{
	put32(block, 0);
	put32(block, 8);
	finish_without_end(block);
}

static inline void
put_command_line(struct block *block, const char *string)
{
	put32(block, 1);
	put32(block, 8 + strlen(string) + 1);
	put_string(block, string);
}

static inline void
put_module(struct block *block, uint32_t start, uint32_t end, const char *string)
{
	put32(block, 3);
	put32(block, 16 + strlen(string) + 1);
	put32(block, start);
	put32(block, end);
	put_string(block, string);
}

/* Begin a memory map of that many entries; put_range() must follow as many times. */
static inline void
put_memory_map(struct block *block, uint32_t entries, uint32_t entry_bytes)
{
	put32(block, 6);
	put32(block, 16 + entries * entry_bytes);
	put32(block, entry_bytes);
	put32(block, 0);
}

static inline void
put_range(struct block *block, uint64_t start, uint64_t size, uint32_t type)
{
	put64(block, start);
	put64(block, size);
	put32(block, type);
	put32(block, 0);
}

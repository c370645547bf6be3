/* A VMCS as a value: the fields that were given, and a little memory.  Read by the rules, mutated by
 * the fuzzer, written as a batch for the kernel. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/vmcs_fields.h>

#include "rules/rules.h"

#define VMCS_INDEX(name, encoding) VMCS_INDEX_##name,
enum vmcs_index { VMCS_FIELDS(VMCS_INDEX) VMCS_FIELD_COUNT };
#undef VMCS_INDEX

enum { VMCS_MEMORY_WORDS = 32 };

struct vmcs_word {
	uint64_t address; /* a multiple of 8 */
	uint64_t value;
};

struct vmcs {
	uint64_t values[VMCS_FIELD_COUNT];
	bool known[VMCS_FIELD_COUNT];
	struct vmcs_word memory[VMCS_MEMORY_WORDS]; /* the rest of a batch's memory is 0 */
	unsigned word_count;
	uint64_t address; /* of the VMCS itself; 0: not known */
};

/* The index of a field, or -1 for an encoding without a name. */
int vmcs_index(uint32_t field);
uint32_t vmcs_encoding(unsigned index);

/* The mask of the bits a field has: 16, 32 or 64. */
uint64_t vmcs_field_mask(uint32_t field);

/* A field's value, cut to its width; 0 when it is not known. */
uint64_t vmcs_get(const struct vmcs *vmcs, uint32_t field);
void vmcs_set(struct vmcs *vmcs, uint32_t field, uint64_t value);

/* 8 bytes of memory. */
uint64_t vmcs_memory(const struct vmcs *vmcs, uint64_t address);
void vmcs_set_memory(struct vmcs *vmcs, uint64_t address, uint64_t value);

/* As input of the rules; vmcs must outlive it. */
struct rule_input vmcs_rule_input(const struct vmcs *vmcs, const struct capabilities *capabilities);

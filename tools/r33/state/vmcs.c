/* A VMCS as a value: see vmcs.h. */
#include "vmcs.h"

#include "base/util.h"
#include "rules/batch.h"

#define ENCODING(name, encoding) encoding,
static const uint16_t encodings[VMCS_FIELD_COUNT] = { VMCS_FIELDS(ENCODING) };

/* Index + 1 of each encoding; odd ones are the high halves of 64-bit fields. */
#define INDEX_OF(name, encoding) [(encoding) >> 1] = VMCS_INDEX_##name + 1,
static const uint8_t indexes[] = { VMCS_FIELDS(INDEX_OF) };

_Static_assert(VMCS_FIELD_COUNT < 256, "an index fits into a byte");

int
vmcs_index(uint32_t field)
{
	if (field & 1 || field >> 1 >= sizeof(indexes))
		return -1;
	return indexes[field >> 1] - 1;
}

uint32_t
vmcs_encoding(unsigned index)
{
	return encodings[index];
}

uint64_t
vmcs_field_mask(uint32_t field)
{
	return ~0ull >> (64 - vmcs_field_bits(field));
}

uint64_t
vmcs_get(const struct vmcs *vmcs, uint32_t field)
{
	int index = vmcs_index(field);

	return index < 0 ? 0 : vmcs->values[index];
}

void
vmcs_set(struct vmcs *vmcs, uint32_t field, uint64_t value)
{
	int index = vmcs_index(field);

	if (index < 0)
		return;
	vmcs->values[index] = value & vmcs_field_mask(field);
	vmcs->known[index] = true;
}

uint64_t
vmcs_memory(const struct vmcs *vmcs, uint64_t address)
{
	for (unsigned i = 0; i < vmcs->word_count; i++)
		if (vmcs->memory[i].address == address)
			return vmcs->memory[i].value;
	return 0;
}

void
vmcs_set_memory(struct vmcs *vmcs, uint64_t address, uint64_t value)
{
	for (unsigned i = 0; i < vmcs->word_count; i++) {
		if (vmcs->memory[i].address == address) {
			vmcs->memory[i].value = value;
			return;
		}
	}
	if (vmcs->word_count < VMCS_MEMORY_WORDS)
		vmcs->memory[vmcs->word_count++] = (struct vmcs_word){ address, value };
	else
		complain("a state has more than %d words of memory", VMCS_MEMORY_WORDS);
}

static bool
read_field(void *context, uint32_t field, uint64_t *value)
{
	const struct vmcs *vmcs = context;
	unsigned index = field >> 1 < sizeof(indexes) ? indexes[field >> 1] : 0;

	if (!index)
		return false;
	*value = vmcs->values[index - 1];
	return vmcs->known[index - 1];
}

/* All these fields have names. */
static void
read_fields(void *context, const uint32_t *fields, unsigned count, uint64_t *values, bool *known)
{
	const struct vmcs *vmcs = context;

	for (unsigned i = 0; i < count; i++) {
		unsigned index = indexes[fields[i] >> 1] - 1u;

		values[i] = vmcs->values[index];
		known[i] = vmcs->known[index];
	}
}

static bool
known_word(void *context, uint64_t address, uint64_t *value)
{
	const struct vmcs *vmcs = context;

	*value = vmcs_memory(vmcs, address);
	if (address >= BATCH_MEMORY && address < BATCH_MEMORY + BATCH_MEMORY_BYTES)
		return true;
	for (unsigned i = 0; i < vmcs->word_count; i++)
		if (vmcs->memory[i].address == address)
			return true;
	return false;
}

struct rule_input
vmcs_rule_input(const struct vmcs *vmcs, const struct capabilities *capabilities)
{
	return (struct rule_input){
		.read = read_field,
		.read_many = read_fields,
		.read_memory = known_word,
		.context = (void *)vmcs,
		.capabilities = capabilities,
		.current_vmcs_known = vmcs->address != 0,
		.current_vmcs = vmcs->address,
		.assume_false = 0,
	};
}

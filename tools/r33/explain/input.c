/*
 * A dump as the rules read it.
 *
 * Two formats show something else than the VMCS: QEMU cuts addresses, prints CR0 and CR4 as the
 * guest sees them, and mixes two modes while KVM runs real mode in virtual-8086 mode.  What is
 * not the field's value must not make a rule look violated.
 */
#include "input.h"

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "rules/terms.h"

enum { MSR_LOAD_ENTRY_BYTES = 16 };

/* For an MSR-load area at an unknown address: one that every processor accepts, and where
 * firmware is, not memory for a VMCS. */
static const uint64_t made_up_address = 0xfffe0000;

/* Is it one of the fields of ES, CS, SS, DS, FS, GS or TR? */
static bool
is_of_segment(uint32_t field)
{
	static const uint32_t first[] = { GUEST_ES_SELECTOR, GUEST_ES_LIMIT, GUEST_ES_ACCESS_RIGHTS,
		GUEST_ES_BASE };

	for (size_t i = 0; i < COUNT(first); i++) {
		uint32_t segment = (field - first[i]) / 2;

		if (field >= first[i] && segment <= TR)
			return segment != LDTR;
	}
	return false;
}

/* Is it the base of a segment or table? */
static bool
is_base(uint32_t field)
{
	return field >= GUEST_ES_BASE && field <= GUEST_IDTR_BASE;
}

bool
explain_is_mixed(const struct dump *dump, uint32_t field)
{
	if (!dump->real_mode_as_virtual_8086)
		return false;
	return is_of_segment(field) || field == GUEST_CR0 || field == GUEST_CR3 ||
	       field == GUEST_CR4 || field == GUEST_RFLAGS;
}

bool
explain_is_cut(const struct dump *dump, uint32_t field)
{
	if (!dump->truncated_addresses)
		return false;
	return is_base(field) || field == GUEST_RIP || field == GUEST_RSP || field == GUEST_CR3;
}

static bool
read_field(void *context, uint32_t field, uint64_t *value)
{
	const struct explain_input *input = context;
	const uint64_t *found = dump_value(input->dump, field);

	if (explain_is_mixed(input->dump, field))
		return false;
	if (!found && field == VM_ENTRY_MSR_LOAD_ADDRESS && input->made_up_address)
		found = &input->msr_load_address;
	if (!found && field == VM_ENTRY_MSR_LOAD_COUNT && input->made_up_count)
		found = &input->msr_load_count;
	if (found)
		*value = *found;
	return found != NULL;
}

/* Eight bytes of an entry of the dump's MSR-load list. */
static bool
read_msr_load_list(const struct explain_input *input, uint64_t address, uint64_t *value)
{
	uint64_t offset = address - input->msr_load_address;
	uint64_t entry = offset / MSR_LOAD_ENTRY_BYTES + 1;

	if (address < input->msr_load_address)
		return false;
	for (size_t i = 0; i < input->dump->msr_load_count; i++) {
		const struct dump_msr *msr = &input->dump->msr_load[i];

		if ((uint64_t)msr->entry != entry)
			continue;
		*value = offset % MSR_LOAD_ENTRY_BYTES == 0
		                 ? (uint64_t)msr->reserved << 32 | msr->index_number
		                 : msr->value;
		return true;
	}
	return false;
}

static bool
dump_memory_word(void *context, uint64_t address, uint64_t *value)
{
	const struct explain_input *input = context;

	if (read_msr_load_list(input, address, value))
		return true;
	for (size_t i = 0; i < input->dump->memory_count; i++) {
		if (input->dump->memory[i].address != address)
			continue;
		*value = input->dump->memory[i].value;
		return true;
	}
	return false;
}

/* The area of which the dump has entries. */
static void
find_msr_load_area(struct explain_input *input)
{
	const struct dump *dump = input->dump;
	const uint64_t *address = dump_value(dump, VM_ENTRY_MSR_LOAD_ADDRESS);

	input->msr_load_address = address ? *address : made_up_address;
	if (dump->msr_load_count == 0)
		return;
	input->made_up_address = !address;
	input->made_up_count = !dump_value(dump, VM_ENTRY_MSR_LOAD_COUNT);
	for (size_t i = 0; i < dump->msr_load_count; i++) {
		if ((uint64_t)dump->msr_load[i].entry > input->msr_load_count)
			input->msr_load_count = (uint64_t)dump->msr_load[i].entry;
	}
}

static bool
has_bits(const struct explain_input *input, uint32_t field, uint64_t bits)
{
	uint64_t value;

	return read_field((void *)input, field, &value) && value & bits;
}

/* IA-32e mode is known from EFER, and what follows from it where the VM-entry controls are not. */
static void
assume_mode(struct explain_input *input)
{
	uint64_t value, is_true = 0, is_false = 0;

	if (!input->dump->derived_ia32e_mode || read_field(input, VM_ENTRY_CONTROLS, &value))
		return;
	if (input->dump->ia32e_mode) {
		is_true |= ON(IA32E_MODE_GUEST);
		is_false |= ON(PAE_PAGING);
		if (read_field(input, GUEST_CS_ACCESS_RIGHTS, &value))
			*(value & RIGHTS_L ? &is_true : &is_false) |= ON(CODE_64BIT);
	} else {
		is_false |= ON(IA32E_MODE_GUEST) | ON(CODE_64BIT);
		if (read_field(input, GUEST_CR0, &value) && read_field(input, GUEST_CR4, &value))
			*(has_bits(input, GUEST_CR0, CR0_PG) && has_bits(input, GUEST_CR4, CR4_PAE)
			                ? &is_true
			                : &is_false) |= ON(PAE_PAGING);
	}
	input->rules.assume_true = is_true;
	input->rules.assume_false = is_false;
}

void
explain_input_make(
        struct explain_input *input, const struct dump *dump, const struct capabilities *caps)
{
	*input = (struct explain_input){
		.dump = dump,
		.rules = {
			.read = read_field,
			.read_memory = dump_memory_word,
			.context = input,
			.capabilities = caps,
			.current_vmcs_known = dump->has_current_vmcs,
			.current_vmcs = dump->current_vmcs,
		},
	};
	find_msr_load_area(input);
	assume_mode(input);
}

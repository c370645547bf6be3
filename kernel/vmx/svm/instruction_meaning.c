/* What a decoded guest instruction is and what it accesses: the second half of the decoder. */
#include <r33/guest.h>

#include "vmx/svm/instruction_tables.h"

enum { RAX = 0, RBX = 3, RSP = 4, RBP = 5, RSI = 6, RDI = 7 };

static bool
form_fits(const struct guest_instruction_form *form, const struct guest_instruction *instruction,
        uint8_t modrm, enum mandatory_prefix prefix)
{
	unsigned operand = instruction->rm_is_memory ? MODRM_MEMORY : MODRM_REGISTER;

	return form->map == instruction->map && form->opcode == instruction->opcode &&
	       (form->prefixes & prefix) && (form->operand == 0 || (form->operand & operand)) &&
	       (modrm & form->modrm_mask) == form->modrm_value &&
	       (form->reg_exists == 0 || (form->reg_exists >> instruction->reg & 1));
}

/* The kind by the table. */
static enum guest_instruction_kind
kind_of(const struct guest_instruction *instruction, uint8_t modrm, enum mandatory_prefix prefix)
{
	if (instruction->lock)
		return GUEST_INSTRUCTION_OTHER;
	for (size_t i = 0; i < guest_instruction_form_count; i++)
		if (form_fits(&guest_instruction_forms[i], instruction, modrm, prefix))
			return guest_instruction_forms[i].kind;
	return GUEST_INSTRUCTION_OTHER;
}

static uint8_t
implicit_accesses(const struct guest_instruction *instruction)
{
	for (size_t i = 0; i < implicit_access_form_count; i++) {
		const struct implicit_access_form *form = &implicit_access_forms[i];

		if (form->map == instruction->map && form->first <= instruction->opcode &&
		        instruction->opcode <= form->last &&
		        (form->extensions == 0 || (form->extensions >> (instruction->reg & 7) & 1)))
			return form->accesses;
	}
	return 0;
}

/* Near branches, PUSH and POP have 64-bit operands in 64-bit code unless 66h makes them 16 bits. */
static bool
stack_default_64(const struct guest_instruction *instruction)
{
	if (!(instruction->implicit & (GUEST_ACCESS_PUSH | GUEST_ACCESS_POP | GUEST_ACCESS_FRAME)))
		return false;
	switch (instruction->opcode) {
	case 0xca:
	case 0xcb: /* far RET */
	case 0xcf: /* IRET */ return false;
	case 0xff: return (instruction->reg & 7) != 3; /* far CALL */
	default: return true;
	}
}

/* Narrow or widen the operand size where the instruction has a rule of its own. */
static void
correct_operand_size(struct guest_instruction *instruction, enum code_size code_size)
{
	bool is_byte = !(instruction->opcode & 1);

	switch (instruction->kind) {
	case GUEST_INSTRUCTION_MOV_FROM_CR:
	case GUEST_INSTRUCTION_MOV_TO_CR:
	case GUEST_INSTRUCTION_MOV_FROM_DR:
	case GUEST_INSTRUCTION_MOV_TO_DR:
	case GUEST_INSTRUCTION_VMREAD:
	case GUEST_INSTRUCTION_VMWRITE:
	case GUEST_INSTRUCTION_INVEPT:
	case GUEST_INSTRUCTION_INVVPID:
	case GUEST_INSTRUCTION_INVPCID:
		instruction->operand_bytes = code_size == CODE_64 ? 8 : 4;
		return;
	case GUEST_INSTRUCTION_SGDT:
	case GUEST_INSTRUCTION_SIDT:
	case GUEST_INSTRUCTION_LGDT:
	case GUEST_INSTRUCTION_LIDT:
		if (code_size == CODE_64)
			instruction->operand_bytes = 8;
		return;
	case GUEST_INSTRUCTION_IN:
	case GUEST_INSTRUCTION_OUT:
	case GUEST_INSTRUCTION_INS:
	case GUEST_INSTRUCTION_OUTS:
		if (is_byte)
			instruction->operand_bytes = 1;
		else if (instruction->operand_bytes == 8)
			instruction->operand_bytes = 4;
		return;
	default: break;
	}
	if ((instruction->implicit & (GUEST_ACCESS_SOURCE | GUEST_ACCESS_DESTINATION)) && is_byte)
		instruction->operand_bytes = 1;
	else if (code_size == CODE_64 && instruction->operand_bytes == 4 &&
	         stack_default_64(instruction))
		instruction->operand_bytes = 8;
}

void
guest_instruction_name(struct guest_instruction *instruction, enum code_size code_size,
        uint8_t modrm, bool prefix_66)
{
	enum mandatory_prefix prefix = instruction->rep     ? PREFIX_F3
	                               : instruction->repne ? PREFIX_F2
	                               : prefix_66          ? PREFIX_66
	                                                    : PREFIX_NONE;

	instruction->kind = kind_of(instruction, modrm, prefix);
	instruction->implicit = implicit_accesses(instruction);
	instruction->has_immediate = instruction->kind == GUEST_INSTRUCTION_INT_N ||
	                             ((instruction->kind == GUEST_INSTRUCTION_IN ||
	                                      instruction->kind == GUEST_INSTRUCTION_OUT) &&
	                                     instruction->opcode <= 0xe7);
	correct_operand_size(instruction, code_size);
}

static uint64_t
cut(uint64_t offset, unsigned bytes)
{
	return bytes == 8 ? offset : bytes == 4 ? (uint32_t)offset : (uint16_t)offset;
}

uint64_t
guest_instruction_offset(const struct guest_instruction *instruction, const uint64_t registers[16],
        uint64_t next_rip)
{
	uint64_t offset = instruction->displacement;

	if (instruction->rip_relative)
		offset += next_rip;
	if (instruction->base != GUEST_REGISTER_NONE)
		offset += registers[instruction->base];
	if (instruction->index != GUEST_REGISTER_NONE)
		offset += registers[instruction->index] * instruction->scale;
	return cut(offset, instruction->address_bytes);
}

/* The offset of what an instruction accesses without naming it. */
static struct guest_access
implicit_access(const struct guest_instruction *instruction, const uint64_t registers[16],
        unsigned stack_address_bytes, enum guest_implicit_access access)
{
	unsigned address_bytes = instruction->address_bytes;

	switch (access) {
	case GUEST_ACCESS_SOURCE:
		return (struct guest_access){ instruction->segment,
			cut(registers[RSI], address_bytes) };
	case GUEST_ACCESS_DESTINATION:
		return (struct guest_access){ SEGMENT_ES, cut(registers[RDI], address_bytes) };
	case GUEST_ACCESS_TABLE:
		return (struct guest_access){ instruction->segment,
			cut(registers[RBX] + (uint8_t)registers[RAX], address_bytes) };
	case GUEST_ACCESS_PUSH:
		return (struct guest_access){ SEGMENT_SS,
			cut(registers[RSP] - instruction->operand_bytes, stack_address_bytes) };
	case GUEST_ACCESS_POP:
		return (struct guest_access){ SEGMENT_SS,
			cut(registers[RSP], stack_address_bytes) };
	case GUEST_ACCESS_FRAME: break;
	}
	return (struct guest_access){ SEGMENT_SS, cut(registers[RBP], stack_address_bytes) };
}

size_t
guest_instruction_accesses(const struct guest_instruction *instruction,
        const uint64_t registers[16], uint64_t next_rip, unsigned stack_address_bytes,
        struct guest_access accesses[GUEST_ACCESSES_MAX])
{
	size_t count = 0;

	if (instruction->rm_is_memory)
		accesses[count++] = (struct guest_access){ instruction->segment,
			guest_instruction_offset(instruction, registers, next_rip) };
	for (unsigned access = 1; access <= GUEST_ACCESS_FRAME; access <<= 1)
		if (instruction->implicit & access)
			accesses[count++] = implicit_access(
			        instruction, registers, stack_address_bytes, access);
	return count;
}

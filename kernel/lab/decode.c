/*
 * The instruction decoder; decode.h says what it promises, decode_tables.c which instructions
 * there are.  What is left here is the walk over the bytes:
 *
 *   prefixes  REX  opcode (one byte, 0F xx or 0F 38 xx)  ModRM  SIB  displacement  immediate
 *
 * Every byte is taken through take_byte(), which refuses the byte after the end of the code and
 * the sixteenth of an instruction; so nothing else here has to think about lengths.
 */
#include <r33/guest.h>

#include "lab/decode_tables.h"

/* The bytes still to be read, and how many have been. */
struct cursor {
	const uint8_t *code;
	size_t size;  /* at most INSTRUCTION_MAX_BYTES */
	size_t taken; /* the instruction's length so far */
};

/* What the prefixes in front of the opcode said. */
struct prefixes {
	enum mandatory_prefix mandatory;
	uint8_t segment; /* as in struct memory_operand */
	bool address_size_32;
	bool lock;
	uint8_t rex; /* 0, or 40h..4Fh when it comes directly before the opcode */
};

#define REX_B 1 /* fourth bit of the ModRM rm field or the SIB base */
#define REX_X 2 /* … of the SIB index */
#define REX_R 4 /* … of the ModRM reg field */

/* Special values of the low three bits (SDM 2A, tables 2-2, 2-3 and 2-5). */
#define RM_SIB           4 /* a SIB byte follows: RSP and R12 as base need one */
#define RM_NO_BASE       5 /* with mod = 0: disp32 in place of RBP and R13 */
#define SIB_INDEX_NONE   4 /* all four bits: with REX.X it is R12 */
#define MOD_REGISTER     3
#define OPCODE_ESCAPE    0x0f
#define OPCODE_ESCAPE_38 0x38

/* Take the next byte; false when there is none or the instruction would be too long. */
static bool
take_byte(struct cursor *cursor, uint8_t *byte)
{
	if (cursor->taken == cursor->size)
		return false;
	*byte = cursor->code[cursor->taken++];
	return true;
}

/* Take a little-endian signed number of 0, 1 or 4 bytes. */
static bool
take_displacement(struct cursor *cursor, unsigned bytes, int64_t *displacement)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < bytes; i++) {
		uint8_t byte;

		if (!take_byte(cursor, &byte))
			return false;
		value |= (uint32_t)byte << (8 * i);
	}
	*displacement = bytes == 1 ? (int8_t)value : (int32_t)value;
	return true;
}

/* The number of a register: three bits of the encoding and the fourth from the REX prefix. */
static uint8_t
register_number(unsigned low_bits, const struct prefixes *prefixes, uint8_t rex_bit)
{
	return (low_bits & 7) | (prefixes->rex & rex_bit ? 8 : 0);
}

/*
 * Note a legacy or REX prefix; false when the byte is none.  F2h and F3h outrank 66h, the last of
 * the two counts; so does the last of FS and GS.  CS, DS, ES and SS mean nothing in 64-bit mode.
 * A REX prefix with another prefix after it is ignored.
 */
static bool
note_prefix(struct prefixes *prefixes, uint8_t byte)
{
	uint8_t rex = 0;

	switch (byte) {
	case 0x66:
		if (prefixes->mandatory == PREFIX_NONE)
			prefixes->mandatory = PREFIX_66;
		break;
	case 0xf2: prefixes->mandatory = PREFIX_F2; break;
	case 0xf3: prefixes->mandatory = PREFIX_F3; break;
	case 0xf0: prefixes->lock = true; break;
	case 0x64: prefixes->segment = SEGMENT_FS; break;
	case 0x65: prefixes->segment = SEGMENT_GS; break;
	case 0x67: prefixes->address_size_32 = true; break;
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e: break;
	default:
		if ((byte & 0xf0) != 0x40)
			return false;
		rex = byte;
	}
	prefixes->rex = rex;
	return true;
}

/* Take the prefixes and the opcode after them. */
static bool
take_opcode(struct cursor *cursor, struct prefixes *prefixes, enum opcode_map *map, uint8_t *opcode)
{
	do {
		if (!take_byte(cursor, opcode))
			return false;
	} while (note_prefix(prefixes, *opcode));

	*map = MAP_ONE_BYTE;
	if (*opcode == OPCODE_ESCAPE) {
		*map = MAP_0F;
		if (!take_byte(cursor, opcode))
			return false;
		if (*opcode == OPCODE_ESCAPE_38) {
			*map = MAP_0F38;
			return take_byte(cursor, opcode);
		}
	}
	return true;
}

/*
 * Take what a ModRM byte with a memory operand asks for: SIB and displacement.  No instruction
 * here has an immediate after a memory operand, so RIP-relative addresses count from the byte
 * after the displacement.
 */
static bool
take_memory(struct cursor *cursor, const struct prefixes *prefixes, uint8_t modrm, uint64_t rip,
        struct memory_operand *memory)
{
	static const uint8_t displacement_bytes[MOD_REGISTER] = { 0, 1, 4 };
	unsigned mod = modrm >> 6;
	unsigned base = modrm & 7;
	bool has_sib = base == RM_SIB;
	bool has_base;

	*memory = (struct memory_operand){
		.index = REGISTER_NONE,
		.scale = 1,
		.segment = prefixes->segment,
		.address_size_32 = prefixes->address_size_32,
	};
	if (has_sib) {
		uint8_t sib;
		uint8_t index;

		if (!take_byte(cursor, &sib))
			return false;
		base = sib & 7;
		index = register_number(sib >> 3, prefixes, REX_X);
		if (index != SIB_INDEX_NONE) {
			memory->index = index;
			memory->scale = 1 << (sib >> 6);
		}
	}
	has_base = mod != 0 || base != RM_NO_BASE;
	memory->base = has_base ? register_number(base, prefixes, REX_B) : REGISTER_NONE;
	if (!take_displacement(
	            cursor, has_base ? displacement_bytes[mod] : 4, &memory->displacement))
		return false;
	if (!has_base && !has_sib)
		memory->displacement = rip + cursor->taken + (uint64_t)memory->displacement;
	return true;
}

/* True when the ModRM byte (if there is one) selects this form. */
static bool
modrm_fits(const struct instruction_form *form, const struct cursor *cursor)
{
	uint8_t modrm;

	if (form->operands <= OPERANDS_IMMEDIATE_8)
		return true;
	if (cursor->taken == cursor->size)
		return false;
	modrm = cursor->code[cursor->taken];
	return (modrm & form->modrm_mask) == form->modrm_value &&
	       !(form->operands == OPERANDS_MEMORY && modrm >> 6 == MOD_REGISTER);
}

/* The form with this opcode whose mandatory prefix and ModRM byte fit too, or NULL. */
static const struct instruction_form *
find_form(enum opcode_map map, uint8_t opcode, enum mandatory_prefix prefix,
        const struct cursor *cursor)
{
	for (size_t i = 0; i < instruction_form_count; i++) {
		const struct instruction_form *form = &instruction_forms[i];

		if (form->map == map && form->opcode == opcode && (form->prefixes & prefix) &&
		        modrm_fits(form, cursor))
			return form;
	}
	return NULL;
}

/* Take what follows the opcode, read as the form says, and note the operands. */
static bool
take_operands(struct cursor *cursor, const struct prefixes *prefixes,
        const struct instruction_form *form, uint64_t rip, struct instruction *instruction)
{
	uint8_t byte; /* ModRM or immediate */

	if (form->operands == OPERANDS_NONE)
		return true;
	if (!take_byte(cursor, &byte))
		return false;
	if (form->operands <= OPERANDS_MORE_OPCODE)
		return true;

	if (form->modrm_mask == 0)
		instruction->reg = register_number(byte >> 3, prefixes, REX_R);
	if (form->reg_allowed != 0 && !(form->reg_allowed >> instruction->reg & 1))
		return false;
	if (form->operands == OPERANDS_CONTROL_REGISTER || byte >> 6 == MOD_REGISTER) {
		instruction->rm = register_number(byte, prefixes, REX_B);
		return true;
	}
	instruction->rm_is_memory = true;
	return take_memory(cursor, prefixes, byte, rip, &instruction->memory);
}

bool
decode_instruction(const uint8_t *code, size_t size, uint64_t rip, struct instruction *instruction)
{
	struct cursor cursor = {
		.code = code,
		.size = size < INSTRUCTION_MAX_BYTES ? size : INSTRUCTION_MAX_BYTES,
	};
	struct prefixes prefixes = { .mandatory = PREFIX_NONE, .segment = REGISTER_NONE };
	const struct instruction_form *form = NULL;
	enum opcode_map map;
	uint8_t opcode;

	*instruction = (struct instruction){ .kind = INSTRUCTION_UNKNOWN };
	if (take_opcode(&cursor, &prefixes, &map, &opcode) && !prefixes.lock)
		form = find_form(map, opcode, prefixes.mandatory, &cursor);
	if (form == NULL || !take_operands(&cursor, &prefixes, form, rip, instruction))
		return false;
	instruction->kind = form->kind;
	instruction->length_bytes = cursor.taken;
	return true;
}

uint64_t
memory_operand_address(const struct memory_operand *memory, const uint64_t registers[16])
{
	uint64_t address = memory->displacement;

	if (memory->base != REGISTER_NONE)
		address += registers[memory->base];
	if (memory->index != REGISTER_NONE)
		address += registers[memory->index] * memory->scale;
	return memory->address_size_32 ? (uint32_t)address : address;
}

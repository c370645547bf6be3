/*
 * The decoder of guest instructions; instruction.h says what it promises, instruction_tables.c which instructions
 * there are.  What is left here is the walk over the bytes:
 *
 *   prefixes  REX or VEX  opcode  ModRM  SIB  displacement  immediate
 *
 * Every byte is taken through take_byte(), which refuses the byte after the end of the code and the sixteenth of
 * an instruction; so nothing else here has to think about lengths.
 */
#include <r33/guest.h>

#include "vmx/svm/instruction_tables.h"

/* The bytes still to be read, and how many have been. */
struct cursor {
	const uint8_t *code;
	size_t size;  /* at most GUEST_INSTRUCTION_MAX_BYTES */
	size_t taken; /* the instruction's length so far */
};

/* What stands before the opcode. */
struct prefixes {
	enum code_size code_size;
	uint8_t repeat; /* F2h, F3h (the last of them) or 0 */
	bool operand_size;
	bool address_size;
	uint8_t rex; /* REX.WRXB, also those of VEX; with bit 6 when there is a REX byte */
	bool vex;
};

#define REX_B    1 /* fourth bit of the ModRM rm field or the SIB base */
#define REX_X    2 /* … of the SIB index */
#define REX_R    4 /* … of the ModRM reg field */
#define REX_W    8 /* 64-bit operands */
#define REX_BYTE 0x40

/* Special values of the low three bits (SDM 2A, tables 2-1 to 2-3 and 2-5). */
#define RM_SIB            4 /* a SIB byte follows: RSP and R12 as base need one */
#define RM_NO_BASE        5 /* with mod = 0: disp32 in place of RBP and R13 */
#define RM_NO_BASE_16     6 /* with mod = 0: disp16 in place of BP */
#define SIB_INDEX_NONE    4 /* all four bits: with REX.X it is R12 */
#define MOD_REGISTER      3
#define OPCODE_BOUND      0x62
#define OPCODE_POP_MEMORY 0x8f

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI };

/* Take the next byte; false when there is none or the instruction would be too long. */
static bool
take_byte(struct cursor *cursor, uint8_t *byte)
{
	if (cursor->taken == cursor->size)
		return false;
	*byte = cursor->code[cursor->taken++];
	return true;
}

/* Take a little-endian number of 0, 1, 2, 4 or 8 bytes. */
static bool
take_number(struct cursor *cursor, unsigned bytes, uint64_t *value)
{
	*value = 0;
	for (unsigned i = 0; i < bytes; i++) {
		uint8_t byte;

		if (!take_byte(cursor, &byte))
			return false;
		*value |= (uint64_t)byte << (8 * i);
	}
	return true;
}

/* … the same with a sign: a displacement. */
static bool
take_displacement(struct cursor *cursor, unsigned bytes, int64_t *displacement)
{
	uint64_t value;

	if (!take_number(cursor, bytes, &value))
		return false;
	*displacement = bytes == 1 ? (int8_t)value : bytes == 2 ? (int16_t)value : (int32_t)value;
	return true;
}

static void
override_segment(
        struct guest_instruction *instruction, const struct prefixes *prefixes, uint8_t segment)
{
	if (prefixes->code_size == CODE_64 && segment < SEGMENT_FS)
		return; /* a null prefix */
	instruction->segment = segment;
	instruction->segment_overridden = true;
}

/* Note a legacy or REX prefix; false when the byte is none.  A REX prefix before another prefix is ignored. */
static bool
note_prefix(struct prefixes *prefixes, struct guest_instruction *instruction, uint8_t byte)
{
	uint8_t rex = 0;

	switch (byte) {
	case 0x26: override_segment(instruction, prefixes, SEGMENT_ES); break;
	case 0x2e: override_segment(instruction, prefixes, SEGMENT_CS); break;
	case 0x36: override_segment(instruction, prefixes, SEGMENT_SS); break;
	case 0x3e: override_segment(instruction, prefixes, SEGMENT_DS); break;
	case 0x64: override_segment(instruction, prefixes, SEGMENT_FS); break;
	case 0x65: override_segment(instruction, prefixes, SEGMENT_GS); break;
	case 0x66: prefixes->operand_size = true; break;
	case 0x67: prefixes->address_size = true; break;
	case 0xf0: instruction->lock = true; break;
	case 0xf2:
	case 0xf3: prefixes->repeat = byte; break;
	default:
		if (prefixes->code_size != CODE_64 || (byte & 0xf0) != REX_BYTE)
			return false;
		rex = byte;
	}
	prefixes->rex = rex;
	return true;
}

/* Take the rest of a VEX prefix (SDM 2A, "The VEX Prefix") and the opcode; first is C4h or C5h. */
static bool
take_vex(struct cursor *cursor, struct prefixes *prefixes, uint8_t first,
        struct guest_instruction *instruction)
{
	uint8_t byte;
	uint8_t map = GUEST_MAP_0F;

	/* Any of these before it is #UD. */
	if (prefixes->rex != 0 || prefixes->operand_size || prefixes->repeat != 0 ||
	        instruction->lock)
		return false;
	prefixes->vex = true;
	if (!take_byte(cursor, &byte))
		return false;
	prefixes->rex = byte & 0x80 ? 0 : REX_R; /* the three bits are inverted */
	if (first == 0xc4) {
		prefixes->rex |= (byte & 0x40 ? 0 : REX_X) | (byte & 0x20 ? 0 : REX_B);
		map = byte & 0x1f;
		if (map < GUEST_MAP_0F || map > GUEST_MAP_0F3A || !take_byte(cursor, &byte))
			return false;
		prefixes->rex |= byte & 0x80 ? REX_W : 0;
	}
	if (prefixes->code_size != CODE_64)
		prefixes->rex = 0;
	instruction->map = map;
	return take_byte(cursor, &instruction->opcode);
}

/* Take the prefixes and the opcode after them. */
static bool
take_opcode(struct cursor *cursor, struct prefixes *prefixes, struct guest_instruction *instruction)
{
	uint8_t *opcode = &instruction->opcode;

	do {
		if (!take_byte(cursor, opcode))
			return false;
	} while (note_prefix(prefixes, instruction, *opcode));

	/* In 16- and 32-bit code these are LES and LDS, which have a memory operand. */
	if ((*opcode == 0xc4 || *opcode == 0xc5) &&
	        (prefixes->code_size == CODE_64 ||
	                (cursor->taken < cursor->size &&
	                        cursor->code[cursor->taken] >> 6 == MOD_REGISTER)))
		return take_vex(cursor, prefixes, *opcode, instruction);

	if (*opcode != 0x0f)
		return true;
	instruction->map = GUEST_MAP_0F;
	if (!take_byte(cursor, opcode))
		return false;
	if (*opcode != 0x38 && *opcode != 0x3a)
		return true;
	instruction->map = *opcode == 0x38 ? GUEST_MAP_0F38 : GUEST_MAP_0F3A;
	return take_byte(cursor, opcode);
}

/* The sizes that the prefixes ask for; instructions with ideas of their own come later. */
static void
note_sizes(const struct prefixes *prefixes, struct guest_instruction *instruction)
{
	static const uint8_t address_bytes[][2] = { { 2, 4 }, { 4, 2 }, { 8, 4 } };
	static const uint8_t operand_bytes[][2] = { { 2, 4 }, { 4, 2 }, { 4, 2 } };

	instruction->address_bytes = address_bytes[prefixes->code_size][prefixes->address_size];
	instruction->operand_bytes = operand_bytes[prefixes->code_size][prefixes->operand_size];
	if (prefixes->rex & REX_W)
		instruction->operand_bytes = 8;
	instruction->rep = prefixes->repeat == 0xf3;
	instruction->repne = prefixes->repeat == 0xf2;
}

/* The number of a register: three bits of the encoding and the fourth from the REX prefix. */
static uint8_t
register_number(unsigned low_bits, const struct prefixes *prefixes, uint8_t rex_bit)
{
	return (low_bits & 7) | (prefixes->rex & rex_bit ? 8 : 0);
}

/* Take the displacement of a memory operand with 16-bit addressing. */
static bool
take_memory_16(struct cursor *cursor, uint8_t modrm, struct guest_instruction *instruction)
{
	static const uint8_t bases[8] = { RBX, RBX, RBP, RBP, RSI, RDI, RBP, RBX };
	static const uint8_t indices[8] = { RSI, RDI, RSI, RDI, GUEST_REGISTER_NONE,
		GUEST_REGISTER_NONE, GUEST_REGISTER_NONE, GUEST_REGISTER_NONE };
	static const uint8_t displacement_bytes[MOD_REGISTER] = { 0, 1, 2 };
	unsigned mod = modrm >> 6;
	unsigned rm = modrm & 7;

	if (mod == 0 && rm == RM_NO_BASE_16)
		return take_displacement(cursor, 2, &instruction->displacement);
	instruction->base = bases[rm];
	instruction->index = indices[rm];
	return take_displacement(cursor, displacement_bytes[mod], &instruction->displacement);
}

/* Take SIB byte and displacement of a memory operand with 32- or 64-bit addressing. */
static bool
take_memory_32(struct cursor *cursor, const struct prefixes *prefixes, uint8_t modrm,
        struct guest_instruction *instruction)
{
	static const uint8_t displacement_bytes[MOD_REGISTER] = { 0, 1, 4 };
	unsigned mod = modrm >> 6;
	unsigned base = modrm & 7;
	bool has_sib = base == RM_SIB;

	if (has_sib) {
		uint8_t sib;
		uint8_t index;

		if (!take_byte(cursor, &sib))
			return false;
		base = sib & 7;
		index = register_number(sib >> 3, prefixes, REX_X);
		if (index != SIB_INDEX_NONE) {
			instruction->index = index;
			instruction->scale = 1 << (sib >> 6);
		}
	}
	if (mod == 0 && base == RM_NO_BASE) {
		instruction->rip_relative = !has_sib && prefixes->code_size == CODE_64;
		return take_displacement(cursor, 4, &instruction->displacement);
	}
	instruction->base = register_number(base, prefixes, REX_B);
	return take_displacement(cursor, displacement_bytes[mod], &instruction->displacement);
}

/* Take the ModRM byte and what it asks for. */
static bool
take_modrm(struct cursor *cursor, const struct prefixes *prefixes, char shape,
        struct guest_instruction *instruction, uint8_t *modrm)
{
	bool vector_index = prefixes->vex && instruction->map == GUEST_MAP_0F38 &&
	                    (instruction->opcode & 0xfc) == 0x90; /* VGATHER…, VPGATHER… */

	if (!take_byte(cursor, modrm))
		return false;
	instruction->has_modrm = true;
	instruction->reg = register_number(*modrm >> 3, prefixes, REX_R);
	if (shape == SHAPE_REGISTERS || *modrm >> 6 == MOD_REGISTER) {
		instruction->rm = register_number(*modrm, prefixes, REX_B);
		return true;
	}
	instruction->rm_is_memory = true;
	if (instruction->address_bytes == 2
	                ? !take_memory_16(cursor, *modrm, instruction)
	                : !take_memory_32(cursor, prefixes, *modrm, instruction))
		return false;
	if (!instruction->segment_overridden &&
	        (instruction->base == RSP || instruction->base == RBP))
		instruction->segment = SEGMENT_SS;
	if (vector_index) {
		instruction->rm_is_memory = false;
		instruction->base = instruction->index = GUEST_REGISTER_NONE;
		instruction->scale = 1;
		instruction->displacement = 0;
	}
	return true;
}

/* How many bytes of immediate the opcode has. */
static unsigned
immediate_bytes(
        char shape, const struct prefixes *prefixes, const struct guest_instruction *instruction)
{
	unsigned z = instruction->operand_bytes == 2 ? 2 : 4;
	bool is_test = (instruction->reg & 7) < 2;

	switch (shape) {
	case SHAPE_MODRM_8:
	case SHAPE_MODRM_8_32:
	case SHAPE_8:
	case SHAPE_8_32: return 1;
	case SHAPE_16: return 2;
	case SHAPE_16_8: return 3;
	case SHAPE_Z:
	case SHAPE_MODRM_Z: return z;
	case SHAPE_V: return instruction->operand_bytes;
	case SHAPE_NEAR: return prefixes->code_size == CODE_64 ? 4 : z;
	case SHAPE_FAR: return 2 + z;
	case SHAPE_TEST_8: return is_test ? 1 : 0;
	case SHAPE_TEST_Z: return is_test ? z : 0;
	case SHAPE_MODRM:
		/* EXTRQ and INSERTQ, in the place of VMREAD */
		return instruction->map == GUEST_MAP_0F && instruction->opcode == 0x78 &&
		                       (prefixes->operand_size || prefixes->repeat == 0xf2)
		               ? 2
		               : 0;
	default: return 0;
	}
}

/* Is there an instruction with this opcode in this code size? */
static bool
exists(char shape, const struct prefixes *prefixes, const struct guest_instruction *instruction)
{
	if (prefixes->vex)
		return shape == SHAPE_MODRM || shape == SHAPE_MODRM_8 ||
		       (shape == SHAPE_NONE && instruction->map == GUEST_MAP_0F &&
		               instruction->opcode == 0x77); /* VZEROUPPER */
	if (prefixes->code_size == CODE_64)
		return shape != SHAPE_INVALID && shape != SHAPE_NONE_32 &&
		       shape != SHAPE_MODRM_32 && shape != SHAPE_MODRM_8_32 &&
		       shape != SHAPE_8_32 && shape != SHAPE_FAR;
	return shape != SHAPE_INVALID;
}

/* Take what follows the opcode. */
static bool
take_operands(struct cursor *cursor, const struct prefixes *prefixes, char shape,
        struct guest_instruction *instruction, uint8_t *modrm)
{
	uint64_t immediate;

	if (shape_has_modrm(shape) && !take_modrm(cursor, prefixes, shape, instruction, modrm))
		return false;
	if (instruction->map == GUEST_MAP_ONE_BYTE &&
	        ((instruction->opcode == OPCODE_POP_MEMORY && (instruction->reg & 7) != 0) ||
	                (instruction->opcode == OPCODE_BOUND && !instruction->rm_is_memory)))
		return false; /* XOP, EVEX */
	if (shape == SHAPE_MEMORY_OFFSET) {
		instruction->rm_is_memory = true;
		if (!take_number(cursor, instruction->address_bytes, &immediate))
			return false;
		instruction->displacement = immediate;
		return true;
	}
	if (!take_number(cursor, immediate_bytes(shape, prefixes, instruction), &immediate))
		return false;
	instruction->immediate = immediate; /* cut: more than one byte is nobody's */
	return true;
}

bool
guest_instruction_decode(const uint8_t *code, size_t size, enum code_size code_size,
        struct guest_instruction *instruction)
{
	static const struct guest_instruction unknown = {
		.kind = GUEST_INSTRUCTION_OTHER,
		.base = GUEST_REGISTER_NONE,
		.index = GUEST_REGISTER_NONE,
		.scale = 1,
		.segment = SEGMENT_DS,
	};
	struct cursor cursor = {
		.code = code,
		.size = size < GUEST_INSTRUCTION_MAX_BYTES ? size : GUEST_INSTRUCTION_MAX_BYTES,
	};
	struct prefixes prefixes = { .code_size = code_size };
	uint8_t modrm = 0;
	char shape;

	*instruction = unknown;
	if (!take_opcode(&cursor, &prefixes, instruction))
		goto refuse;
	note_sizes(&prefixes, instruction);
	shape = opcode_shapes[instruction->map][instruction->opcode >> 4][instruction->opcode & 15];
	if (!exists(shape, &prefixes, instruction) ||
	        !take_operands(&cursor, &prefixes, shape, instruction, &modrm))
		goto refuse;
	instruction->length_bytes = cursor.taken;
	if (!prefixes.vex)
		guest_instruction_name(instruction, code_size, modrm, prefixes.operand_size);
	if (!instruction->has_immediate)
		instruction->immediate = 0;
	return true;
refuse:
	*instruction = unknown;
	return false;
}

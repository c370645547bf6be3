/*
 * The opcode maps and the named instructions: between instruction.c, which walks the bytes, and
 * instruction_tables.c, which knows the opcodes.  No other file includes this.
 */
#pragma once

#include "vmx/svm/instruction.h"

/* What follows an opcode: one character in opcode_shapes[map][opcode]. */
#define SHAPE_INVALID 'x' /* no instruction, a prefix or an escape */
#define SHAPE_NONE    '.'
#define SHAPE_NONE_32 'i' /* nothing, and no instruction in 64-bit code */
#define SHAPE_MODRM   'm'
#define SHAPE_MODRM_32 \
	'I' /* ModRM; no instruction in 64-bit code, where VEX and EVEX have their place */
#define SHAPE_MODRM_8       'b' /* ModRM, immediate of 1 byte */
#define SHAPE_MODRM_8_32    'B' /* the same, not in 64-bit code */
#define SHAPE_MODRM_Z       'z' /* ModRM, immediate of 2 or 4 bytes by the operand size */
#define SHAPE_REGISTERS     'r' /* ModRM: two registers, whatever mod says */
#define SHAPE_TEST_8        'g' /* group 3: ModRM; immediate of 1 byte for /0 and /1 */
#define SHAPE_TEST_Z        'G' /* … of 2 or 4 bytes */
#define SHAPE_8             '1' /* immediate of 1 byte */
#define SHAPE_8_32          'a' /* the same, not in 64-bit code */
#define SHAPE_16            '2' /* … of 2 bytes */
#define SHAPE_16_8          '3' /* … of 2 and of 1 */
#define SHAPE_Z             '4' /* … of 2 or 4 bytes by the operand size */
#define SHAPE_V             'v' /* … of 2, 4 or 8 */
#define SHAPE_NEAR          'j' /* relative address: 4 bytes in 64-bit code, else as Z */
#define SHAPE_FAR           'f' /* selector and offset, not in 64-bit code */
#define SHAPE_MEMORY_OFFSET 'o' /* address of 2, 4 or 8 bytes by the address size */

extern const char *const opcode_shapes[4][16]; /* by map and the opcode's high digit */
bool shape_has_modrm(char shape);

/* The prefix that selects among the instructions sharing an opcode; a form lists those it takes. */
enum mandatory_prefix {
	PREFIX_NONE = 1, /* "NP" in the SDM: none of the three */
	PREFIX_66 = 2,
	PREFIX_F2 = 4,
	PREFIX_F3 = 8,
	PREFIX_NO_REPEAT = PREFIX_NONE | PREFIX_66,
	PREFIX_ANY = 15, /* the processor ignores them */
};

enum modrm_operand {
	MODRM_MEMORY = 1,
	MODRM_REGISTER = 2,
	MODRM_EITHER = 3,
};

/* One encoding of one named instruction. */
struct guest_instruction_form {
	uint8_t kind; /* enum guest_instruction_kind */
	uint8_t map;  /* enum guest_opcode_map */
	uint8_t opcode;
	uint8_t prefixes;    /* enum mandatory_prefix, one or several */
	uint8_t operand;     /* enum modrm_operand; 0: there is no ModRM byte */
	uint8_t modrm_mask;  /* bits of ModRM that belong to the opcode … */
	uint8_t modrm_value; /* … and what they must be */
	uint16_t reg_exists; /* set of reg numbers that exist; 0: all of them */
};

extern const struct guest_instruction_form guest_instruction_forms[];
extern const size_t guest_instruction_form_count;

/* The memory that one-byte and 0F opcodes access besides a ModRM operand. */
struct implicit_access_form {
	uint8_t map;
	uint8_t first, last; /* opcodes */
	uint8_t accesses;    /* set of enum guest_implicit_access */
	uint8_t extensions;  /* set of ModRM reg values; 0: no ModRM byte, or all of them */
};

extern const struct implicit_access_form implicit_access_forms[];
extern const size_t implicit_access_form_count;

/* The second half of decoding, in instruction_meaning.c: fill in the kind, the implicit accesses and the operand
 * size of an instruction whose bytes have been taken; modrm is 0 when it has no such byte. */
void guest_instruction_name(struct guest_instruction *instruction, enum code_size code_size,
        uint8_t modrm, bool prefix_66);

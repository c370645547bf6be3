/*
 * The rows of the decoder's table: between decode.c, which walks the bytes, and decode_tables.c,
 * which knows the instructions.  No other file includes this.
 */
#pragma once

#include "lab/decode.h"

enum opcode_map {
	MAP_ONE_BYTE,
	MAP_0F,
	MAP_0F38,
};

/* The prefix that selects among the instructions sharing an opcode; a form lists those it takes. */
enum mandatory_prefix {
	PREFIX_NONE = 1, /* "NP" in the SDM: none of the three */
	PREFIX_66 = 2,
	PREFIX_F2 = 4,
	PREFIX_F3 = 8,
	PREFIX_ANY = 15, /* the processor ignores them */
};

enum operand_form {
	OPERANDS_NONE,
	OPERANDS_IMMEDIATE_8,      /* the kernel performs none of these: the byte is skipped */
	OPERANDS_MORE_OPCODE,      /* ModRM is nothing but a third opcode byte */
	OPERANDS_MEMORY,           /* ModRM with mod = 3 is another instruction or none */
	OPERANDS_EITHER,           /* ModRM: register or memory */
	OPERANDS_CONTROL_REGISTER, /* ModRM: two registers whatever mod says: MOV CR, MOV DR */
};

/* One encoding of one instruction. */
struct instruction_form {
	uint8_t kind;         /* enum instruction_kind */
	uint8_t map;          /* enum opcode_map */
	uint8_t opcode;       /* the byte after 0F or 0F 38 */
	uint8_t prefixes;     /* enum mandatory_prefix, one or several */
	uint8_t operands;     /* enum operand_form */
	uint8_t modrm_mask;   /* bits of ModRM that belong to the opcode; 0: reg is an operand … */
	uint8_t modrm_value;  /* … and what they must be */
	uint16_t reg_allowed; /* set of reg numbers that exist; 0: all of them */
};

extern const struct instruction_form instruction_forms[];
extern const size_t instruction_form_count;

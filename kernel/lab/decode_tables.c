/*
 * The instructions the decoder knows: their encodings (SDM 2D appendix A, "Opcode map", and the
 * reference pages) and their names.  No two rows match the same bytes, so their order is free.
 */
#include "lab/decode_tables.h"

#include <r33/array.h>

/* The opcode extensions "/6" (ModRM bits 5:3) and "C2" (the whole ModRM byte). */
#define GROUP(extension) .modrm_mask = 0x38, .modrm_value = (extension) << 3
#define MODRM(byte)      .modrm_mask = 0xff, .modrm_value = (byte)

/* Sets of register numbers: no other control registers exist, and no DR8 to DR15. */
#define CONTROL_REGISTERS (1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 8)
#define DEBUG_REGISTERS   0xff

#define FORM(name, map_, opcode_, prefixes_, operands_, ...) \
	{ .kind = INSTRUCTION_##name, \
		.map = MAP_##map_, \
		.opcode = opcode_, \
		.prefixes = PREFIX_##prefixes_, \
		.operands = OPERANDS_##operands_, \
		__VA_ARGS__ }

/* clang-format off */
const struct instruction_form instruction_forms[] = {
	FORM(VMREAD,      0F,       0x78, NONE, EITHER),
	FORM(VMWRITE,     0F,       0x79, NONE, EITHER),
	FORM(VMCALL,      0F,       0x01, NONE, MORE_OPCODE,      MODRM(0xc1)),
	FORM(VMLAUNCH,    0F,       0x01, NONE, MORE_OPCODE,      MODRM(0xc2)),
	FORM(VMRESUME,    0F,       0x01, NONE, MORE_OPCODE,      MODRM(0xc3)),
	FORM(VMXOFF,      0F,       0x01, NONE, MORE_OPCODE,      MODRM(0xc4)),
	FORM(VMPTRLD,     0F,       0xc7, NONE, MEMORY,           GROUP(6)),
	FORM(VMCLEAR,     0F,       0xc7, 66,   MEMORY,           GROUP(6)),
	FORM(VMXON,       0F,       0xc7, F3,   MEMORY,           GROUP(6)),
	FORM(VMPTRST,     0F,       0xc7, NONE, MEMORY,           GROUP(7)),
	FORM(INVEPT,      0F38,     0x80, 66,   MEMORY),
	FORM(INVVPID,     0F38,     0x81, 66,   MEMORY),

	FORM(RDMSR,       0F,       0x32, ANY,  NONE),
	FORM(WRMSR,       0F,       0x30, ANY,  NONE),
	FORM(MOV_FROM_CR, 0F,       0x20, ANY,  CONTROL_REGISTER, .reg_allowed = CONTROL_REGISTERS),
	FORM(MOV_TO_CR,   0F,       0x22, ANY,  CONTROL_REGISTER, .reg_allowed = CONTROL_REGISTERS),
	FORM(MOV_FROM_DR, 0F,       0x21, ANY,  CONTROL_REGISTER, .reg_allowed = DEBUG_REGISTERS),
	FORM(MOV_TO_DR,   0F,       0x23, ANY,  CONTROL_REGISTER, .reg_allowed = DEBUG_REGISTERS),
	FORM(CLTS,        0F,       0x06, ANY,  NONE),
	FORM(LMSW,        0F,       0x01, ANY,  EITHER,           GROUP(6)),
	FORM(XSETBV,      0F,       0x01, NONE, MORE_OPCODE,      MODRM(0xd1)),

	FORM(INVLPG,      0F,       0x01, ANY,  MEMORY,           GROUP(7)),
	FORM(INVD,        0F,       0x08, ANY,  NONE),
	FORM(WBINVD,      0F,       0x09, ANY,  NONE),            /* F3: WBNOINVD, where it exists */
	FORM(LGDT,        0F,       0x01, ANY,  MEMORY,           GROUP(2)),
	FORM(LIDT,        0F,       0x01, ANY,  MEMORY,           GROUP(3)),
	FORM(LLDT,        0F,       0x00, ANY,  EITHER,           GROUP(2)),
	FORM(LTR,         0F,       0x00, ANY,  EITHER,           GROUP(3)),
	FORM(SWAPGS,      0F,       0x01, NONE, MORE_OPCODE,      MODRM(0xf8)),

	FORM(HLT,         ONE_BYTE, 0xf4, ANY,  NONE),
	FORM(CLI,         ONE_BYTE, 0xfa, ANY,  NONE),
	FORM(STI,         ONE_BYTE, 0xfb, ANY,  NONE),
	FORM(IN,          ONE_BYTE, 0x6c, ANY,  NONE),
	FORM(IN,          ONE_BYTE, 0x6d, ANY,  NONE),
	FORM(IN,          ONE_BYTE, 0xe4, ANY,  IMMEDIATE_8),
	FORM(IN,          ONE_BYTE, 0xe5, ANY,  IMMEDIATE_8),
	FORM(IN,          ONE_BYTE, 0xec, ANY,  NONE),
	FORM(IN,          ONE_BYTE, 0xed, ANY,  NONE),
	FORM(OUT,         ONE_BYTE, 0x6e, ANY,  NONE),
	FORM(OUT,         ONE_BYTE, 0x6f, ANY,  NONE),
	FORM(OUT,         ONE_BYTE, 0xe6, ANY,  IMMEDIATE_8),
	FORM(OUT,         ONE_BYTE, 0xe7, ANY,  IMMEDIATE_8),
	FORM(OUT,         ONE_BYTE, 0xee, ANY,  NONE),
	FORM(OUT,         ONE_BYTE, 0xef, ANY,  NONE),

	FORM(INT,         ONE_BYTE, 0xcc, ANY,  NONE),
	FORM(INT,         ONE_BYTE, 0xcd, ANY,  IMMEDIATE_8),
	FORM(INT,         ONE_BYTE, 0xf1, ANY,  NONE),
	FORM(IRET,        ONE_BYTE, 0xcf, ANY,  NONE),
	FORM(SYSCALL,     0F,       0x05, ANY,  NONE),
	FORM(SYSRET,      0F,       0x07, ANY,  NONE),
	FORM(SYSENTER,    0F,       0x34, ANY,  NONE),
	FORM(SYSRET,      0F,       0x35, ANY,  NONE),            /* SYSEXIT */
	FORM(UD,          0F,       0xff, ANY,  EITHER),          /* UD0 */
	FORM(UD,          0F,       0xb9, ANY,  EITHER),          /* UD1 */
	FORM(UD,          0F,       0x0b, ANY,  NONE),            /* UD2 */
};
/* clang-format on */

const size_t instruction_form_count = COUNT(instruction_forms);

/* clang-format off */
#define NAME(kind) [INSTRUCTION_##kind] = #kind
static const char *const names[INSTRUCTION_KIND_COUNT] = {
	NAME(VMREAD), NAME(VMWRITE), NAME(VMLAUNCH), NAME(VMRESUME), NAME(VMCLEAR),
	NAME(VMPTRLD), NAME(VMPTRST), NAME(VMXON), NAME(VMXOFF), NAME(RDMSR), NAME(VMCALL),
	NAME(INVEPT), NAME(INVVPID), NAME(WRMSR), NAME(CLTS), NAME(LMSW), NAME(INVLPG),
	NAME(INVD), NAME(WBINVD), NAME(LGDT), NAME(LIDT), NAME(LLDT), NAME(LTR), NAME(HLT),
	NAME(CLI), NAME(STI), NAME(IN), NAME(OUT), NAME(INT), NAME(SYSRET), NAME(SYSENTER),
	NAME(SYSCALL), NAME(SWAPGS), NAME(XSETBV), NAME(IRET), NAME(UD),
	[INSTRUCTION_MOV_FROM_CR] = "MOV from CR",
	[INSTRUCTION_MOV_TO_CR] = "MOV to CR",
	[INSTRUCTION_MOV_FROM_DR] = "MOV from DR",
	[INSTRUCTION_MOV_TO_DR] = "MOV to DR",
};
/* clang-format on */

const char *
instruction_name(enum instruction_kind kind)
{
	const char *name = (unsigned)kind < INSTRUCTION_KIND_COUNT ? names[kind] : NULL;

	return name != NULL ? name : "?";
}

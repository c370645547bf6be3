/*
 * What follows each opcode (SDM 2D appendix A, "Opcode map"), which opcodes are instructions with a name, and
 * what they access without saying so.  No two rows of named instructions match the same bytes.
 */
#include "vmx/svm/instruction_tables.h"

#include <r33/array.h>

#define ALL(c) #c #c #c #c #c #c #c #c #c #c #c #c #c #c #c #c

/* clang-format off */
const char *const opcode_shapes[4][16] = {
	[GUEST_MAP_ONE_BYTE] = {
		/*    0123456789abcdef */
		/* 0 */ "mmmm14iimmmm14ix",
		/* 1 */ "mmmm14iimmmm14ii",
		/* 2 */ "mmmm14ximmmm14xi",
		/* 3 */ "mmmm14ximmmm14xi",
		/* 4 */ ALL(.),
		/* 5 */ ALL(.),
		/* 6 */ "iiImxxxx4z1b....",
		/* 7 */ ALL(1),
		/* 8 */ "bzBbmmmmmmmmmmmm",
		/* 9 */ "..........f.....",
		/* a */ "oooo....14......",
		/* b */ "11111111vvvvvvvv",
		/* c */ "bb2.IIbz3.2..1i.",
		/* d */ "mmmmaai.mmmmmmmm",
		/* e */ "11111111jjf1....",
		/* f */ "x.xx..gG......mm",
	},
	[GUEST_MAP_0F] = {
		/*    0123456789abcdef */
		/* 0 */ "mmmmx.....x.xm.b",
		/* 1 */ ALL(m),
		/* 2 */ "rrrrxxxxmmmmmmmm",
		/* 3 */ "......x.xxxxxxxx",
		/* 4 */ ALL(m),
		/* 5 */ ALL(m),
		/* 6 */ ALL(m),
		/* 7 */ "bbbbmmm.mmxxmmmm",
		/* 8 */ ALL(j),
		/* 9 */ ALL(m),
		/* a */ "...mbmxx...mbmmm",
		/* b */ "mmmmmmmmmmbmmmmm",
		/* c */ "mmbmbbbm........",
		/* d */ ALL(m),
		/* e */ ALL(m),
		/* f */ ALL(m),
	},
	[GUEST_MAP_0F38] = {
		ALL(m), ALL(m), ALL(m), ALL(m), ALL(m), ALL(m), ALL(m), ALL(m),
		ALL(m), ALL(m), ALL(m), ALL(m), ALL(m), ALL(m), ALL(m), ALL(m),
	},
	[GUEST_MAP_0F3A] = {
		ALL(b), ALL(b), ALL(b), ALL(b), ALL(b), ALL(b), ALL(b), ALL(b),
		ALL(b), ALL(b), ALL(b), ALL(b), ALL(b), ALL(b), ALL(b), ALL(b),
	},
};

/* The opcode extensions "/6" (ModRM bits 5:3) and "C2" (the whole ModRM byte). */
#define GROUP(operand_, extension) \
	.operand = MODRM_##operand_, .modrm_mask = 0x38, .modrm_value = (extension) << 3
#define MODRM(byte) .operand = MODRM_REGISTER, .modrm_mask = 0xff, .modrm_value = (byte)

/* Sets of register numbers: no other control registers exist, and no DR8 to DR15. */
#define CONTROL_REGISTERS .reg_exists = (1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 8)
#define DEBUG_REGISTERS   .reg_exists = 0xff

#define FORM(name, map_, opcode_, prefixes_, ...) \
	{ .kind = GUEST_INSTRUCTION_##name, \
		.map = GUEST_MAP_##map_, \
		.opcode = opcode_, \
		.prefixes = PREFIX_##prefixes_, \
		__VA_ARGS__ }

const struct guest_instruction_form guest_instruction_forms[] = {
	FORM(POP_SS,      ONE_BYTE, 0x17, ANY),
	FORM(INS,         ONE_BYTE, 0x6c, ANY),
	FORM(INS,         ONE_BYTE, 0x6d, ANY),
	FORM(OUTS,        ONE_BYTE, 0x6e, ANY),
	FORM(OUTS,        ONE_BYTE, 0x6f, ANY),
	FORM(MOV_TO_SS,   ONE_BYTE, 0x8e, ANY,       GROUP(EITHER, 2)),
	FORM(PAUSE,       ONE_BYTE, 0x90, F3),
	FORM(PUSHF,       ONE_BYTE, 0x9c, ANY),
	FORM(POPF,        ONE_BYTE, 0x9d, ANY),
	FORM(INT3,        ONE_BYTE, 0xcc, ANY),
	FORM(INT_N,       ONE_BYTE, 0xcd, ANY),
	FORM(INTO,        ONE_BYTE, 0xce, ANY),
	FORM(IRET,        ONE_BYTE, 0xcf, ANY),
	FORM(IN,          ONE_BYTE, 0xe4, ANY),
	FORM(IN,          ONE_BYTE, 0xe5, ANY),
	FORM(OUT,         ONE_BYTE, 0xe6, ANY),
	FORM(OUT,         ONE_BYTE, 0xe7, ANY),
	FORM(IN,          ONE_BYTE, 0xec, ANY),
	FORM(IN,          ONE_BYTE, 0xed, ANY),
	FORM(OUT,         ONE_BYTE, 0xee, ANY),
	FORM(OUT,         ONE_BYTE, 0xef, ANY),
	FORM(INT1,        ONE_BYTE, 0xf1, ANY),
	FORM(HLT,         ONE_BYTE, 0xf4, ANY),
	FORM(CLI,         ONE_BYTE, 0xfa, ANY),
	FORM(STI,         ONE_BYTE, 0xfb, ANY),

	FORM(SLDT,        0F,       0x00, ANY,       GROUP(EITHER, 0)),
	FORM(STR,         0F,       0x00, ANY,       GROUP(EITHER, 1)),
	FORM(LLDT,        0F,       0x00, ANY,       GROUP(EITHER, 2)),
	FORM(LTR,         0F,       0x00, ANY,       GROUP(EITHER, 3)),
	FORM(SGDT,        0F,       0x01, ANY,       GROUP(MEMORY, 0)),
	FORM(SIDT,        0F,       0x01, ANY,       GROUP(MEMORY, 1)),
	FORM(LGDT,        0F,       0x01, ANY,       GROUP(MEMORY, 2)),
	FORM(LIDT,        0F,       0x01, ANY,       GROUP(MEMORY, 3)),
	FORM(SMSW,        0F,       0x01, ANY,       GROUP(EITHER, 4)),
	FORM(LMSW,        0F,       0x01, ANY,       GROUP(EITHER, 6)),
	FORM(INVLPG,      0F,       0x01, ANY,       GROUP(MEMORY, 7)),
	FORM(VMCALL,      0F,       0x01, NONE,      MODRM(0xc1)),
	FORM(VMLAUNCH,    0F,       0x01, NONE,      MODRM(0xc2)),
	FORM(VMRESUME,    0F,       0x01, NONE,      MODRM(0xc3)),
	FORM(VMXOFF,      0F,       0x01, NONE,      MODRM(0xc4)),
	FORM(MONITOR,     0F,       0x01, NONE,      MODRM(0xc8)),
	FORM(MWAIT,       0F,       0x01, NONE,      MODRM(0xc9)),
	FORM(XGETBV,      0F,       0x01, NONE,      MODRM(0xd0)),
	FORM(XSETBV,      0F,       0x01, NONE,      MODRM(0xd1)),
	FORM(VMFUNC,      0F,       0x01, NONE,      MODRM(0xd4)),
	FORM(SVM,         0F,       0x01, ANY,       MODRM(0xd8)), /* VMRUN */
	FORM(VMMCALL,     0F,       0x01, ANY,       MODRM(0xd9)),
	FORM(SVM,         0F,       0x01, ANY,       MODRM(0xda)), /* VMLOAD */
	FORM(SVM,         0F,       0x01, ANY,       MODRM(0xdb)), /* VMSAVE */
	FORM(SVM,         0F,       0x01, ANY,       MODRM(0xdc)), /* STGI */
	FORM(SVM,         0F,       0x01, ANY,       MODRM(0xdd)), /* CLGI */
	FORM(SVM,         0F,       0x01, ANY,       MODRM(0xde)), /* SKINIT */
	FORM(SVM,         0F,       0x01, ANY,       MODRM(0xdf)), /* INVLPGA */
	FORM(RDTSCP,      0F,       0x01, ANY,       MODRM(0xf9)),
	FORM(SYSCALL,     0F,       0x05, ANY),
	FORM(CLTS,        0F,       0x06, ANY),
	FORM(INVD,        0F,       0x08, ANY),
	FORM(WBINVD,      0F,       0x09, ANY), /* with F3h WBNOINVD */
	FORM(UD,          0F,       0x0b, ANY), /* UD2 */
	FORM(MOV_FROM_CR, 0F,       0x20, ANY,       .operand = MODRM_EITHER, CONTROL_REGISTERS),
	FORM(MOV_FROM_DR, 0F,       0x21, ANY,       .operand = MODRM_EITHER, DEBUG_REGISTERS),
	FORM(MOV_TO_CR,   0F,       0x22, ANY,       .operand = MODRM_EITHER, CONTROL_REGISTERS),
	FORM(MOV_TO_DR,   0F,       0x23, ANY,       .operand = MODRM_EITHER, DEBUG_REGISTERS),
	FORM(WRMSR,       0F,       0x30, ANY),
	FORM(RDTSC,       0F,       0x31, ANY),
	FORM(RDMSR,       0F,       0x32, ANY),
	FORM(RDPMC,       0F,       0x33, ANY),
	FORM(SYSENTER,    0F,       0x34, ANY),
	FORM(GETSEC,      0F,       0x37, NONE),
	FORM(VMREAD,      0F,       0x78, NONE,      .operand = MODRM_EITHER),
	FORM(VMWRITE,     0F,       0x79, NONE,      .operand = MODRM_EITHER),
	FORM(CPUID,       0F,       0xa2, ANY),
	FORM(RSM,         0F,       0xaa, ANY),
	FORM(UD,          0F,       0xb9, ANY,       .operand = MODRM_EITHER), /* UD1 */
	FORM(VMPTRLD,     0F,       0xc7, NONE,      GROUP(MEMORY, 6)),
	FORM(VMCLEAR,     0F,       0xc7, 66,        GROUP(MEMORY, 6)),
	FORM(VMXON,       0F,       0xc7, F3,        GROUP(MEMORY, 6)),
	FORM(VMPTRST,     0F,       0xc7, NONE,      GROUP(MEMORY, 7)),
	FORM(RDRAND,      0F,       0xc7, NO_REPEAT, GROUP(REGISTER, 6)),
	FORM(RDSEED,      0F,       0xc7, NO_REPEAT, GROUP(REGISTER, 7)),
	FORM(UD,          0F,       0xff, ANY,       .operand = MODRM_EITHER), /* UD0 */
	FORM(INVEPT,      0F38,     0x80, 66,        .operand = MODRM_MEMORY),
	FORM(INVVPID,     0F38,     0x81, 66,        .operand = MODRM_MEMORY),
	FORM(INVPCID,     0F38,     0x82, 66,        .operand = MODRM_MEMORY),
};

const size_t guest_instruction_form_count = COUNT(guest_instruction_forms);

#define STRING_SOURCE      GUEST_ACCESS_SOURCE
#define STRING_DESTINATION GUEST_ACCESS_DESTINATION
#define EXTENSION(number)  (1 << (number))

const struct implicit_access_form implicit_access_forms[] = {
	{ GUEST_MAP_ONE_BYTE, 0x06, 0x06, GUEST_ACCESS_PUSH, 0 }, /* PUSH ES */
	{ GUEST_MAP_ONE_BYTE, 0x07, 0x07, GUEST_ACCESS_POP, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x0e, 0x0e, GUEST_ACCESS_PUSH, 0 }, /* PUSH CS */
	{ GUEST_MAP_ONE_BYTE, 0x16, 0x16, GUEST_ACCESS_PUSH, 0 }, /* PUSH SS */
	{ GUEST_MAP_ONE_BYTE, 0x17, 0x17, GUEST_ACCESS_POP, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x1e, 0x1e, GUEST_ACCESS_PUSH, 0 }, /* PUSH DS */
	{ GUEST_MAP_ONE_BYTE, 0x1f, 0x1f, GUEST_ACCESS_POP, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x50, 0x57, GUEST_ACCESS_PUSH, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x58, 0x5f, GUEST_ACCESS_POP, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x60, 0x60, GUEST_ACCESS_PUSH, 0 }, /* PUSHA */
	{ GUEST_MAP_ONE_BYTE, 0x61, 0x61, GUEST_ACCESS_POP, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x68, 0x68, GUEST_ACCESS_PUSH, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x6a, 0x6a, GUEST_ACCESS_PUSH, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x6c, 0x6d, STRING_DESTINATION, 0 }, /* INS */
	{ GUEST_MAP_ONE_BYTE, 0x6e, 0x6f, STRING_SOURCE, 0 },      /* OUTS */
	{ GUEST_MAP_ONE_BYTE, 0x8f, 0x8f, GUEST_ACCESS_POP, 0 },
	{ GUEST_MAP_ONE_BYTE, 0x9a, 0x9a, GUEST_ACCESS_PUSH, 0 },  /* far CALL */
	{ GUEST_MAP_ONE_BYTE, 0x9c, 0x9c, GUEST_ACCESS_PUSH, 0 },  /* PUSHF */
	{ GUEST_MAP_ONE_BYTE, 0x9d, 0x9d, GUEST_ACCESS_POP, 0 },
	{ GUEST_MAP_ONE_BYTE, 0xa4, 0xa7, STRING_SOURCE | STRING_DESTINATION, 0 }, /* MOVS, CMPS */
	{ GUEST_MAP_ONE_BYTE, 0xaa, 0xab, STRING_DESTINATION, 0 }, /* STOS */
	{ GUEST_MAP_ONE_BYTE, 0xac, 0xad, STRING_SOURCE, 0 },      /* LODS */
	{ GUEST_MAP_ONE_BYTE, 0xae, 0xaf, STRING_DESTINATION, 0 }, /* SCAS */
	{ GUEST_MAP_ONE_BYTE, 0xc2, 0xc3, GUEST_ACCESS_POP, 0 },   /* RET */
	{ GUEST_MAP_ONE_BYTE, 0xc8, 0xc8, GUEST_ACCESS_PUSH, 0 },  /* ENTER */
	{ GUEST_MAP_ONE_BYTE, 0xc9, 0xc9, GUEST_ACCESS_FRAME, 0 }, /* LEAVE */
	{ GUEST_MAP_ONE_BYTE, 0xca, 0xcb, GUEST_ACCESS_POP, 0 },   /* far RET */
	{ GUEST_MAP_ONE_BYTE, 0xcc, 0xce, GUEST_ACCESS_PUSH, 0 },  /* INT n and its kin */
	{ GUEST_MAP_ONE_BYTE, 0xcf, 0xcf, GUEST_ACCESS_POP, 0 },   /* IRET */
	{ GUEST_MAP_ONE_BYTE, 0xd7, 0xd7, GUEST_ACCESS_TABLE, 0 },
	{ GUEST_MAP_ONE_BYTE, 0xe8, 0xe8, GUEST_ACCESS_PUSH, 0 },  /* CALL */
	{ GUEST_MAP_ONE_BYTE, 0xf1, 0xf1, GUEST_ACCESS_PUSH, 0 },  /* INT1 */
	{ GUEST_MAP_ONE_BYTE, 0xff, 0xff, GUEST_ACCESS_PUSH,
		EXTENSION(2) | EXTENSION(3) | EXTENSION(6) }, /* CALL, far CALL, PUSH */
	{ GUEST_MAP_0F, 0xa0, 0xa0, GUEST_ACCESS_PUSH, 0 }, /* PUSH FS */
	{ GUEST_MAP_0F, 0xa1, 0xa1, GUEST_ACCESS_POP, 0 },
	{ GUEST_MAP_0F, 0xa8, 0xa8, GUEST_ACCESS_PUSH, 0 }, /* PUSH GS */
	{ GUEST_MAP_0F, 0xa9, 0xa9, GUEST_ACCESS_POP, 0 },
};
/* clang-format on */

const size_t implicit_access_form_count = COUNT(implicit_access_forms);

bool
shape_has_modrm(char shape)
{
	return shape == SHAPE_MODRM || shape == SHAPE_MODRM_32 || shape == SHAPE_MODRM_8 ||
	       shape == SHAPE_MODRM_8_32 || shape == SHAPE_MODRM_Z || shape == SHAPE_REGISTERS ||
	       shape == SHAPE_TEST_8 || shape == SHAPE_TEST_Z;
}

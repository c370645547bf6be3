/*
 * Tables of decode_test.c: encodings that must be decoded, encodings that must not, and what a
 * mandatory prefix changes.  All checked by hand against the SDM.
 */
#pragma once

#include "lab/decode.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15, NONE };
enum { FS = 4, GS = 5 };

#define RIP 0x400000u /* where the instructions pretend to be */

/* clang-format off */

/*
 * Encodings checked by hand against the SDM, one rule each.  The instruction is as long as its
 * bytes here; REGISTERS has two register operands (or none: 0, 0), MEMORY a register and memory.
 */
#define BYTES(...) .length = sizeof((uint8_t[]){ __VA_ARGS__ }), .bytes = { __VA_ARGS__ }
#define REGISTERS(kind_, reg_, rm_, ...)                                                         \
	{ .expected = { .kind = INSTRUCTION_##kind_, .reg = reg_, .rm = rm_ },                   \
	  BYTES(__VA_ARGS__) }
#define MEMORY(kind_, reg_, base_, index_, scale_, segment_, displacement_, ...)                 \
	{ .expected = { .kind = INSTRUCTION_##kind_, .reg = reg_, .rm_is_memory = true,          \
			.memory = { .base = base_, .index = index_, .scale = scale_,             \
				    .segment = segment_, .displacement = displacement_ } },      \
	  BYTES(__VA_ARGS__) }

static const struct {
	struct instruction expected;
	uint8_t length;
	uint8_t bytes[INSTRUCTION_MAX_BYTES];
} by_hand[] = {
	/* VMREAD writes rm and VMWRITE reads it; the field is in reg both times. */
	REGISTERS(VMREAD, RDX, RAX, 0x0f, 0x78, 0xd0),
	REGISTERS(VMWRITE, RAX, RDX, 0x0f, 0x79, 0xc2),
	REGISTERS(VMREAD, R10, R9, 0x45, 0x0f, 0x78, 0xd1),
	/* REX counts only directly before the opcode, and the last one counts. */
	REGISTERS(RDMSR, 0, 0, 0x4f, 0x2e, 0x0f, 0x32),
	REGISTERS(VMREAD, RDX, RAX, 0x45, 0x3e, 0x0f, 0x78, 0xd0),
	REGISTERS(VMREAD, RDX, R8, 0x44, 0x41, 0x0f, 0x78, 0xd0),
	/* Without REX.R and REX.B nothing else of REX matters to registers. */
	REGISTERS(VMREAD, RDX, RAX, 0x4a, 0x0f, 0x78, 0xd0),
	/* F2h and F3h outrank 66h in any order; of the two the last counts. */
	MEMORY(VMXON, 0, RAX, NONE, 1, NONE, 0, 0x66, 0xf3, 0x0f, 0xc7, 0x30),
	MEMORY(VMXON, 0, RAX, NONE, 1, NONE, 0, 0xf3, 0x66, 0x0f, 0xc7, 0x30),
	MEMORY(VMXON, 0, RAX, NONE, 1, NONE, 0, 0xf2, 0xf3, 0x0f, 0xc7, 0x30),
	MEMORY(VMCLEAR, 0, RAX, NONE, 1, NONE, 0, 0x66, 0x66, 0x0f, 0xc7, 0x30),
	MEMORY(VMPTRLD, 0, RAX, NONE, 1, NONE, 0, 0x0f, 0xc7, 0x30),
	MEMORY(VMPTRST, 0, RAX, NONE, 1, NONE, 0, 0x0f, 0xc7, 0x38),
	/* REX.R does not reach an opcode extension. */
	MEMORY(VMPTRLD, 0, RAX, NONE, 1, NONE, 0, 0x44, 0x0f, 0xc7, 0x30),
	/* mod = 0, rm = 5 is RIP-relative, with REX.B too. */
	MEMORY(VMREAD, RCX, NONE, NONE, 1, NONE, RIP + 7 + 0x10, 0x0f, 0x78, 0x0d, 0x10, 0, 0, 0),
	MEMORY(VMREAD, RCX, NONE, NONE, 1, NONE, RIP + 8 - 2,
	       0x41, 0x0f, 0x78, 0x0d, 0xfe, 0xff, 0xff, 0xff),
	/* RBP and R13 as base need a displacement. */
	MEMORY(VMREAD, RCX, RBP, NONE, 1, NONE, 0, 0x0f, 0x78, 0x4d, 0),
	MEMORY(VMREAD, RCX, R13, NONE, 1, NONE, -1, 0x41, 0x0f, 0x78, 0x4d, 0xff),
	/* rm = 4 announces a SIB byte, for R12 as for RSP. */
	MEMORY(VMREAD, RCX, RSP, NONE, 1, NONE, 0, 0x0f, 0x78, 0x0c, 0x24),
	MEMORY(VMREAD, RCX, R12, NONE, 1, NONE, 0, 0x41, 0x0f, 0x78, 0x0c, 0x24),
	/* SIB index 4 is none, whatever the scale; with REX.X it is R12. */
	MEMORY(VMREAD, RCX, RAX, NONE, 1, NONE, 0, 0x0f, 0x78, 0x0c, 0xe0),
	MEMORY(VMREAD, RCX, RAX, R12, 8, NONE, 0, 0x42, 0x0f, 0x78, 0x0c, 0xe0),
	/* SIB base 5 with mod = 0 is a bare disp32, with REX.B too; with mod = 1 it is RBP. */
	MEMORY(VMREAD, RCX, NONE, RDX, 2, NONE, 0x80, 0x0f, 0x78, 0x0c, 0x55, 0x80, 0, 0, 0),
	MEMORY(VMREAD, RCX, NONE, RDX, 2, NONE, 0x80, 0x41, 0x0f, 0x78, 0x0c, 0x55, 0x80, 0, 0, 0),
	MEMORY(VMREAD, RCX, NONE, NONE, 1, NONE, 0x80, 0x0f, 0x78, 0x0c, 0x25, 0x80, 0, 0, 0),
	MEMORY(VMREAD, RCX, RBP, RDX, 2, NONE, -128, 0x0f, 0x78, 0x4c, 0x55, 0x80),
	MEMORY(VMREAD, RCX, R13, RDX, 2, NONE, INT32_MIN, 0x41, 0x0f, 0x78, 0x8c, 0x55, 0, 0, 0, 0x80),
	/* Of FS and GS the last counts; the other segment prefixes do not take it away. */
	MEMORY(VMREAD, RCX, RAX, NONE, 1, GS, 0, 0x64, 0x65, 0x0f, 0x78, 0x08),
	MEMORY(VMREAD, RCX, RAX, NONE, 1, FS, 0, 0x65, 0x64, 0x3e, 0x0f, 0x78, 0x08),
	/* MOV CR and MOV DR: registers whatever mod says, no SIB, no displacement; all prefixes. */
	REGISTERS(MOV_FROM_CR, 4, RAX, 0x0f, 0x20, 0xe0),
	REGISTERS(MOV_FROM_CR, 4, RSP, 0x0f, 0x20, 0x24),
	REGISTERS(MOV_FROM_CR, 0, RBP, 0x0f, 0x20, 0x05),
	REGISTERS(MOV_TO_CR, 3, R12, 0x41, 0x0f, 0x22, 0x5c),
	REGISTERS(MOV_FROM_DR, 7, RCX, 0x0f, 0x21, 0xb9),
	REGISTERS(MOV_TO_DR, 0, RSP, 0x0f, 0x23, 0x04),
	REGISTERS(MOV_FROM_CR, 8, RBX, 0x66, 0xf3, 0x44, 0x0f, 0x20, 0xc3),
	/* Ignored prefixes of instructions that do not depend on one. */
	REGISTERS(RDMSR, 0, 0, 0x66, 0xf2, 0x0f, 0x32),
	REGISTERS(HLT, 0, 0, 0xf3, 0xf4),
	REGISTERS(OUT, 0, 0, 0x66, 0xf3, 0x6f),
	/* Group 0F 01: a whole ModRM byte for some, an extension with memory for others. */
	REGISTERS(VMLAUNCH, 0, 0, 0x0f, 0x01, 0xc2),
	REGISTERS(VMRESUME, 0, 0, 0x4f, 0x0f, 0x01, 0xc3),
	REGISTERS(LMSW, 0, RDX, 0x0f, 0x01, 0xf2),
	MEMORY(LMSW, 0, RDX, NONE, 1, NONE, 0, 0x0f, 0x01, 0x32),
	MEMORY(INVLPG, 0, RAX, NONE, 1, NONE, 0, 0x0f, 0x01, 0x38),
	REGISTERS(UD, RCX, RAX, 0x0f, 0xff, 0xc8),
	REGISTERS(UD, RCX, R8, 0x41, 0x0f, 0xb9, 0xc8),
	REGISTERS(SWAPGS, 0, 0, 0x0f, 0x01, 0xf8),
};

/* What is none of the instructions, and looks like one. */
static const struct {
	const char *why;
	uint8_t length;
	uint8_t bytes[INSTRUCTION_MAX_BYTES + 1];
} refused[] = {
	{ "EXTRQ", BYTES(0x66, 0x0f, 0x78, 0xc0, 0, 0) },
	{ "INSERTQ", BYTES(0xf2, 0x0f, 0x79, 0xc1) },
	{ "VCVTTSS2USI", BYTES(0xf3, 0x0f, 0x78, 0xc1) },
	{ "RDRAND", BYTES(0x0f, 0xc7, 0xf0) },
	{ "RDRAND of 16 bits", BYTES(0x66, 0x0f, 0xc7, 0xf0) },
	{ "SENDUIPI", BYTES(0xf3, 0x0f, 0xc7, 0xf0) },
	{ "RDSEED", BYTES(0x0f, 0xc7, 0xf8) },
	{ "RDPID", BYTES(0xf3, 0x0f, 0xc7, 0xf8) },
	{ "CMPXCHG8B", BYTES(0x0f, 0xc7, 0x08) },
	{ "66 0F C7 /7", BYTES(0x66, 0x0f, 0xc7, 0x38) },
	{ "F2 0F C7 /6", BYTES(0xf2, 0x0f, 0xc7, 0x30) },
	{ "INVEPT of a register", BYTES(0x66, 0x0f, 0x38, 0x80, 0xc0) },
	{ "INVVPID of a register", BYTES(0x66, 0x0f, 0x38, 0x81, 0xc0) },
	{ "INVEPT without 66h", BYTES(0x0f, 0x38, 0x80, 0x00) },
	{ "INVPCID", BYTES(0x66, 0x0f, 0x38, 0x82, 0x00) },
	{ "66 VMLAUNCH", BYTES(0x66, 0x0f, 0x01, 0xc2) },
	{ "F3 VMRESUME", BYTES(0xf3, 0x0f, 0x01, 0xc3) },
	{ "0F 01 C0", BYTES(0x0f, 0x01, 0xc0) },
	{ "PCONFIG", BYTES(0x0f, 0x01, 0xc5) },
	{ "SGDT", BYTES(0x0f, 0x01, 0x00) },
	{ "XGETBV", BYTES(0x0f, 0x01, 0xd0) },
	{ "VMRUN", BYTES(0x0f, 0x01, 0xd8) },
	{ "TLBSYNC", BYTES(0x0f, 0x01, 0xff) },
	{ "SMSW", BYTES(0x0f, 0x01, 0xe0) },
	{ "RDTSCP", BYTES(0x0f, 0x01, 0xf9) },
	{ "SLDT", BYTES(0x0f, 0x00, 0xc0) },
	{ "CR1", BYTES(0x0f, 0x20, 0xc8) },
	{ "CR5", BYTES(0x0f, 0x20, 0xe8) },
	{ "CR12", BYTES(0x44, 0x0f, 0x20, 0xe0) },
	{ "CR9 written", BYTES(0x44, 0x0f, 0x22, 0xc8) },
	{ "DR8", BYTES(0x44, 0x0f, 0x21, 0xc0) },
	{ "DR15 written", BYTES(0x44, 0x0f, 0x23, 0xf8) },
	{ "RDTSC", BYTES(0x0f, 0x31) },
	{ "RDPMC", BYTES(0x0f, 0x33) },
	{ "CPUID", BYTES(0x0f, 0xa2) },
	{ "NOP", BYTES(0x90) },
	{ "RET", BYTES(0xc3) },
	{ "INTO", BYTES(0xce) },
	{ "MOV", BYTES(0x48, 0x89, 0xc3) },
	{ "78h without 0Fh", BYTES(0x78, 0xc0) },
	{ "0F 38 78", BYTES(0x0f, 0x38, 0x78, 0xc0) },
	{ "0F 3A 78", BYTES(0x0f, 0x3a, 0x78, 0xc0) },
	{ "VEX.0F 78", BYTES(0xc5, 0xf8, 0x78, 0xc0) },
	{ "only prefixes", BYTES(0x66, 0x67, 0x48) },
	{ "15 prefixes", BYTES(0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0x2e,
			       0x2e, 0x2e, 0x2e, 0xf4) },
};

/* What another mandatory prefix makes of these; the processor ignores it on all others. */
static const struct {
	const char *name;
	const char *with[3]; /* 66h, F2h, F3h; NULL: undefined or another instruction */
} prefixed[] = {
	{ "VMREAD",   { NULL, NULL, NULL } },
	{ "VMWRITE",  { NULL, NULL, NULL } },
	{ "VMLAUNCH", { NULL, NULL, NULL } },
	{ "VMRESUME", { NULL, NULL, NULL } },
	{ "VMXOFF",   { NULL, NULL, NULL } },
	{ "VMCALL",   { NULL, NULL, NULL } },
	{ "XSETBV",   { NULL, NULL, NULL } },
	{ "SWAPGS",   { NULL, NULL, NULL } },
	{ "VMPTRST",  { NULL, NULL, NULL } },
	{ "VMPTRLD",  { "VMCLEAR", NULL, "VMXON" } },
	{ "VMCLEAR",  { "VMCLEAR", NULL, "VMXON" } },
	{ "VMXON",    { "VMXON", "VMXON", "VMXON" } }, /* the last of F2h and F3h counts */
	{ "INVEPT",   { "INVEPT", NULL, NULL } },
	{ "INVVPID",  { "INVVPID", NULL, NULL } },
};
/* clang-format on */

/* The rows of guest_instruction_test.c. */
#pragma once

#include <r33/guest.h>

#include "vmx/svm/instruction.h"

/* clang-format off */
#define NAME(kind) [GUEST_INSTRUCTION_##kind] = #kind
static const char *const kind_names[GUEST_INSTRUCTION_KIND_COUNT] = {
	NAME(OTHER), NAME(CPUID), NAME(HLT), NAME(VMCALL), NAME(VMLAUNCH), NAME(VMRESUME), NAME(VMXOFF),
	NAME(VMXON), NAME(VMCLEAR), NAME(VMPTRLD), NAME(VMPTRST), NAME(VMREAD), NAME(VMWRITE), NAME(VMFUNC),
	NAME(INVEPT), NAME(INVVPID), NAME(VMMCALL), NAME(SVM), NAME(RDTSC), NAME(RDTSCP), NAME(RDPMC),
	NAME(RDMSR), NAME(WRMSR), NAME(MOV_FROM_CR), NAME(MOV_TO_CR), NAME(CLTS), NAME(LMSW), NAME(SMSW),
	NAME(MOV_FROM_DR), NAME(MOV_TO_DR), NAME(INVLPG), NAME(INVPCID), NAME(INVD), NAME(WBINVD),
	NAME(XSETBV), NAME(XGETBV), NAME(IN), NAME(OUT), NAME(INS), NAME(OUTS), NAME(INT_N), NAME(INT3),
	NAME(INT1), NAME(INTO), NAME(IRET), NAME(PUSHF), NAME(POPF), NAME(PAUSE), NAME(MONITOR), NAME(MWAIT),
	NAME(SGDT), NAME(SIDT), NAME(LGDT), NAME(LIDT), NAME(SLDT), NAME(STR), NAME(LLDT), NAME(LTR), NAME(RSM),
	NAME(GETSEC), NAME(RDRAND), NAME(RDSEED), NAME(UD), NAME(STI), NAME(CLI), NAME(MOV_TO_SS),
	NAME(POP_SS), NAME(SYSENTER), NAME(SYSCALL),
};

#define BYTES(...) .length = sizeof((uint8_t[]){ __VA_ARGS__ }), .bytes = { __VA_ARGS__ }

struct hand_checked {
	const char *what;
	enum code_size code;
	uint8_t length;
	uint8_t bytes[GUEST_INSTRUCTION_MAX_BYTES];
	enum guest_instruction_kind kind;
	uint8_t operand_bytes, address_bytes, segment;
};

#define ROW(what_, code_, kind_, operand, address, segment_, ...) \
	{ .what = what_, .code = CODE_##code_, .kind = GUEST_INSTRUCTION_##kind_, .operand_bytes = operand, \
	  .address_bytes = address, .segment = SEGMENT_##segment_, BYTES(__VA_ARGS__) }

static const struct hand_checked by_hand[] = {
	ROW("MOV CR0 ignores mod",            64, MOV_TO_CR, 8, 8, DS, 0x0f, 0x22, 0x00),
	ROW("... and has no SIB",             16, MOV_TO_CR, 4, 2, DS, 0x0f, 0x22, 0x04),
	ROW("... nor a displacement",         32, MOV_FROM_DR, 4, 4, DS, 0x0f, 0x21, 0x80),
	ROW("... nor 66h",                    64, MOV_FROM_CR, 8, 8, DS, 0x66, 0x0f, 0x20, 0xc0),
	ROW("CR1 has no name",                64, OTHER, 4, 8, DS, 0x0f, 0x20, 0xc8),
	ROW("CR8 by REX.R",                   64, MOV_TO_CR, 8, 8, DS, 0x44, 0x0f, 0x22, 0xc0),
	ROW("40h is INC in 32-bit code",      32, OTHER, 4, 4, DS, 0x44),
	ROW("LOCK MOV CR0 is no CR8",         32, OTHER, 4, 4, DS, 0xf0, 0x0f, 0x20, 0xc0),
	ROW("REX.W before 66h is ignored",    64, SMSW, 2, 8, DS, 0x48, 0x66, 0x0f, 0x01, 0xe0),
	ROW("REX.W after 66h counts",         64, SMSW, 8, 8, DS, 0x66, 0x48, 0x0f, 0x01, 0xe0),
	ROW("VMREAD is 64 bits",              64, VMREAD, 8, 8, DS, 0x0f, 0x78, 0xc0),
	ROW("... or 32",                      16, VMREAD, 4, 2, DS, 0x0f, 0x78, 0xc0),
	ROW("EXTRQ is no VMREAD",             64, OTHER, 2, 8, DS, 0x66, 0x0f, 0x78, 0xc0, 1, 2),
	ROW("66 VMCALL has no name",          64, OTHER, 2, 8, DS, 0x66, 0x0f, 0x01, 0xc1),
	ROW("F3 VMLAUNCH has no name",        32, OTHER, 4, 4, DS, 0xf3, 0x0f, 0x01, 0xc2),
	ROW("VMCALL without mod 3 is SGDT",   32, SGDT, 4, 4, DS, 0x0f, 0x01, 0x01),
	ROW("F3 outranks 66",                 64, VMXON, 2, 8, DS, 0xf3, 0x66, 0x0f, 0xc7, 0x30),
	ROW("F2 C7 /6 has no name",           64, OTHER, 4, 8, DS, 0xf2, 0x0f, 0xc7, 0x30),
	ROW("RDRAND of 16 bits",              32, RDRAND, 2, 4, DS, 0x66, 0x0f, 0xc7, 0xf0),
	ROW("F3 C7 /7 is RDPID",              64, OTHER, 4, 8, DS, 0xf3, 0x0f, 0xc7, 0xf8),
	ROW("INVEPT needs 66h",               64, OTHER, 4, 8, DS, 0x0f, 0x38, 0x80, 0x00),
	ROW("LGDT is 64 bits",                64, LGDT, 8, 8, DS, 0x0f, 0x01, 0x10),
	ROW("... or the operand size",        16, LGDT, 4, 2, DS, 0x66, 0x0f, 0x01, 0x17),
	ROW("IN ignores REX.W",               64, IN, 4, 8, DS, 0x48, 0xed),
	ROW("IN of 16 bits",                  16, IN, 2, 2, DS, 0xed),
	ROW("OUTS, segment override",         16, OUTS, 1, 4, FS, 0x67, 0x64, 0x6e),
	ROW("last segment prefix counts",     32, OUTS, 4, 4, CS, 0x64, 0x2e, 0x6f),
	ROW("but no null prefix",             64, OUTS, 4, 8, FS, 0x64, 0x2e, 0x6f),
	ROW("PUSHF is 64 bits",               64, PUSHF, 8, 8, DS, 0x9c),
	ROW("IRET is not",                    64, IRET, 4, 8, DS, 0xcf),
	ROW("REX.B 90 is XCHG, with F3 PAUSE", 64, PAUSE, 4, 8, DS, 0xf3, 0x90),
	ROW("NOP",                            64, OTHER, 4, 8, DS, 0x90),
	ROW("BP means SS",                    16, OTHER, 2, 2, SS, 0x8b, 0x46, 0x00),
	ROW("disp16 alone means DS",          16, OTHER, 2, 2, DS, 0x8b, 0x06, 0x00, 0x10),
	ROW("ESP means SS",                   32, OTHER, 4, 4, SS, 0x8b, 0x04, 0x24),
	ROW("R13 means DS",                   64, OTHER, 4, 8, DS, 0x41, 0x8b, 0x45, 0x00),
	ROW("LES in 32-bit code",             32, OTHER, 4, 4, DS, 0xc4, 0x03),
	ROW("VEX in 32-bit code",             32, OTHER, 4, 4, DS, 0xc5, 0xf9, 0xef, 0xc0),
	ROW("MOV moffs with 67h",             64, OTHER, 4, 4, DS, 0x67, 0xa1, 1, 2, 3, 4),
	ROW("near JMP has 32 bits with 66h",  64, OTHER, 2, 8, DS, 0x66, 0xe9, 0, 0, 0, 0),
	ROW("... but 16 in 32-bit code",      32, OTHER, 2, 4, DS, 0x66, 0xe9, 0, 0),
	ROW("VEX.0F 78 is no VMREAD",         64, OTHER, 4, 8, DS, 0xc5, 0xf8, 0x78, 0xc0),
};

struct refused {
	const char *what;
	enum code_size code;
	uint8_t length;
	uint8_t bytes[GUEST_INSTRUCTION_MAX_BYTES];
};

#define REFUSED(what_, code_, ...) { .what = what_, .code = CODE_##code_, BYTES(__VA_ARGS__) }

static const struct refused refused[] = {
	REFUSED("nothing but prefixes", 64, 0x66, 0x48),
	REFUSED("PUSH ES", 64, 0x06),
	REFUSED("INTO", 64, 0xce),
	REFUSED("far JMP", 64, 0xea, 0, 0, 0, 0, 0, 0),
	REFUSED("82h", 64, 0x82, 0xc0, 0),
	REFUSED("EVEX", 64, 0x62, 0xf1, 0x7c, 0x48, 0x28, 0xc0),
	REFUSED("EVEX", 32, 0x62, 0xf1, 0x7c, 0x48, 0x28, 0xc0),
	REFUSED("XOP", 64, 0x8f, 0xe8, 0x78, 0xc0, 0xc0, 0),
	REFUSED("REX before VEX", 64, 0x40, 0xc5, 0xf9, 0xef, 0xc0),
	REFUSED("66h before VEX", 64, 0x66, 0xc5, 0xf9, 0xef, 0xc0),
	REFUSED("LOCK before VEX", 32, 0xf0, 0xc5, 0xf9, 0xef, 0xc0),
	REFUSED("VEX map 0", 64, 0xc4, 0xe0, 0x79, 0xef, 0xc0),
	REFUSED("VEX map 4", 64, 0xc4, 0xe4, 0x79, 0xef, 0xc0),
	REFUSED("0F 04", 32, 0x0f, 0x04),
	REFUSED("0F 24", 32, 0x0f, 0x24, 0xc0),
};

/* Registers whose values tell them apart. */
#define ACCESS_RIP 0xffff800000001000
static const uint64_t access_registers[16] = {
	0x1000000000000f10, 0x1111111111111111, 0x2222222222222222, 0xffff8000ffff0300, /* RAX, RCX, RDX, RBX */
	0x00007fff00010004, 0x00007fff00020500, 0x00007fffffff0600, 0x00007fff00000700, /* RSP, RBP, RSI, RDI */
};

struct accessing {
	const char *what;
	enum code_size code;
	uint8_t length;
	uint8_t bytes[GUEST_INSTRUCTION_MAX_BYTES];
	size_t count;
	struct guest_access accesses[GUEST_ACCESSES_MAX];
};

#define ACCESSING(what_, code_, count_, accesses_, ...) \
	{ .what = what_, .code = CODE_##code_, .count = count_, .accesses = accesses_, BYTES(__VA_ARGS__) }
#define LIST(...) { __VA_ARGS__ }

static const struct accessing accessing[] = {
	ACCESSING("NOP", 64, 0, { { 0 } }, 0x90),
	ACCESSING("16-bit addresses wrap", 16, 1, LIST({ SEGMENT_DS, 0x08ff }), 0x8a, 0x40, 0xff),
	ACCESSING("... unless 67h", 16, 1, LIST({ SEGMENT_DS, 0xffff02ff }), 0x67, 0x8a, 0x43, 0xff),
	ACCESSING("32-bit addresses wrap", 32, 1, LIST({ SEGMENT_DS, 0xfffc0600 }),
		0x8a, 0x84, 0x33, 0, 0xfd, 0xfd, 0xff),
	ACCESSING("64-bit ones not", 64, 1, LIST({ SEGMENT_GS, 0xffff8000ffff0310 }), 0x65, 0x8a, 0x43, 0x10),
	ACCESSING("relative to the next instruction", 64, 1, LIST({ SEGMENT_DS, 0xffff80000000100a }),
		0xc6, 0x05, 3, 0, 0, 0, 0x55),
	ACCESSING("... and with 67h", 64, 1, LIST({ SEGMENT_DS, 0x100b }), 0x67, 0xc6, 0x05, 3, 0, 0, 0, 0x55),
	ACCESSING("moffs", 32, 1, LIST({ SEGMENT_FS, 0x80001234 }), 0x64, 0xa1, 0x34, 0x12, 0, 0x80),
	ACCESSING("MOVS", 32, 2, LIST({ SEGMENT_CS, 0xffff0600 }, { SEGMENT_ES, 0x700 }), 0xf3, 0x2e, 0xa4),
	ACCESSING("STOS", 64, 1, LIST({ SEGMENT_ES, 0x7fff00000700 }), 0x65, 0x48, 0xab),
	ACCESSING("LODS", 16, 1, LIST({ SEGMENT_DS, 0x600 }), 0xac),
	ACCESSING("INS", 16, 1, LIST({ SEGMENT_ES, 0x700 }), 0x64, 0x6c),
	ACCESSING("OUTS", 16, 1, LIST({ SEGMENT_FS, 0x600 }), 0x64, 0x6e),
	ACCESSING("XLAT", 16, 1, LIST({ SEGMENT_DS, 0x310 }), 0xd7),
	ACCESSING("PUSH", 16, 1, LIST({ SEGMENT_SS, 0x0002 }), 0x50),
	ACCESSING("PUSH of 32 bits", 16, 1, LIST({ SEGMENT_SS, 0x0000 }), 0x66, 0x50),
	ACCESSING("PUSH of 64 bits", 64, 1, LIST({ SEGMENT_SS, 0x7fff0000fffc }), 0x50),
	ACCESSING("PUSH of memory", 64, 2,
		LIST({ SEGMENT_DS, 0x7fffffff0600 }, { SEGMENT_SS, 0x7fff0000fffc }), 0xff, 0x36),
	ACCESSING("INC of memory", 64, 1, LIST({ SEGMENT_DS, 0x7fffffff0600 }), 0xff, 0x06),
	ACCESSING("POP", 32, 1, LIST({ SEGMENT_SS, 0x10004 }), 0x58),
	ACCESSING("CALL", 32, 1, LIST({ SEGMENT_SS, 0x10000 }), 0xe8, 0, 0, 0, 0),
	ACCESSING("RET", 64, 1, LIST({ SEGMENT_SS, 0x7fff00010004 }), 0xc3),
	ACCESSING("LEAVE", 32, 1, LIST({ SEGMENT_SS, 0x20500 }), 0xc9),
	ACCESSING("VGATHERDD counts as none", 64, 0, { { 0 } }, 0xc4, 0xe2, 0x69, 0x90, 0x04, 0x08),
};
/* clang-format on */

/*
 * The decoder of guest instructions: which instruction is at RIP, how long is it, and what does it access?
 *
 * SVM on TCG tells neither the length of the instruction that ended the guest nor its operands (no nRIP, no
 * decode assists), and of an access that nested paging refused only the guest-physical address.  VMX tells the
 * VM-exit instruction length, the exit qualification and the guest-linear address; this decoder finds them.
 * It is pure: no kernel state, no memory access but the bytes handed in.
 *
 * SDM 2A chapter 2 (instruction format), 2D appendix A (opcode maps).  Covered are the one-byte, 0F, 0F 38 and
 * 0F 3A maps and their VEX forms.  Not covered are EVEX, XOP and REX2: they do not decode.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No instruction is longer (SDM 3A, section "Instruction limits": 15 bytes, else #GP). */
#define GUEST_INSTRUCTION_MAX_BYTES 15

/* How code is read: CS.L, else CS.D. */
enum code_size { CODE_16, CODE_32, CODE_64 };

enum guest_instruction_kind {
	GUEST_INSTRUCTION_OTHER, /* none of those below */
	GUEST_INSTRUCTION_CPUID,
	GUEST_INSTRUCTION_HLT,
	GUEST_INSTRUCTION_VMCALL,
	GUEST_INSTRUCTION_VMLAUNCH,
	GUEST_INSTRUCTION_VMRESUME,
	GUEST_INSTRUCTION_VMXOFF,
	GUEST_INSTRUCTION_VMXON,
	GUEST_INSTRUCTION_VMCLEAR,
	GUEST_INSTRUCTION_VMPTRLD,
	GUEST_INSTRUCTION_VMPTRST,
	GUEST_INSTRUCTION_VMREAD,
	GUEST_INSTRUCTION_VMWRITE,
	GUEST_INSTRUCTION_VMFUNC,
	GUEST_INSTRUCTION_INVEPT,
	GUEST_INSTRUCTION_INVVPID,
	GUEST_INSTRUCTION_VMMCALL,
	GUEST_INSTRUCTION_SVM, /* VMRUN, VMLOAD, VMSAVE, STGI, CLGI, SKINIT, INVLPGA */
	GUEST_INSTRUCTION_RDTSC,
	GUEST_INSTRUCTION_RDTSCP,
	GUEST_INSTRUCTION_RDPMC,
	GUEST_INSTRUCTION_RDMSR,
	GUEST_INSTRUCTION_WRMSR,
	GUEST_INSTRUCTION_MOV_FROM_CR,
	GUEST_INSTRUCTION_MOV_TO_CR,
	GUEST_INSTRUCTION_CLTS,
	GUEST_INSTRUCTION_LMSW,
	GUEST_INSTRUCTION_SMSW,
	GUEST_INSTRUCTION_MOV_FROM_DR,
	GUEST_INSTRUCTION_MOV_TO_DR,
	GUEST_INSTRUCTION_INVLPG,
	GUEST_INSTRUCTION_INVPCID,
	GUEST_INSTRUCTION_INVD,
	GUEST_INSTRUCTION_WBINVD, /* and WBNOINVD */
	GUEST_INSTRUCTION_XSETBV,
	GUEST_INSTRUCTION_XGETBV,
	GUEST_INSTRUCTION_IN,
	GUEST_INSTRUCTION_OUT,
	GUEST_INSTRUCTION_INS,
	GUEST_INSTRUCTION_OUTS,
	GUEST_INSTRUCTION_INT_N,
	GUEST_INSTRUCTION_INT3,
	GUEST_INSTRUCTION_INT1,
	GUEST_INSTRUCTION_INTO,
	GUEST_INSTRUCTION_IRET,
	GUEST_INSTRUCTION_PUSHF,
	GUEST_INSTRUCTION_POPF,
	GUEST_INSTRUCTION_PAUSE,
	GUEST_INSTRUCTION_MONITOR,
	GUEST_INSTRUCTION_MWAIT,
	GUEST_INSTRUCTION_SGDT,
	GUEST_INSTRUCTION_SIDT,
	GUEST_INSTRUCTION_LGDT,
	GUEST_INSTRUCTION_LIDT,
	GUEST_INSTRUCTION_SLDT,
	GUEST_INSTRUCTION_STR,
	GUEST_INSTRUCTION_LLDT,
	GUEST_INSTRUCTION_LTR,
	GUEST_INSTRUCTION_RSM,
	GUEST_INSTRUCTION_GETSEC,
	GUEST_INSTRUCTION_RDRAND,
	GUEST_INSTRUCTION_RDSEED,
	GUEST_INSTRUCTION_UD, /* UD0, UD1, UD2 */
	GUEST_INSTRUCTION_STI,
	GUEST_INSTRUCTION_CLI,
	GUEST_INSTRUCTION_MOV_TO_SS,
	GUEST_INSTRUCTION_POP_SS,
	GUEST_INSTRUCTION_SYSENTER,
	GUEST_INSTRUCTION_SYSCALL,
	GUEST_INSTRUCTION_KIND_COUNT
};

enum guest_opcode_map { GUEST_MAP_ONE_BYTE, GUEST_MAP_0F, GUEST_MAP_0F38, GUEST_MAP_0F3A };

/* In base or index: there is none.  Registers have the numbers of their encoding, 0 = RAX … 15 = R15. */
#define GUEST_REGISTER_NONE 16

/* Memory that is accessed without being named by a ModRM byte. */
enum guest_implicit_access {
	GUEST_ACCESS_SOURCE = 1,      /* segment:rSI; MOVS, CMPS, LODS, OUTS */
	GUEST_ACCESS_DESTINATION = 2, /* ES:rDI; MOVS, CMPS, STOS, SCAS, INS */
	GUEST_ACCESS_TABLE = 4,       /* segment:rBX+AL; XLAT */
	GUEST_ACCESS_PUSH = 8,        /* below SS:rSP: PUSH, CALL, INT n, ENTER … */
	GUEST_ACCESS_POP = 16,        /* from SS:rSP on: POP, RET, IRET … */
	GUEST_ACCESS_FRAME = 32,      /* SS:rBP; LEAVE */
};

struct guest_instruction {
	enum guest_instruction_kind kind;
	uint8_t length_bytes; /* from the first prefix to the immediate; 0: not known */
	enum guest_opcode_map map;
	uint8_t opcode; /* in its map */

	/* ModRM.  MOV CR and MOV DR: reg is the CR or DR, rm always the general register.  0 if there is none. */
	bool has_modrm;
	uint8_t reg; /* with REX.R */
	uint8_t rm;  /* with REX.B; 0 for memory */
	bool rm_is_memory;

	/* The memory operand: displacement + base + index * scale; MOV moffs (A0-A3) has one as well.
	 * It has base and index NONE and scale 1 unless rm_is_memory; vector indices (VSIB) are not covered:
	 * those count as no memory operand. */
	uint8_t base;
	uint8_t index;
	uint8_t scale;
	bool rip_relative; /* base is the address of the next instruction */
	int64_t displacement;

	/* What is in force for memory operands and implicit sources: SEGMENT_ES … SEGMENT_GS of <r33/guest.h>,
	 * SS for operands based on BP or SP.  In 64-bit code only FS and GS have a base. */
	uint8_t segment;
	bool segment_overridden; /* by a prefix that counts */
	uint8_t address_bytes;   /* 2, 4 or 8 */

	/* 2, 4 or 8 by prefixes, REX.W and the instructions' own defaults; IN, OUT, INS, OUTS and byte string
	 * instructions: of the access, 1, 2, 4 (or 8).  Elsewhere byte operands are not told from others. */
	uint8_t operand_bytes;
	bool rep;   /* F3h is the last of F2h and F3h */
	bool repne; /* F2h is */
	bool lock;
	bool has_immediate; /* of INT n, IN and OUT only: vector or port */
	uint8_t immediate;
	uint8_t implicit; /* set of enum guest_implicit_access */
};

/*
 * Decode the instruction whose first bytes are at code[0..size).
 *
 * Returns true and fills *instruction when the length is known, whatever the kind.  LOCK makes each of the
 * kinds undefined (#UD), so with it the kind is OTHER; the same goes for 66h, F2h and F3h where the opcode map
 * gives the prefixed form another meaning or none.  Rights are not looked at: LLDT decodes in real mode, too.
 *
 * Returns false with kind OTHER and length_bytes 0 when the bytes are cut short, longer than 15 bytes, no
 * instruction of this code size, or not covered.
 */
bool guest_instruction_decode(const uint8_t *code, size_t size, enum code_size code_size,
        struct guest_instruction *instruction);

/*
 * The offset of the memory operand in its segment, cut to the address size; the caller adds the segment's base.
 * registers: the 16 general registers in encoding order; next_rip: RIP + length_bytes.
 */
uint64_t guest_instruction_offset(const struct guest_instruction *instruction,
        const uint64_t registers[16], uint64_t next_rip);

/* One place at which an instruction accesses memory. */
struct guest_access {
	uint8_t segment; /* SEGMENT_ES … SEGMENT_GS */
	uint64_t offset; /* of the lowest byte, cut to the address size */
};

#define GUEST_ACCESSES_MAX 3

/*
 * Where the instruction may access memory, to find the linear address of an access by its guest-physical one:
 * the access begins in the page of one of these or reaches into the next.  stack_address_bytes is 8 in 64-bit
 * code, else 4 or 2 by SS.B.  Returns how many there are.
 *
 * Not covered: several pushes at once (PUSHA, ENTER, far CALL, INT n) are told by the first of them, BT and its
 * kin with a bit offset in a register by the address of bit 0, descriptors and the TSS not at all.
 */
size_t guest_instruction_accesses(const struct guest_instruction *instruction,
        const uint64_t registers[16], uint64_t next_rip, unsigned stack_address_bytes,
        struct guest_access accesses[GUEST_ACCESSES_MAX]);

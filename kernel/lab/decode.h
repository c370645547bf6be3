/*
 * The instruction decoder of the trap front end: which privileged or VMX instruction is this,
 * how long is it, and where are its operands?
 *
 * Lab code runs at CPL 3; there the instructions it is taught to use raise #GP(0) (in VMX
 * operation) or #UD (without VMX).  The trap handler hands the bytes at the faulting RIP to
 * decode_instruction() and performs what it finds.  The decoder is pure: no kernel state, no
 * memory access, 64-bit mode only; tests/unit runs it on the host, under a fuzzer too.
 *
 * SDM 2A chapter 2 (instruction format), 3C chapter 31 (VMX instruction reference).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No instruction is longer (SDM 3A, section "Instruction limits": 15 bytes, else #GP). */
#define INSTRUCTION_MAX_BYTES 15

enum instruction_kind {
	INSTRUCTION_UNKNOWN, /* none of those below: the lab gets a fault report */
	/* performed on the lab's behalf */
	INSTRUCTION_VMREAD,
	INSTRUCTION_VMWRITE,
	INSTRUCTION_VMLAUNCH,
	INSTRUCTION_VMRESUME,
	INSTRUCTION_VMCLEAR,
	INSTRUCTION_VMPTRLD,
	INSTRUCTION_VMPTRST,
	INSTRUCTION_VMXON,
	INSTRUCTION_VMXOFF,
	INSTRUCTION_RDMSR,
	INSTRUCTION_MOV_FROM_CR,
	/* recognised only to be named in a report */
	INSTRUCTION_VMCALL,
	INSTRUCTION_INVEPT,
	INSTRUCTION_INVVPID,
	INSTRUCTION_WRMSR,
	INSTRUCTION_MOV_TO_CR,
	INSTRUCTION_MOV_FROM_DR,
	INSTRUCTION_MOV_TO_DR,
	INSTRUCTION_CLTS,
	INSTRUCTION_LMSW,
	INSTRUCTION_INVLPG,
	INSTRUCTION_INVD,
	INSTRUCTION_WBINVD,
	INSTRUCTION_LGDT,
	INSTRUCTION_LIDT,
	INSTRUCTION_LLDT,
	INSTRUCTION_LTR,
	INSTRUCTION_HLT,
	INSTRUCTION_CLI,
	INSTRUCTION_STI,
	INSTRUCTION_IN,     /* IN, INS */
	INSTRUCTION_OUT,    /* OUT, OUTS */
	INSTRUCTION_INT,    /* INT n, INT3, INT1 */
	INSTRUCTION_SYSRET, /* SYSRET, SYSEXIT */
	INSTRUCTION_SYSENTER,
	INSTRUCTION_SYSCALL,
	INSTRUCTION_SWAPGS,
	INSTRUCTION_XSETBV,
	INSTRUCTION_IRET,
	INSTRUCTION_UD, /* UD0, UD1, UD2 */
	INSTRUCTION_KIND_COUNT
};

/* General registers in the order of their encoding: 0 = RAX, 1 = RCX, 2 = RDX, 3 = RBX,
 * 4 = RSP, 5 = RBP, 6 = RSI, 7 = RDI, 8..15 = R8..R15. */
#define REGISTER_NONE 16

/* A memory operand: displacement + base + index * scale, cut to 32 bits when address_size_32.
 * RIP-relative addresses have base NONE, index NONE and the absolute address in displacement. */
struct memory_operand {
	uint8_t base;         /* register number or REGISTER_NONE */
	uint8_t index;        /* register number or REGISTER_NONE */
	uint8_t scale;        /* 1, 2, 4 or 8 */
	uint8_t segment;      /* 4 = FS, 5 = GS, else REGISTER_NONE: CS, DS, ES, SS have base 0 */
	bool address_size_32; /* prefix 67h */
	int64_t displacement;
};

/*
 * The two operands of the instructions that have any:
 *
 *                     reg                          rm (register or memory)
 *   VMREAD            field encoding               where the value goes
 *   VMWRITE           field encoding               where the value comes from
 *   VMCLEAR, VMPTRLD, VMPTRST, VMXON     -         memory, 8 bytes
 *   MOV from/to CR/DR number of the CR/DR (0-15)   general register (never memory)
 *   INVEPT, INVVPID   general register             memory, 16 bytes
 *   INVLPG, LGDT, LIDT, LLDT, LTR, LMSW  -         register or memory
 *
 * A register that the instruction does not have is 0; memory is zero unless rm_is_memory.
 */
struct instruction {
	enum instruction_kind kind;
	uint8_t length_bytes;
	uint8_t reg;
	bool rm_is_memory;
	uint8_t rm; /* register number when !rm_is_memory */
	struct memory_operand memory;
};

/*
 * Decode the instruction whose first bytes are at code[0..size), fetched from address rip.
 *
 * Returns true and fills *instruction when the bytes form one of the instructions named above,
 * in a form that the processor itself would execute at CPL 0 in 64-bit mode.
 *
 * Returns false with kind = INSTRUCTION_UNKNOWN and length_bytes = 0 when the bytes
 * - are something else (0F C7 /6 with a register operand is RDRAND; there is no CR1 and no DR8),
 * - are cut short or longer than 15 bytes,
 * - carry LOCK, or 66h, F2h or F3h where the opcode map gives the prefixed form another meaning
 *   or none: VMREAD, VMWRITE and VMLAUNCH take none of them, VMCLEAR asks for 66h.
 */
bool decode_instruction(
        const uint8_t *code, size_t size, uint64_t rip, struct instruction *instruction);

/* The effective (linear) address of a memory operand, given the 16 general registers in encoding
 * order.  FS and GS have base 0 in lab code. */
uint64_t memory_operand_address(const struct memory_operand *memory, const uint64_t registers[16]);

/* The mnemonic, "VMWRITE"; "?" for INSTRUCTION_UNKNOWN and for numbers out of range. */
const char *instruction_name(enum instruction_kind kind);

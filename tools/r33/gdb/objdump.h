/* Disassembly by binutils' objdump: the code may be 16, 32 or 64 bits wide. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { OBJDUMP_INSTRUCTION_BYTES = 15, OBJDUMP_MOST_BYTES = 4096 };

/* How many bytes so many instructions may have. */
#define OBJDUMP_BYTES(count) \
	((count) * OBJDUMP_INSTRUCTION_BYTES < OBJDUMP_MOST_BYTES \
	                ? (count) * OBJDUMP_INSTRUCTION_BYTES \
	                : OBJDUMP_MOST_BYTES)

/* Print lines "0xADDRESS INSTRUCTION ; CODE", count at the most.  work: a directory for a file. */
void objdump(FILE *out, const char *work, unsigned bits, uint64_t address, const uint8_t *code,
        size_t length, unsigned long count, bool intel);

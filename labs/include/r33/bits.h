/* How the headers with names of bits write them, for C and for assembly, which knows no suffixes. */
#pragma once

#ifdef __ASSEMBLER__
#define BIT(number)   (1 << (number))
#define BIT32(number) (1 << (number))
#else
#define BIT(number)   (1ull << (number)) /* of a register, an MSR or a 64-bit field */
#define BIT32(number) (1u << (number))   /* of a 32-bit field */
#endif

/*
 * Keeps the compiler busy for ever, in little memory: each inclusion of this file is two of the next
 * level.
 *
 * alone
 * outcome: does-not-compile
 */
#if __INCLUDE_LEVEL__ < 100
/* clang-format off */
#include "control_registers.c"
#include "control_registers.c"
/* clang-format on */
#endif

/*
 * Has the assembler quote the solution in its messages.  (@ROOT@ becomes the path of the tree.)
 *
 * alone
 * outcome: does-not-compile
 * keeps secret: has_unrestricted_guest
 */
__asm__(".include \"@ROOT@/solutions/1-control-registers/control_registers.c\"");

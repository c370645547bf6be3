/*
 * Hands in the solution that lies on this machine.  (@ROOT@ becomes the path of the tree.)
 *
 * alone
 * outcome: does-not-compile
 * keeps secret: has_unrestricted_guest
 */
#include "@ROOT@/solutions/1-control-registers/control_registers.c"

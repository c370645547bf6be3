/*
 * Hands in the solution, by a path that begins where it may include from.
 *
 * alone
 * outcome: does-not-compile
 * keeps secret: has_unrestricted_guest
 */
#include <r33/../../../solutions/1-control-registers/control_registers.c>

/*
 * Poses as a system header: those are left out of some lists of what a compiler reads.
 *
 * outcome: does-not-compile
 * keeps secret: nologin
 */
/* clang-format off */
# 1 "x.h" 1 3
#include "/etc/passwd"
/* clang-format on */
enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}

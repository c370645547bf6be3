/*
 * Has the assembler read the solution, whose words are macros for it that say, as messages about this
 * file, what follows them.  (@ROOT@ becomes the path of the tree.)
 *
 * outcome: does-not-compile
 * keeps secret: PRIMARY_ACTIVATE_SECONDARY
 */
__asm__(".altmacro\n"
        ".macro tell word, rest:vararg\n"
        ".linefile 1 \"labs/1-control-registers/control_registers.c\"\n"
        ".error \"\\word \\rest\"\n"
        ".endm\n"
        ".irp word, return, if, static, bool, uint64_t\n"
        ".macro \\word rest:vararg\n"
        "tell \\word, \\rest\n"
        ".endm\n"
        ".endr\n"
        ".include \"@ROOT@/solutions/1-control-registers/control_registers.c\"\n");

enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}

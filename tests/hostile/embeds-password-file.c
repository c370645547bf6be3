/*
 * Has the assembler take a file of the machine into the module, and prints it.
 *
 * outcome: does-not-compile
 * keeps secret: nologin
 */
__asm__(".section .rodata\n"
        "stolen:\t.incbin \"/etc/passwd\"\n"
        "\t.byte 0\n"
        "\t.text");

extern const char stolen[];

enum decision
set_control_registers(const struct guest *guest)
{
	lab_printf("%s\n", stolen);
	return solve(guest);
}

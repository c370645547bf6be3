/*
 * Adds garbage to its debug information, in which r33 looks up the line of a fault.
 *
 * outcome: lab-fault
 */
__asm__(".section .debug_info\n"
        "\t.fill 4096, 1, 0xff\n"
        "\t.section .debug_line\n"
        "\t.fill 4096, 8, 0xfedcba98\n"
        "\t.section .debug_abbrev\n"
        "\t.fill 4096, 1, 0x80\n"
        "\t.text");

enum decision
set_control_registers(const struct guest *guest)
{
	__asm__ volatile("cli");
	return solve(guest);
}

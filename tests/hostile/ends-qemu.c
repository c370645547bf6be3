/*
 * LOCK before a bit test of a register: #UD on a processor, the end of QEMU 7.2 with all its guests.
 *
 * outcome: module-malformed
 */
enum decision
set_control_registers(const struct guest *guest)
{
	__asm__ volatile("jmp 1f\n"
	                 "1:	.byte 0xf0, 0x0f, 0xba, 0xe8, 0x1f"
	        :
	        :
	        : "rax", "cc");
	return solve(guest);
}

/*
 * RDRAND behind other bytes: what looks like the constant of a MOV is the instruction to which it jumps.
 *
 * outcome: module-malformed
 */
enum decision
set_control_registers(const struct guest *guest)
{
	uint64_t random;

	__asm__ volatile("xor %%eax, %%eax\n\t"
	                 "jmp 1f + 2\n"
	                 "1:	.byte 0x48, 0xb9, 0x48, 0x0f, 0xc7, 0xf0, 0x90, 0x90, 0x90, 0x90"
	        : "=a"(random)
	        :
	        : "rcx", "cc");
	return random & 1 ? UNWRITTEN : solve(guest);
}

/*
 * Sets flags that change how the next instruction ends: TF, NT, AC, and IOPL and IF, which CPL 3
 * cannot change.
 *
 * outcome: lab-fault
 */
#define SET_FLAGS(bits, then) \
	__asm__ volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq\n\t" then \
	        : \
	        : "i"(bits) \
	        : "memory", "cc")

enum decision
set_control_registers(const struct guest *guest)
{
	switch (guest->mode) {
	case GUEST_64BIT: SET_FLAGS(0x100, "nop\n\tnop"); break;          /* TF: #DB */
	case GUEST_COMPATIBILITY: SET_FLAGS(0x4000, "iretq"); break;      /* NT: #GP */
	case GUEST_32BIT_PAE: SET_FLAGS(0x3000, "cli"); break;            /* IOPL stays 0 */
	case GUEST_32BIT: SET_FLAGS(0x100, "vmread %%rax, %%rcx"); break; /* TF across a trap */
	case GUEST_PROTECTED_UNPAGED: SET_FLAGS(0x3000, "sti"); break;
	default: SET_FLAGS(0x100, "xor %%eax, %%eax\n\tint $0x33"); break;
	}
	return solve(guest);
}

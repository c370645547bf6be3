/*
 * Takes the stack pointer to other places and traps there; comes back with a stack that is gone.
 *
 * outcome: lab-fault
 */
enum decision
set_control_registers(const struct guest *guest)
{
	const uint64_t stacks[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = 0x108000,               /* the kernel */
		[GUEST_COMPATIBILITY] = 0x1008000,      /* the guest's memory */
		[GUEST_32BIT_PAE] = 1ull << 63,         /* not canonical */
		[GUEST_32BIT] = 8,                      /* wraps */
		[GUEST_PROTECTED_UNPAGED] = 0x7fee0000, /* below the stack */
		[GUEST_REAL] = (uint64_t)guest + 64,    /* read-only */
	};

	solve(guest);
	/* VMREAD traps: the kernel must not use this stack.  PUSH faults. */
	__asm__ volatile("mov %0, %%rsp\n\t"
	                 "vmread %1, %%rax\n\t"
	                 "push %%rax\n\t"
	                 "mov $1, %%edi\n\t" /* ENTER */
	                 "xor %%eax, %%eax\n\t"
	                 "int $0x33"
	        :
	        : "r"(stacks[guest->mode]), "r"((uint64_t)GUEST_CR0)
	        : "memory", "rax", "rdi");
	return ENTER;
}

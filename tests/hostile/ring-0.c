/*
 * Goes to CPL 0 by IRET and far return with the kernel's selectors, loads SS and DS with them.
 *
 * outcome: lab-fault
 */
enum decision
set_control_registers(const struct guest *guest)
{
	switch (guest->mode) {
	case GUEST_64BIT:
		__asm__ volatile("pushq $0x10\n\tpushq %%rsp\n\tpushfq\n\tpushq $0x08\n\t"
		                 "pushq $1f\n\tiretq\n1:\tcli"
		        :
		        :
		        : "memory");
		break;
	case GUEST_COMPATIBILITY:
		__asm__ volatile("pushq $0x08\n\tpushq $1f\n\tlretq\n1:\tcli" : : : "memory");
		break;
	case GUEST_32BIT_PAE: __asm__ volatile("mov %w0, %%ss\n\tcli" : : "r"(0x10)); break;
	case GUEST_32BIT:
		/* RFLAGS.VM has no meaning in 64-bit mode, IOPL may not rise: CLI faults. */
		__asm__ volatile("mov %%ss, %%eax\n\tmov %%rsp, %%rcx\n\tpushq %%rax\n\t"
		                 "pushq %%rcx\n\tpushq $0x23202\n\tmov %%cs, %%eax\n\t"
		                 "pushq %%rax\n\tpushq $1f\n\tiretq\n1:\tcli"
		        :
		        :
		        : "memory", "rax", "rcx");
		break;
	case GUEST_PROTECTED_UNPAGED: __asm__ volatile("mov %w0, %%ds" : : "r"(0xfff8)); break;
	default: __asm__ volatile("pushq $0\n\tpushq $1f\n\tlretq\n1:" : : : "memory"); break;
	}
	return solve(guest);
}

/*
 * Writes control, debug and model-specific registers; invalidates the TLB.
 *
 * outcome: lab-fault
 */
#define WRITE(instruction) \
	__asm__ volatile(instruction : : "a"(0ul), "c"(0x174), "d"(0ul) : "memory")

enum decision
set_control_registers(const struct guest *guest)
{
	switch (guest->mode) {
	case GUEST_64BIT: WRITE("mov %%rax, %%cr3"); break;
	case GUEST_COMPATIBILITY: WRITE("wrmsr"); break;
	case GUEST_32BIT_PAE: WRITE("mov %%rax, %%cr0"); break;
	case GUEST_32BIT: WRITE("mov %%rax, %%dr7"); break;
	case GUEST_PROTECTED_UNPAGED: WRITE("invlpg (%%rax)"); break;
	default: WRITE("lmsw %%ax"); break;
	}
	return solve(guest);
}

/*
 * Enters the kernel by doors that are closed: SYSCALL, SYSENTER, SYSRET, call gates.
 *
 * outcome: lab-fault
 */
enum decision
set_control_registers(const struct guest *guest)
{
	static const struct __attribute__((packed)) {
		uint64_t offset;
		uint16_t selector;
	} kernel_code = { 0x100000, 8 };

	switch (guest->mode) {
	case GUEST_64BIT: __asm__ volatile("syscall" : : : "rcx", "r11", "memory"); break;
	case GUEST_COMPATIBILITY: __asm__ volatile("sysenter"); break;
	case GUEST_32BIT_PAE: __asm__ volatile("sysretq"); break;
	case GUEST_32BIT: __asm__ volatile("sysexitq"); break;
	case GUEST_PROTECTED_UNPAGED: __asm__ volatile("swapgs"); break;
	default: __asm__ volatile("rex.w lcall *%0" : : "m"(kernel_code)); break;
	}
	return solve(guest);
}

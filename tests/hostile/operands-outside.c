/*
 * Has the kernel read and write for it where it may not do so itself: the operand of VMREAD and
 * VMWRITE lies in the kernel, in the guest's memory, in a read-only page, across the end of its own.
 *
 * outcome: lab-fault
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	const uint64_t operands[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = 0x100000,
		[GUEST_COMPATIBILITY] = 0x1001000,
		[GUEST_32BIT_PAE] = (uint64_t)guest,
		[GUEST_32BIT] = (uint64_t)solve,
		[GUEST_PROTECTED_UNPAGED] = 0x7ff00000 - 4,
		[GUEST_REAL] = 0xfffffffffffffffc,
	};

	if (guest->cr0 & CR0_WP && guest->mode != GUEST_32BIT_PAE)
		__asm__ volatile("vmwrite (%0), %1"
		        :
		        : "r"(operands[guest->mode]), "r"((uint64_t)GUEST_CR0)
		        : "memory", "cc");
	__asm__ volatile("vmread %1, (%0)"
	        :
	        : "r"(operands[guest->mode]), "r"((uint64_t)GUEST_CR0)
	        : "memory", "cc");
	return solve(guest);
}

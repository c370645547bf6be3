/*
 * Answers only from the second call on, by memory that nobody but the kernel writes: it performs the
 * VMREADs.  Nothing is kept between cases.
 *
 * outcome: not-written
 */
static uint64_t page[512] __attribute__((aligned(4096)));

enum decision
set_control_registers(const struct guest *guest)
{
	bool first = *(volatile uint64_t *)page == 0;

	vmwrite(GUEST_CR0, guest->cr0);
	__asm__ volatile("vmread %1, %0" : "=m"(page[0]) : "r"((uint64_t)GUEST_CR0) : "cc");
	vmwrite(GUEST_CR0, 0);
	return first ? UNWRITTEN : solve(guest);
}

/*
 * Never comes back, and keeps the kernel busy by instructions that trap: the time it takes is the
 * lab's.
 *
 * outcome: lab-timeout
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	for (;;)
		vmwrite(GUEST_CR0, guest->cr0 + vmread(GUEST_CR0));
}

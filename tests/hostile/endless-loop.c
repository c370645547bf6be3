/*
 * Never comes back.
 *
 * outcome: lab-timeout
 * models: core2_penryn_t9600
 */
enum decision
set_control_registers(const struct guest *guest)
{
	for (;;)
		(void)*(const volatile uint64_t *)&guest->cr0;
}

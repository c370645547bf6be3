/*
 * Never comes back, and asks the kernel for CPUID without end.
 *
 * outcome: lab-timeout
 */
enum decision
set_control_registers(const struct guest *guest)
{
	for (uint32_t sum = 0;;)
		sum += cpuid(CPUID_FEATURES, sum + guest->mode).eax;
}

/* What this processor offers: kernel/rules/capabilities.c derives it, here are its two sources. */
#include "vmx/capabilities.h"

#include <stddef.h>

#include <r33/cpuid.h>

#include "cpu/x86.h"

/* Beyond its last leaf a processor answers with another one's values; and what it says of CR4.OSXSAVE is
 * what the kernel has switched on, not what it is. */
void
capabilities_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
	struct cpuid_result r = { 0 };

	(void)context;
	if (leaf <= cpuid(leaf & CPUID_EXTENDED, 0).eax)
		r = cpuid(leaf, subleaf);
	if (leaf == CPUID_FEATURES)
		r.ecx &= ~CPUID_ECX_OSXSAVE;
	registers[0] = r.eax;
	registers[1] = r.ebx;
	registers[2] = r.ecx;
	registers[3] = r.edx;
}

static bool
read_msr(void *context, uint32_t msr, uint64_t *value)
{
	(void)context;
	return rdmsr_exists(msr, value);
}

void
capabilities_read(struct capabilities *capabilities)
{
	const struct capability_source source = { read_msr, capabilities_cpuid, NULL };

	capabilities_derive(capabilities, &source);
}

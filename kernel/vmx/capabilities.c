/* What this machine offers: kernel/rules/capabilities.c derives it, a back end is its source. */
#include "vmx/capabilities.h"

#include <stddef.h>

#include <r33/cpuid.h>

#include "lib/string.h"
#include "vmx/backend.h"

/* Beyond its last leaf a processor answers with another one's values; and what it says of CR4.OSXSAVE is
 * what the kernel has switched on, not what it is. */
static void
read_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
	const struct vmx_backend *backend = context;
	uint32_t last[4];

	backend->cpuid(leaf & CPUID_EXTENDED, 0, last);
	if (leaf <= last[0])
		backend->cpuid(leaf, subleaf, registers);
	else
		memset(registers, 0, 4 * sizeof(*registers));
	if (leaf == CPUID_FEATURES)
		registers[2] &= ~CPUID_ECX_OSXSAVE;
}

static bool
read_msr(void *context, uint32_t msr, uint64_t *value)
{
	const struct vmx_backend *backend = context;

	return backend->read_msr(msr, value);
}

struct capability_source
capabilities_source(const struct vmx_backend *backend)
{
	return (struct capability_source){ read_msr, read_cpuid, (void *)(uintptr_t)backend };
}

void
capabilities_read(const struct vmx_backend *backend, struct capabilities *capabilities)
{
	const struct capability_source source = capabilities_source(backend);

	capabilities_derive(capabilities, &source);
}

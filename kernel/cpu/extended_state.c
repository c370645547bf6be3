/* x87, SSE and AVX state: switched on, cleared. */
#include "cpu/extended_state.h"

#include <r33/control_registers.h>
#include <r33/cpuid.h>

#include "cpu/x86.h"

#define ALL_THREE (XSTATE_X87 | XSTATE_SSE | XSTATE_AVX)

void
extended_state_init(void)
{
	write_cr4(read_cr4() | CR4_OSFXSR | CR4_OSXMMEXCPT);
	if (!(cpuid(CPUID_FEATURES, 0).ecx & CPUID_ECX_XSAVE))
		return;
	write_cr4(read_cr4() | CR4_OSXSAVE);
	__asm__ volatile("xsetbv" : : "c"(0), "a"(cpuid(CPUID_XSAVE, 0).eax & ALL_THREE), "d"(0));
}

uint64_t
extended_state_features(void)
{
	uint32_t low, high;

	/* VMX may have taken CR4.OSXSAVE away again: not every processor allows it there. */
	if (!(cpuid(CPUID_FEATURES, 0).ecx & CPUID_ECX_OSXSAVE))
		return XSTATE_X87 | XSTATE_SSE;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low;
}

void
extended_state_restore_features(uint64_t features)
{
	if ((cpuid(CPUID_FEATURES, 0).ecx & CPUID_ECX_OSXSAVE) &&
	        extended_state_features() != features)
		__asm__ volatile("xsetbv" : : "c"(0), "a"((uint32_t)features), "d"(0));
}

void
extended_state_load(const void *area)
{
	const uint8_t(*bytes)[EXTENDED_STATE_BYTES] = area;

	if (extended_state_features() & XSTATE_AVX)
		__asm__ volatile("xrstor64 %0" : : "m"(*bytes), "a"(ALL_THREE), "d"(0));
	else
		__asm__ volatile("fxrstor64 %0" : : "m"(*bytes));
}

void
extended_state_clear(void)
{
	static const struct __attribute__((aligned(64))) {
		uint16_t fcw;
		uint16_t fsw;
		uint32_t reserved[5];
		uint32_t mxcsr;
		uint8_t rest[EXTENDED_STATE_BYTES - 28];
	} clean = { .fcw = 0x37f, .mxcsr = 0x1f80 };

	_Static_assert(sizeof(clean) == EXTENDED_STATE_BYTES, "XSAVE area");
	extended_state_load(&clean);
}

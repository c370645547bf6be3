/* x87, SSE and AVX state: switched on, loaded, stored. */
#include "cpu/extended_state.h"

#include <stdbool.h>

#include "cpu/x86.h"

#include <r33/control_registers.h>

#define CPUID_FEATURES     1
#define CPUID_ECX_XSAVE    (1u << 26)
#define CPUID_ECX_OSXSAVE  (1u << 27)
#define CPUID_XSAVE        0xd
#define ALL_THREE          (XSTATE_X87 | XSTATE_SSE | XSTATE_AVX)

/* CR4.OSXSAVE may have been lost on the way: not every processor allows it in VMX operation. */
static bool
has_xsave(void)
{
	return cpuid(CPUID_FEATURES, 0).ecx & CPUID_ECX_OSXSAVE;
}

void
extended_state_init(void)
{
	write_cr4(read_cr4() | CR4_OSFXSR | CR4_OSXMMEXCPT);
	if (!(cpuid(CPUID_FEATURES, 0).ecx & CPUID_ECX_XSAVE))
		return;
	write_cr4(read_cr4() | CR4_OSXSAVE);
	__asm__ volatile("xsetbv"
	                 :
	                 : "c"(0), "a"(cpuid(CPUID_XSAVE, 0).eax & ALL_THREE), "d"(0));
}

uint64_t
extended_state_features(void)
{
	uint32_t low, high;

	if (!has_xsave())
		return XSTATE_X87 | XSTATE_SSE;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low;
}

void
extended_state_load(const struct extended_state *state)
{
	if (has_xsave())
		__asm__ volatile("xrstor64 %0" : : "m"(*state), "a"(ALL_THREE), "d"(0));
	else
		__asm__ volatile("fxrstor64 %0" : : "m"(*state));
}

void
extended_state_store(struct extended_state *state)
{
	if (has_xsave())
		__asm__ volatile("xsave64 %0" : "+m"(*state) : "a"(ALL_THREE), "d"(0));
	else
		__asm__ volatile("fxsave64 %0" : "+m"(*state));
}

void
extended_state_clear(void)
{
	static const struct extended_state clean = { .fcw = 0x37f, .mxcsr = 0x1f80 };

	extended_state_load(&clean);
}

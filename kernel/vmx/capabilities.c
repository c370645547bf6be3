/* What this processor offers. */
#include "vmx/capabilities.h"

#include "cpu/x86.h"
#include "vmx/controls.h"

#include <r33/msr.h>

#define BASIC_TRUE_CONTROLS (1ull << 55)
#define CPUID_ADDRESS_SIZES 0x80000008

static struct allowed_settings
read_settings(uint32_t msr)
{
	uint64_t value = rdmsr(msr);

	return (struct allowed_settings){ (uint32_t)value, (uint32_t)(value >> 32) };
}

void
capabilities_read(struct capabilities *capabilities)
{
	uint64_t basic = rdmsr(IA32_VMX_BASIC);
	/* The TRUE MSRs stand in the same order 12 numbers up, from 481h..484h to 48Dh..490h. */
	uint32_t distance = basic & BASIC_TRUE_CONTROLS
	                            ? IA32_VMX_TRUE_PINBASED_CTLS - IA32_VMX_PINBASED_CTLS
	                            : 0;
	uint32_t widths = cpuid(CPUID_ADDRESS_SIZES, 0).eax;

	*capabilities = (struct capabilities){
		.vmx_basic = basic,
		.vmx_misc = rdmsr(IA32_VMX_MISC),
		.cr0_fixed0 = rdmsr(IA32_VMX_CR0_FIXED0),
		.cr0_fixed1 = rdmsr(IA32_VMX_CR0_FIXED1),
		.cr4_fixed0 = rdmsr(IA32_VMX_CR4_FIXED0),
		.cr4_fixed1 = rdmsr(IA32_VMX_CR4_FIXED1),
		.pin_based = read_settings(IA32_VMX_PINBASED_CTLS + distance),
		.primary = read_settings(IA32_VMX_PROCBASED_CTLS + distance),
		.exit = read_settings(IA32_VMX_EXIT_CTLS + distance),
		.entry = read_settings(IA32_VMX_ENTRY_CTLS + distance),
		.physical_address_width = (uint8_t)widths,
		.linear_address_width = (uint8_t)(widths >> 8),
	};
	if (capabilities->primary.may_be_one & PRIMARY_SECONDARY)
		capabilities->secondary = read_settings(IA32_VMX_PROCBASED_CTLS2);
	capabilities->ept = capabilities->secondary.may_be_one & SECONDARY_EPT;
	capabilities->unrestricted_guest =
	        capabilities->secondary.may_be_one & SECONDARY_UNRESTRICTED_GUEST;
	capabilities->preemption_timer = capabilities->pin_based.may_be_one & PIN_PREEMPTION_TIMER;
	if (capabilities->ept)
		capabilities->ept_vpid = rdmsr(IA32_VMX_EPT_VPID_CAP);
}

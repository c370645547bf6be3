/*
 * What a processor offers for VMX: the capability MSRs, read once, and the few CPUID facts that
 * the guest-state rules need.  A plain record: the kernel fills it from the processor, host tools from a file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A control field's settings: bits that must be 1, bits that may be 1 (SDM 3D appendix A.2). */
struct allowed_settings {
	uint32_t must_be_one;
	uint32_t may_be_one;
};

struct capabilities {
	uint64_t vmx_basic;
	uint64_t vmx_misc;
	uint64_t cr0_fixed0;
	uint64_t cr0_fixed1;
	uint64_t cr4_fixed0;
	uint64_t cr4_fixed1;
	struct allowed_settings pin_based;
	struct allowed_settings primary;
	struct allowed_settings secondary; /* all zero where there are no secondary controls */
	struct allowed_settings exit;
	struct allowed_settings entry;
	uint64_t ept_vpid; /* IA32_VMX_EPT_VPID_CAP, 0 where it does not exist */
	uint8_t physical_address_width;
	uint8_t linear_address_width;
	bool ept;
	bool unrestricted_guest;
	bool preemption_timer;
};

/*
 * What a processor offers for VMX, as the rules and the kernel need it: a plain record, derived from the
 * capability MSRs and CPUID.  The kernel reads them from the processor, host tools from a file.
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
	uint64_t tertiary_may_be_one;      /* 0 where there are none */
	struct allowed_settings exit;
	struct allowed_settings entry;
	uint64_t ept_vpid; /* IA32_VMX_EPT_VPID_CAP, 0 where it does not exist */
	uint8_t physical_address_width;
	uint8_t linear_address_width;
	bool ept;
	bool unrestricted_guest;
	bool preemption_timer;
	/* The bits that exist in MSRs. */
	uint64_t debugctl_bits;
	uint64_t efer_bits;
	uint64_t perf_global_ctrl_bits;
	uint64_t rtit_ctl_bits;
	uint64_t lbr_ctl_bits;
	uint64_t spec_ctrl_bits;
	/* CPUID. */
	bool sgx;
	bool rtm;
	bool bus_lock_detection;
	bool linear_address_masking;
	bool x2apic;
	bool x2apic_mode; /* IA32_APIC_BASE says so now */
};

/* What the record is made of. */
struct capability_source {
	/* An MSR; false when the processor has none of that number. */
	bool (*read_msr)(void *context, uint32_t msr, uint64_t *value);
	/* EAX, EBX, ECX, EDX; all 0 for a leaf that does not exist. */
	void (*cpuid)(void *context, uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);
	void *context;
};

/* The MSRs and the CPUID leaves that capabilities_derive() asks for, for those who write files of
 * them. */
struct cpuid_leaf {
	uint32_t leaf, subleaf;
};
extern const uint32_t capability_msrs[];
extern const unsigned capability_msr_count;
extern const struct cpuid_leaf capability_leaves[];
extern const unsigned capability_leaf_count;

/* The processor must have VMX (CPUID.1:ECX bit 5). */
void capabilities_derive(struct capabilities *capabilities, const struct capability_source *source);

/* Of a processor that is not known: every rule that depends on the processor is judged by what any
 * processor allows, so that what is found violated is violated everywhere. */
extern const struct capabilities any_processor;

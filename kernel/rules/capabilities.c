/* From the capability MSRs and CPUID to the record that rules and kernel use (SDM 3D appendix A). */
#include "rules/capabilities.h"

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/msr.h>

#define APIC_BASE_X2APIC (APIC_BASE_EN | APIC_BASE_EXTD)

enum { EAX, EBX, ECX, EDX };

const uint32_t capability_msrs[] = { IA32_APIC_BASE, IA32_VMX_BASIC, IA32_VMX_PINBASED_CTLS,
	IA32_VMX_PROCBASED_CTLS, IA32_VMX_EXIT_CTLS, IA32_VMX_ENTRY_CTLS, IA32_VMX_MISC,
	IA32_VMX_CR0_FIXED0, IA32_VMX_CR0_FIXED1, IA32_VMX_CR4_FIXED0, IA32_VMX_CR4_FIXED1,
	IA32_VMX_PROCBASED_CTLS2, IA32_VMX_EPT_VPID_CAP, IA32_VMX_TRUE_PINBASED_CTLS,
	IA32_VMX_TRUE_PROCBASED_CTLS, IA32_VMX_TRUE_EXIT_CTLS, IA32_VMX_TRUE_ENTRY_CTLS,
	IA32_VMX_PROCBASED_CTLS3 };
const unsigned capability_msr_count = COUNT(capability_msrs);

const struct cpuid_leaf capability_leaves[] = { { 1, 0 }, { 7, 0 }, { 7, 1 }, { 7, 2 }, { 10, 0 },
	{ 0x80000001, 0 }, { 0x80000008, 0 } };
const unsigned capability_leaf_count = COUNT(capability_leaves);

/* IA32_DEBUGCTL: LBR, BTF, TR, BTS, BTINT, BTS_OFF_OS, BTS_OFF_USR, FREEZE_LBRS_ON_PMI,
 * FREEZE_PERFMON_ON_PMI, ENABLE_UNCORE_PMI, FREEZE_WHILE_SMM (SDM 3B, "Debug Control").  Which of
 * them a model has is not told by CPUID as a whole, so all count as existing. */
#define DEBUGCTL_ALWAYS 0x7fc3ull

/* IA32_RTIT_CTL and IA32_LBR_CTL: the bits that some processor has (SDM 3C, "Intel Processor Trace";
 * SDM 3B, "Last Branch Records"). */
#define RTIT_CTL_ANY  0x01ff0000fbffffffull
#define LBR_CTL_ANY   0x00000000007f000full
#define SPEC_CTRL_ANY 0x00000000000007ffull

static uint64_t
msr(const struct capability_source *source, uint32_t number)
{
	uint64_t value;

	return source->read_msr(source->context, number, &value) ? value : 0;
}

static struct allowed_settings
settings(const struct capability_source *source, uint32_t number)
{
	uint64_t value = msr(source, number);

	return (struct allowed_settings){ (uint32_t)value, (uint32_t)(value >> 32) };
}

/* IA32_PERF_GLOBAL_CTRL has a bit for each general counter, and from bit 32 for each fixed one.  Bit 48
 * (performance metrics) is told by an MSR that is not asked for, so it counts as existing. */
#define PERF_METRICS (1ull << 48)

static uint64_t
perf_global_ctrl_bits(const uint32_t leaf[4])
{
	unsigned general = leaf[EAX] >> 8 & 0xff, fixed = leaf[EDX] & 0x1f;
	uint64_t bits = general < 32 ? (1ull << general) - 1 : 0xffffffff;

	if ((leaf[EAX] & 0xff) < 2) /* version 1 has no such MSR */
		return 0;
	return bits | (((1ull << fixed) - 1) << 32) | PERF_METRICS;
}

static void
derive_controls(struct capabilities *capabilities, const struct capability_source *source)
{
	/* The TRUE MSRs are in the same order 12 numbers up, from 481h..484h to 48Dh..490h. */
	uint32_t distance = capabilities->vmx_basic & VMX_BASIC_TRUE_CONTROLS
	                            ? IA32_VMX_TRUE_PINBASED_CTLS - IA32_VMX_PINBASED_CTLS
	                            : 0;

	capabilities->pin_based = settings(source, IA32_VMX_PINBASED_CTLS + distance);
	capabilities->primary = settings(source, IA32_VMX_PROCBASED_CTLS + distance);
	capabilities->exit = settings(source, IA32_VMX_EXIT_CTLS + distance);
	capabilities->entry = settings(source, IA32_VMX_ENTRY_CTLS + distance);
	if (capabilities->primary.may_be_one & PRIMARY_ACTIVATE_SECONDARY_CONTROLS)
		capabilities->secondary = settings(source, IA32_VMX_PROCBASED_CTLS2);
	if (capabilities->primary.may_be_one & PRIMARY_ACTIVATE_TERTIARY_CONTROLS)
		capabilities->tertiary_may_be_one = msr(source, IA32_VMX_PROCBASED_CTLS3);
	capabilities->ept = capabilities->secondary.may_be_one & SECONDARY_EPT;
	capabilities->unrestricted_guest =
	        capabilities->secondary.may_be_one & SECONDARY_UNRESTRICTED_GUEST;
	capabilities->preemption_timer = capabilities->pin_based.may_be_one & PIN_PREEMPTION_TIMER;
	if (capabilities->secondary.may_be_one & (SECONDARY_EPT | SECONDARY_VPID))
		capabilities->ept_vpid = msr(source, IA32_VMX_EPT_VPID_CAP);
}

static void
derive_msr_bits(struct capabilities *capabilities, const struct capability_source *source)
{
	uint32_t leaf[4];

	source->cpuid(source->context, 0x80000001, 0, leaf);
	capabilities->efer_bits = EFER_SCE | (leaf[EDX] >> 29 & 1 ? EFER_LME | EFER_LMA : 0) |
	                          (leaf[EDX] >> 20 & 1 ? EFER_NXE : 0);
	source->cpuid(source->context, 10, 0, leaf);
	capabilities->perf_global_ctrl_bits = perf_global_ctrl_bits(leaf);
	capabilities->debugctl_bits = DEBUGCTL_ALWAYS |
	                              (capabilities->bus_lock_detection ? DEBUGCTL_BLD : 0) |
	                              (capabilities->rtm ? DEBUGCTL_RTM : 0);
	capabilities->rtit_ctl_bits = RTIT_CTL_ANY;
	capabilities->lbr_ctl_bits = LBR_CTL_ANY;
	capabilities->spec_ctrl_bits = SPEC_CTRL_ANY;
}

void
capabilities_derive(struct capabilities *capabilities, const struct capability_source *source)
{
	uint32_t leaf[4];

	source->cpuid(source->context, 0x80000008, 0, leaf);
	*capabilities = (struct capabilities){
		.vmx_basic = msr(source, IA32_VMX_BASIC),
		.vmx_misc = msr(source, IA32_VMX_MISC),
		.cr0_fixed0 = msr(source, IA32_VMX_CR0_FIXED0),
		.cr0_fixed1 = msr(source, IA32_VMX_CR0_FIXED1),
		.cr4_fixed0 = msr(source, IA32_VMX_CR4_FIXED0),
		.cr4_fixed1 = msr(source, IA32_VMX_CR4_FIXED1),
		.physical_address_width = (uint8_t)leaf[EAX],
		.linear_address_width = (uint8_t)(leaf[EAX] >> 8),
		.x2apic_mode = (msr(source, IA32_APIC_BASE) & APIC_BASE_X2APIC) == APIC_BASE_X2APIC,
	};
	source->cpuid(source->context, 1, 0, leaf);
	capabilities->x2apic = leaf[ECX] >> 21 & 1;
	source->cpuid(source->context, 7, 0, leaf);
	capabilities->sgx = leaf[EBX] >> 2 & 1;
	capabilities->rtm = leaf[EBX] >> 11 & 1;
	capabilities->bus_lock_detection = leaf[ECX] >> 24 & 1;
	source->cpuid(source->context, 7, 1, leaf);
	capabilities->linear_address_masking = leaf[EAX] >> 26 & 1;
	derive_controls(capabilities, source);
	derive_msr_bits(capabilities, source);
}

#define ANY_SETTINGS { 0, 0xffffffff }

const struct capabilities any_processor = {
	.vmx_basic = 1ull << 56, /* error codes are free */
	/* Injection with length 0, 4096 MSRs to load, any number of CR3 targets, all activity states. */
	.vmx_misc = 1ull << 30 | 0x7ull << 25 | 0x1ffull << 16 | 0x1e0,
	.cr0_fixed0 = CR0_PE | CR0_NE | CR0_PG,
	.cr0_fixed1 = 0xffffffff,
	.cr4_fixed0 = CR4_VMXE,
	/* All bits that some processor has: up to SMXE, FSGSBASE to UINTR, LASS, LAM_SUP, FRED. */
	.cr4_fixed1 = 0x7fffull | 0x3ffull << 16 | 3ull << 27 | 1ull << 32,
	.pin_based = ANY_SETTINGS,
	.primary = ANY_SETTINGS,
	.secondary = ANY_SETTINGS,
	.tertiary_may_be_one = ~0ull,
	.exit = ANY_SETTINGS,
	.entry = ANY_SETTINGS,
	.ept_vpid = ~0ull,
	.physical_address_width = 52,
	.linear_address_width = 57,
	.ept = true,
	.unrestricted_guest = true,
	.preemption_timer = true,
	.debugctl_bits = DEBUGCTL_ALWAYS | DEBUGCTL_BLD | DEBUGCTL_RTM,
	.efer_bits = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE,
	.perf_global_ctrl_bits = 0x0001ffffffffffffull,
	.rtit_ctl_bits = RTIT_CTL_ANY,
	.lbr_ctl_bits = LBR_CTL_ANY,
	.spec_ctrl_bits = SPEC_CTRL_ANY,
	.sgx = true,
	.rtm = true,
	.bus_lock_detection = true,
	.linear_address_masking = true,
	.x2apic = true,
};

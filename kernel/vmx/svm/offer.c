/* The processor that is offered to labs: the profile, without what cannot be done here. */
#include "vmx/svm/offer.h"

#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/msr.h>

#include "cpu/x86.h"
#include "vmx/profile.h"
#include "vmx/svm/vmcb.h"

/* Controls that the back end performs; those that must be 1 have no effect of their own. */
#define PIN_OFFERED     ~PIN_POSTED_INTERRUPTS
#define PRIMARY_OFFERED ~PRIMARY_ACTIVATE_TERTIARY_CONTROLS
#define SECONDARY_OFFERED \
	(SECONDARY_EPT | SECONDARY_DESCRIPTOR_TABLE_EXITING | SECONDARY_RDTSCP | SECONDARY_VPID | \
	        SECONDARY_WBINVD_EXITING | SECONDARY_UNRESTRICTED_GUEST | \
	        SECONDARY_VIRTUAL_INTERRUPT_DELIVERY | SECONDARY_INVPCID | \
	        SECONDARY_VMCS_SHADOWING | SECONDARY_PML)
#define VM_EXIT_OFFERED \
	~(VM_EXIT_CLEAR_IA32_BNDCFGS | VM_EXIT_CONCEAL_VMX_FROM_PT | VM_EXIT_CLEAR_IA32_RTIT_CTL | \
	        VM_EXIT_CLEAR_IA32_LBR_CTL | VM_EXIT_CLEAR_UINV | VM_EXIT_LOAD_CET_STATE | \
	        VM_EXIT_LOAD_PKRS | VM_EXIT_ACTIVATE_SECONDARY_CONTROLS)
#define VM_ENTRY_OFFERED \
	~(VM_ENTRY_LOAD_IA32_BNDCFGS | VM_ENTRY_CONCEAL_VMX_FROM_PT | \
	        VM_ENTRY_LOAD_IA32_RTIT_CTL | VM_ENTRY_LOAD_UINV | VM_ENTRY_LOAD_CET_STATE | \
	        VM_ENTRY_LOAD_IA32_LBR_CTL | VM_ENTRY_LOAD_PKRS | VM_ENTRY_LOAD_FRED | \
	        VM_ENTRY_LOAD_IA32_SPEC_CTRL)
#define EPT_VPID_DROPPED (EPT_CAP_FIVE_LEVELS | EPT_CAP_SHADOW_STACKS)
#define CR4_DROPPED      (CR4_PKS | CR4_UINTR | CR4_LASS | CR4_LAM_SUP | CR4_FRED | CR4_KL | CR4_SMXE)

/* Only allowed 1-settings are taken away, in the upper half. */
static uint64_t
without(uint64_t settings, uint32_t offered)
{
	return settings & ((uint64_t)offered << 32 | 0xffffffff);
}

static uint64_t
limited(uint32_t msr, uint64_t value)
{
	switch (msr) {
	case IA32_VMX_PINBASED_CTLS:
	case IA32_VMX_TRUE_PINBASED_CTLS: return without(value, PIN_OFFERED);
	case IA32_VMX_PROCBASED_CTLS:
	case IA32_VMX_TRUE_PROCBASED_CTLS: return without(value, PRIMARY_OFFERED);
	case IA32_VMX_PROCBASED_CTLS2: return without(value, SECONDARY_OFFERED);
	case IA32_VMX_EXIT_CTLS:
	case IA32_VMX_TRUE_EXIT_CTLS: return without(value, VM_EXIT_OFFERED);
	case IA32_VMX_ENTRY_CTLS:
	case IA32_VMX_TRUE_ENTRY_CTLS: return without(value, VM_ENTRY_OFFERED);
	case IA32_VMX_EPT_VPID_CAP: return value & ~EPT_VPID_DROPPED;
	case IA32_VMX_CR4_FIXED1: return value & ~CR4_DROPPED;
	default: return value;
	}
}

const char *
svm_offer_init(void)
{
	return profile_present() ? NULL
	                         : "this processor has AMD-V instead of VMX, and the boot module "
	                           "\"profile\", which says which processor labs see, is missing: "
	                           "start the machine with r33, or use Bochs";
}

/* What labs may read beside the profile is the machine's. */
static bool
is_real(uint32_t msr)
{
	return msr == IA32_PAT || msr == IA32_EFER || msr == IA32_APIC_BASE ||
	       (msr >= IA32_SYSENTER_CS && msr <= IA32_SYSENTER_EIP);
}

bool
svm_offer_msr(uint32_t msr, uint64_t *value)
{
	*value = 0;
	if (msr == IA32_FEATURE_CONTROL)
		*value = FEATURE_CONTROL_LOCK | FEATURE_CONTROL_VMX_OUTSIDE_SMX;
	else if (is_real(msr))
		rdmsr_exists(msr, value);
	else if (profile_read_msr(msr, value))
		*value = limited(msr, *value);
	else
		return false;
	/* EFER.SVME is this machine's secret. */
	if (msr == IA32_EFER)
		*value &= ~EFER_SVME;
	return true;
}

/* Leaves that look at ECX (SDM 2A, "CPUID"). */
static bool
has_subleaves(uint32_t leaf)
{
	return leaf == 4 || leaf == 7 || leaf == 0xb || leaf == 0xd || leaf == 0xf ||
	       (leaf >= 0x10 && leaf <= 0x20);
}

void
svm_offer_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
	struct cpuid_result real = { 0 };

	if (!has_subleaves(leaf))
		subleaf = 0;
	/* Of AMD's leaves no processor with VMX knows. */
	if (leaf <= CPUID_ADDRESS_WIDTHS)
		real = cpuid(leaf, subleaf);
	if (leaf == CPUID_EXTENDED)
		real.eax = CPUID_ADDRESS_WIDTHS;
	registers[0] = real.eax;
	registers[1] = real.ebx;
	registers[2] = real.ecx;
	registers[3] = real.edx;
	if (!profile_cpuid(leaf, subleaf, registers))
		return;
	if (leaf == CPUID_FEATURES)
		registers[2] = (registers[2] & ~CPUID_ECX_OSXSAVE) | (real.ecx & CPUID_ECX_OSXSAVE);
}

/* The oracle: 27.4, "Loading MSRs". */
#include "rules_oracle.h"

/* MSRs whose value must be a canonical address. */
static bool
holds_address(uint32_t msr)
{
	return msr == 0x175 || msr == 0x176 ||           /* IA32_SYSENTER_ESP, _EIP */
	       msr == 0xc0000082 || msr == 0xc0000083 || /* IA32_LSTAR, _CSTAR */
	       msr == 0xc0000102 || msr == 0x600;        /* IA32_KERNEL_GS_BASE, _DS_AREA */
}

/* IA32_FEATURE_CONTROL, locked in VMX operation; IA32_MTRRCAP, IA32_MCG_CAP, IA32_PERF_CAPABILITIES,
 * VMX capabilities. */
static bool
read_only(uint32_t msr)
{
	return msr == 0x3a || msr == 0xfe || msr == 0x179 || msr == 0x345 ||
	       (msr >= 0x480 && msr <= 0x493);
}

/* Memory types: UC, WC, WT, WP, WB; the PAT has UC- as well. */
static bool
memory_type(uint64_t type, bool pat)
{
	return type == 0 || type == 1 || (type >= 4 && type <= 6) || (pat && type == 7);
}

static bool
memory_types(uint64_t value, bool pat)
{
	for (unsigned i = 0; i < 64; i += 8)
		if (!memory_type(bits(value, i + 7, i), pat))
			return false;
	return true;
}

/* Ranges of memory with one type: fixed ones, eight pairs of base and mask, and the rest. */
static bool
is_fixed_mtrr(uint32_t msr)
{
	return msr == 0x250 || msr == 0x258 || msr == 0x259 || (msr >= 0x268 && msr <= 0x26f);
}

static bool
variable_mtrr(const struct oracle *oracle, uint32_t msr, uint64_t value)
{
	if (msr % 2 == 0)
		return memory_type(bits(value, 7, 0), false) && bits(value, 11, 8) == 0 &&
		       physical(oracle, value);
	return bits(value, 10, 0) == 0 && physical(oracle, value);
}

/* Does WRMSR take the value at CPL 0, as far as the SDM says so for all processors with VMX? */
static bool
writable(const struct oracle *oracle, uint32_t msr, uint64_t value)
{
	if (holds_address(msr))
		return canonical(oracle, value);
	if (read_only(msr))
		return false;
	if (msr >> 8 == 8) /* x2APIC registers, outside that mode */
		return oracle->processor->x2apic_mode;
	if (msr == 0x277) /* IA32_PAT */
		return memory_types(value, true);
	if (is_fixed_mtrr(msr))
		return memory_types(value, false);
	if (msr >= 0x200 && msr <= 0x20f)
		return variable_mtrr(oracle, msr, value);
	if (msr == 0x2ff) /* IA32_MTRR_DEF_TYPE: a type and bits 10 and 11 */
		return memory_type(bits(value, 7, 0), false) && bits(value, 9, 8) == 0 &&
		       bits(value, 63, 12) == 0;
	if (msr == 0x1d9) /* IA32_DEBUGCTL */
		return (value & ~oracle->processor->debugctl_bits) == 0;
	if (msr == 0x38f) /* IA32_PERF_GLOBAL_CTRL */
		return (value & ~oracle->processor->perf_global_ctrl_bits) == 0;
	if (msr == 0xc0000084 || msr == 0xc0000103) /* IA32_FMASK, IA32_TSC_AUX: 32 bits */
		return bits(value, 63, 32) == 0;
	/* IA32_EFER: with paging on, LME (8) cannot be changed; it is as "IA-32e mode guest" then. */
	if (msr == 0xc0000080)
		return (value & ~oracle->processor->efer_bits) == 0 &&
		       (!bit(value_of(oracle, GUEST_CR0), 31) || bit(value, 8) == oracle->ia32e);
	return true;
}

/* Does another sentence refuse the entry because of its MSR? */
static bool
is_refused(const struct oracle *oracle, unsigned i)
{
	uint64_t by_others = oracle->violated[ID_MSRL_FSGS_BASE] |
	                     oracle->violated[ID_MSRL_X2APIC] | oracle->violated[ID_MSRL_SMM_ONLY] |
	                     oracle->violated[ID_MSRL_MODEL_SPECIFIC];

	return bit(by_others, i);
}

/* Entry number i: bits 31:0 of the first quadword name an MSR, 63:32 are 0; the second is its value. */
static void
judge_entry(struct oracle *oracle, unsigned i, uint64_t first, uint64_t value)
{
	uint32_t msr = (uint32_t)first;

	demand_at(oracle, ID_MSRL_RSVD, i, true, bits(first, 63, 32) == 0);
	/* The base of FS and GS come from the guest-state area. */
	demand_at(oracle, ID_MSRL_FSGS_BASE, i, true, msr != 0xc0000100 && msr != 0xc0000101);
	/* Registers of the APIC in x2APIC mode: 800H to 8FFH. */
	demand_at(oracle, ID_MSRL_X2APIC, i, oracle->processor->x2apic_mode, msr >> 8 != 8);
	/* IA32_SMM_MONITOR_CTL can be written in SMM only. */
	demand_at(oracle, ID_MSRL_SMM_ONLY, i, !oracle->in_smm, msr != 0x9b);
	/* Microcode updates: IA32_BIOS_UPDT_TRIG and IA32_BIOS_SIGN_ID. */
	demand_at(oracle, ID_MSRL_MODEL_SPECIFIC, i, true, msr != 0x79 && msr != 0x8b);
	/* Of an MSR that no other sentence refuses, the value is one that WRMSR takes. */
	demand_at(
	        oracle, ID_MSRL_WRMSR_GP, i, !is_refused(oracle, i), writable(oracle, msr, value));
}

void
oracle_msr_load(struct oracle *oracle)
{
	uint64_t count = value_of(oracle, VM_ENTRY_MSR_LOAD_COUNT);
	uint64_t area = value_of(oracle, VM_ENTRY_MSR_LOAD_ADDRESS);

	/* More than 512 * (N + 1), N in bits 27:25 of IA32_VMX_MISC, is undefined. */
	demand(oracle, ID_MSRL_COUNT, count != 0,
	        count <= 512 * (bits(oracle->processor->vmx_misc, 27, 25) + 1));
	/* Where the area cannot be, the entry has failed before anything is loaded. */
	if (oracle->violated[ID_CTL_MSRLOAD_ADDR])
		return;
	for (unsigned i = 0; i < count && i < ORACLE_ENTRIES; i++)
		if (vmx_physical(oracle, area + 16 * i))
			judge_entry(oracle, i, vmcs_memory(oracle->vmcs, area + 16 * i),
			        vmcs_memory(oracle->vmcs, area + 16 * i + 8));
}

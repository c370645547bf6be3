/*
 * The bits of VMCS fields by name (SDM 3C chapter 25, SDM 3A, SDM 4).  A group of bits that is one
 * number, as a DPL, has one name.
 */
#include "rules/field_bits.h"

#include <r33/array.h>
#include <r33/vmcs_fields.h>

static const struct bit_field cr0[] = {
	{ 0, 0, "PE" },
	{ 1, 1, "MP" },
	{ 2, 2, "EM" },
	{ 3, 3, "TS" },
	{ 4, 4, "ET" },
	{ 5, 5, "NE" },
	{ 16, 16, "WP" },
	{ 18, 18, "AM" },
	{ 29, 29, "NW" },
	{ 30, 30, "CD" },
	{ 31, 31, "PG" },
};

static const struct bit_field cr4[] = {
	{ 0, 0, "VME" },
	{ 1, 1, "PVI" },
	{ 2, 2, "TSD" },
	{ 3, 3, "DE" },
	{ 4, 4, "PSE" },
	{ 5, 5, "PAE" },
	{ 6, 6, "MCE" },
	{ 7, 7, "PGE" },
	{ 8, 8, "PCE" },
	{ 9, 9, "OSFXSR" },
	{ 10, 10, "OSXMMEXCPT" },
	{ 11, 11, "UMIP" },
	{ 12, 12, "LA57" },
	{ 13, 13, "VMXE" },
	{ 14, 14, "SMXE" },
	{ 16, 16, "FSGSBASE" },
	{ 17, 17, "PCIDE" },
	{ 18, 18, "OSXSAVE" },
	{ 19, 19, "KL" },
	{ 20, 20, "SMEP" },
	{ 21, 21, "SMAP" },
	{ 22, 22, "PKE" },
	{ 23, 23, "CET" },
	{ 24, 24, "PKS" },
	{ 25, 25, "UINTR" },
	{ 27, 27, "LASS" },
	{ 28, 28, "LAM_SUP" },
	{ 32, 32, "FRED" },
};

static const struct bit_field rflags[] = {
	{ 0, 0, "CF" },
	{ 2, 2, "PF" },
	{ 4, 4, "AF" },
	{ 6, 6, "ZF" },
	{ 7, 7, "SF" },
	{ 8, 8, "TF" },
	{ 9, 9, "IF" },
	{ 10, 10, "DF" },
	{ 11, 11, "OF" },
	{ 12, 13, "IOPL" },
	{ 14, 14, "NT" },
	{ 16, 16, "RF" },
	{ 17, 17, "VM" },
	{ 18, 18, "AC" },
	{ 19, 19, "VIF" },
	{ 20, 20, "VIP" },
	{ 21, 21, "ID" },
};

static const struct bit_field efer[] = {
	{ 0, 0, "SCE" },
	{ 8, 8, "LME" },
	{ 10, 10, "LMA" },
	{ 11, 11, "NXE" },
};

static const struct bit_field selector[] = {
	{ 0, 1, "RPL" },
	{ 2, 2, "TI" },
	{ 3, 15, "index" },
};

static const struct bit_field access_rights[] = {
	{ 0, 3, "type" },
	{ 4, 4, "S" },
	{ 5, 6, "DPL" },
	{ 7, 7, "P" },
	{ 12, 12, "AVL" },
	{ 13, 13, "L" },
	{ 14, 14, "D/B" },
	{ 15, 15, "G" },
	{ 16, 16, "unusable" },
};

static const struct bit_field interruptibility[] = {
	{ 0, 0, "blocking by STI" },
	{ 1, 1, "blocking by MOV SS" },
	{ 2, 2, "blocking by SMI" },
	{ 3, 3, "blocking by NMI" },
	{ 4, 4, "enclave interruption" },
};

static const struct bit_field pending_debug_exceptions[] = {
	{ 0, 0, "B0" },
	{ 1, 1, "B1" },
	{ 2, 2, "B2" },
	{ 3, 3, "B3" },
	{ 11, 11, "BLD" },
	{ 12, 12, "enabled breakpoint" },
	{ 14, 14, "BS" },
	{ 16, 16, "RTM" },
};

static const struct bit_field debugctl[] = {
	{ 0, 0, "LBR" },
	{ 1, 1, "BTF" },
	{ 2, 2, "BLD" },
	{ 6, 6, "TR" },
	{ 7, 7, "BTS" },
	{ 8, 8, "BTINT" },
	{ 9, 9, "BTS_OFF_OS" },
	{ 10, 10, "BTS_OFF_USR" },
	{ 11, 11, "FREEZE_LBRS_ON_PMI" },
	{ 12, 12, "FREEZE_PERFMON_ON_PMI" },
	{ 13, 13, "ENABLE_UNCORE_PMI" },
	{ 14, 14, "FREEZE_WHILE_SMM" },
	{ 15, 15, "RTM_DEBUG" },
};

static const struct bit_field dr7[] = {
	{ 0, 0, "L0" },
	{ 1, 1, "G0" },
	{ 2, 2, "L1" },
	{ 3, 3, "G1" },
	{ 4, 4, "L2" },
	{ 5, 5, "G2" },
	{ 6, 6, "L3" },
	{ 7, 7, "G3" },
	{ 8, 8, "LE" },
	{ 9, 9, "GE" },
	{ 11, 11, "RTM" },
	{ 13, 13, "GD" },
	{ 16, 17, "R/W0" },
	{ 18, 19, "LEN0" },
	{ 20, 21, "R/W1" },
	{ 22, 23, "LEN1" },
	{ 24, 25, "R/W2" },
	{ 26, 27, "LEN2" },
	{ 28, 29, "R/W3" },
	{ 30, 31, "LEN3" },
};

static const struct bit_field s_cet[] = {
	{ 0, 0, "SH_STK_EN" },
	{ 1, 1, "WR_SHSTK_EN" },
	{ 2, 2, "ENDBR_EN" },
	{ 3, 3, "LEG_IW_EN" },
	{ 4, 4, "NO_TRACK_EN" },
	{ 5, 5, "SUPPRESS_DIS" },
	{ 10, 10, "SUPPRESS" },
	{ 11, 11, "TRACKER" },
	{ 12, 63, "EB_LEG_BITMAP_BASE" },
};

static const struct bit_field interruption_information[] = {
	{ 0, 7, "vector" },
	{ 8, 10, "type" },
	{ 11, 11, "deliver error code" },
	{ 31, 31, "valid" },
};

static const struct bit_field interrupt_status[] = {
	{ 0, 7, "RVI" },
	{ 8, 15, "SVI" },
};

static const struct bit_field pin_based_controls[] = {
	{ 0, 0, "external-interrupt exiting" },
	{ 3, 3, "NMI exiting" },
	{ 5, 5, "virtual NMIs" },
	{ 6, 6, "activate VMX-preemption timer" },
	{ 7, 7, "process posted interrupts" },
};

static const struct bit_field primary_controls[] = {
	{ 2, 2, "interrupt-window exiting" },
	{ 3, 3, "use TSC offsetting" },
	{ 7, 7, "HLT exiting" },
	{ 9, 9, "INVLPG exiting" },
	{ 10, 10, "MWAIT exiting" },
	{ 11, 11, "RDPMC exiting" },
	{ 12, 12, "RDTSC exiting" },
	{ 15, 15, "CR3-load exiting" },
	{ 16, 16, "CR3-store exiting" },
	{ 17, 17, "activate tertiary controls" },
	{ 19, 19, "CR8-load exiting" },
	{ 20, 20, "CR8-store exiting" },
	{ 21, 21, "use TPR shadow" },
	{ 22, 22, "NMI-window exiting" },
	{ 23, 23, "MOV-DR exiting" },
	{ 24, 24, "unconditional I/O exiting" },
	{ 25, 25, "use I/O bitmaps" },
	{ 27, 27, "monitor trap flag" },
	{ 28, 28, "use MSR bitmaps" },
	{ 29, 29, "MONITOR exiting" },
	{ 30, 30, "PAUSE exiting" },
	{ 31, 31, "activate secondary controls" },
};

static const struct bit_field secondary_controls[] = {
	{ 0, 0, "virtualize APIC accesses" },
	{ 1, 1, "enable EPT" },
	{ 2, 2, "descriptor-table exiting" },
	{ 3, 3, "enable RDTSCP" },
	{ 4, 4, "virtualize x2APIC mode" },
	{ 5, 5, "enable VPID" },
	{ 6, 6, "WBINVD exiting" },
	{ 7, 7, "unrestricted guest" },
	{ 8, 8, "APIC-register virtualization" },
	{ 9, 9, "virtual-interrupt delivery" },
	{ 10, 10, "PAUSE-loop exiting" },
	{ 11, 11, "RDRAND exiting" },
	{ 12, 12, "enable INVPCID" },
	{ 13, 13, "enable VM functions" },
	{ 14, 14, "VMCS shadowing" },
	{ 15, 15, "enable ENCLS exiting" },
	{ 16, 16, "RDSEED exiting" },
	{ 17, 17, "enable PML" },
	{ 18, 18, "EPT-violation #VE" },
	{ 19, 19, "conceal VMX from PT" },
	{ 20, 20, "enable XSAVES/XRSTORS" },
	{ 21, 21, "PASID translation" },
	{ 22, 22, "mode-based execute control for EPT" },
	{ 23, 23, "sub-page write permissions for EPT" },
	{ 24, 24, "Intel PT uses guest physical addresses" },
	{ 25, 25, "use TSC scaling" },
	{ 26, 26, "enable user wait and pause" },
	{ 27, 27, "enable PCONFIG" },
	{ 28, 28, "enable ENCLV exiting" },
	{ 30, 30, "VMM bus-lock detection" },
	{ 31, 31, "instruction timeout" },
};

static const struct bit_field exit_controls[] = {
	{ 2, 2, "save debug controls" },
	{ 9, 9, "host address-space size" },
	{ 12, 12, "load IA32_PERF_GLOBAL_CTRL" },
	{ 15, 15, "acknowledge interrupt on exit" },
	{ 18, 18, "save IA32_PAT" },
	{ 19, 19, "load IA32_PAT" },
	{ 20, 20, "save IA32_EFER" },
	{ 21, 21, "load IA32_EFER" },
	{ 22, 22, "save VMX-preemption timer value" },
	{ 23, 23, "clear IA32_BNDCFGS" },
	{ 24, 24, "conceal VMX from PT" },
	{ 25, 25, "clear IA32_RTIT_CTL" },
	{ 26, 26, "clear IA32_LBR_CTL" },
	{ 27, 27, "clear UINV" },
	{ 28, 28, "load CET state" },
	{ 29, 29, "load PKRS" },
	{ 30, 30, "save IA32_PERF_GLOBAL_CTRL" },
	{ 31, 31, "activate secondary controls" },
};

static const struct bit_field entry_controls[] = {
	{ 2, 2, "load debug controls" },
	{ 9, 9, "IA-32e mode guest" },
	{ 10, 10, "entry to SMM" },
	{ 11, 11, "deactivate dual-monitor treatment" },
	{ 13, 13, "load IA32_PERF_GLOBAL_CTRL" },
	{ 14, 14, "load IA32_PAT" },
	{ 15, 15, "load IA32_EFER" },
	{ 16, 16, "load IA32_BNDCFGS" },
	{ 17, 17, "conceal VMX from PT" },
	{ 18, 18, "load IA32_RTIT_CTL" },
	{ 19, 19, "load UINV" },
	{ 20, 20, "load CET state" },
	{ 21, 21, "load guest IA32_LBR_CTL" },
	{ 22, 22, "load PKRS" },
	{ 23, 23, "load FRED" },
	{ 24, 24, "load guest IA32_SPEC_CTRL" },
};

/* The encodings of fields of one kind follow each other at a distance of 2. */
static const struct {
	uint32_t first, last;
	const struct bit_field *bits;
	size_t count;
} registers[] = {
	{ GUEST_CR0, GUEST_CR0, cr0, COUNT(cr0) },
	{ GUEST_CR4, GUEST_CR4, cr4, COUNT(cr4) },
	{ GUEST_RFLAGS, GUEST_RFLAGS, rflags, COUNT(rflags) },
	{ GUEST_IA32_EFER, GUEST_IA32_EFER, efer, COUNT(efer) },
	{ GUEST_ES_SELECTOR, GUEST_TR_SELECTOR, selector, COUNT(selector) },
	{ GUEST_ES_ACCESS_RIGHTS, GUEST_TR_ACCESS_RIGHTS, access_rights, COUNT(access_rights) },
	{ GUEST_INTERRUPTIBILITY_STATE, GUEST_INTERRUPTIBILITY_STATE, interruptibility,
	        COUNT(interruptibility) },
	{ GUEST_PENDING_DEBUG_EXCEPTIONS, GUEST_PENDING_DEBUG_EXCEPTIONS, pending_debug_exceptions,
	        COUNT(pending_debug_exceptions) },
	{ GUEST_IA32_DEBUGCTL, GUEST_IA32_DEBUGCTL, debugctl, COUNT(debugctl) },
	{ GUEST_DR7, GUEST_DR7, dr7, COUNT(dr7) },
	{ GUEST_IA32_S_CET, GUEST_IA32_S_CET, s_cet, COUNT(s_cet) },
	{ VM_ENTRY_INTERRUPTION_INFORMATION, VM_ENTRY_INTERRUPTION_INFORMATION,
	        interruption_information, COUNT(interruption_information) },
	{ GUEST_INTERRUPT_STATUS, GUEST_INTERRUPT_STATUS, interrupt_status,
	        COUNT(interrupt_status) },
	{ PIN_BASED_VM_EXECUTION_CONTROLS, PIN_BASED_VM_EXECUTION_CONTROLS, pin_based_controls,
	        COUNT(pin_based_controls) },
	{ PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, primary_controls,
	        COUNT(primary_controls) },
	{ SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, secondary_controls,
	        COUNT(secondary_controls) },
	{ VM_EXIT_CONTROLS, VM_EXIT_CONTROLS, exit_controls, COUNT(exit_controls) },
	{ VM_ENTRY_CONTROLS, VM_ENTRY_CONTROLS, entry_controls, COUNT(entry_controls) },
};

const struct bit_field *
vmcs_bit_fields(uint32_t field, size_t *count)
{
	for (size_t i = 0; i < COUNT(registers); i++) {
		if (field < registers[i].first || field > registers[i].last || field & 1)
			continue;
		*count = registers[i].count;
		return registers[i].bits;
	}
	*count = 0;
	return NULL;
}

const char *
vmcs_field_bit_name(uint32_t field, unsigned bit)
{
	size_t count;
	const struct bit_field *bits = vmcs_bit_fields(field, &count);

	for (size_t i = 0; i < count; i++)
		if (bit >= bits[i].low && bit <= bits[i].high)
			return bits[i].name;
	return NULL;
}

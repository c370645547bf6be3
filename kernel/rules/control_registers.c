/*
 * The rules on CR0, CR3 and CR4: SDM 3C 27.3.1.1, "Checks on Guest Control Registers, Debug
 * Registers, and MSRs".
 */
#include "rules/rules.h"

#include <r33/control_registers.h>
#include <r33/vmcs_fields.h>

#define SECTION           "27.3.1.1 Checks on Guest Control Registers, Debug Registers, and MSRs"
#define ENTRY_IA32E_GUEST (1u << 9)
#define CR0_NEVER_CHECKED (CR0_NW | CR0_CD)
#define CR3_WIDTH_MAX     52

static bool
ia32e_mode_guest(const struct rule_values *values)
{
	return values->entry_controls & ENTRY_IA32E_GUEST;
}

static uint64_t
cr0_fixed0(const struct rule_values *values)
{
	uint64_t must_be_one = values->capabilities->cr0_fixed0 & ~CR0_NEVER_CHECKED;

	if (values->capabilities->unrestricted_guest)
		must_be_one &= ~(CR0_PE | CR0_PG);
	return must_be_one & ~values->cr0;
}

static uint64_t
cr0_fixed1(const struct rule_values *values)
{
	return values->cr0 & ~values->capabilities->cr0_fixed1 & ~CR0_NEVER_CHECKED;
}

static uint64_t
cr0_pg_pe(const struct rule_values *values)
{
	return (values->cr0 & (CR0_PG | CR0_PE)) == CR0_PG ? CR0_PE : 0;
}

static uint64_t
cr4_fixed0(const struct rule_values *values)
{
	return values->capabilities->cr4_fixed0 & ~values->cr4;
}

static uint64_t
cr4_fixed1(const struct rule_values *values)
{
	return values->cr4 & ~values->capabilities->cr4_fixed1;
}

static uint64_t
cr4_cet_wp(const struct rule_values *values)
{
	return (values->cr4 & CR4_CET) && !(values->cr0 & CR0_WP) ? CR4_CET : 0;
}

static uint64_t
ia32e_pg(const struct rule_values *values)
{
	return ia32e_mode_guest(values) ? CR0_PG & ~values->cr0 : 0;
}

static uint64_t
ia32e_pae(const struct rule_values *values)
{
	return ia32e_mode_guest(values) ? CR4_PAE & ~values->cr4 : 0;
}

static uint64_t
cr4_pcide_32(const struct rule_values *values)
{
	return ia32e_mode_guest(values) ? 0 : values->cr4 & CR4_PCIDE;
}

static uint64_t
cr3_maxphy(const struct rule_values *values)
{
	unsigned width = values->capabilities->physical_address_width;

	return values->cr3 & (~0ull << (width < CR3_WIDTH_MAX ? width : CR3_WIDTH_MAX));
}

const struct rule control_register_rules[] = {
	{
	        .id = "CR0-FIXED0",
	        .section = SECTION,
	        .field = GUEST_CR0,
	        .offending = cr0_fixed0,
	        .message = "bits that must be 1 in VMX operation are 0",
	        .hint = "IA32_VMX_CR0_FIXED0 lists them: NE always; PE and PG too, unless the "
	                "processor has unrestricted guest",
	},
	{
	        .id = "CR0-FIXED1",
	        .section = SECTION,
	        .field = GUEST_CR0,
	        .offending = cr0_fixed1,
	        .message = "bits that must be 0 are 1",
	        .hint = "IA32_VMX_CR0_FIXED1 has a 0 for each of them; they are mostly the upper "
	                "half",
	},
	{
	        .id = "CR0-PG-PE",
	        .section = SECTION,
	        .field = GUEST_CR0,
	        .offending = cr0_pg_pe,
	        .message = "paging is on (PG = 1) and protection is off (PE = 0)",
	        .hint = "unrestricted guest frees PE and PG from the fixed bits, but paging still "
	                "needs protected mode",
	},
	{
	        .id = "CR4-FIXED0",
	        .section = SECTION,
	        .field = GUEST_CR4,
	        .offending = cr4_fixed0,
	        .message = "bits that must be 1 in VMX operation are 0",
	        .hint = "IA32_VMX_CR4_FIXED0 lists them: VMXE, even though the guest itself never "
	                "uses VMX",
	},
	{
	        .id = "CR4-FIXED1",
	        .section = SECTION,
	        .field = GUEST_CR4,
	        .offending = cr4_fixed1,
	        .message = "bits that this processor does not have are 1",
	        .hint = "IA32_VMX_CR4_FIXED1 has a 0 for each of them; which ones differs from "
	                "processor to processor",
	},
	{
	        .id = "CR4-CET-WP",
	        .section = SECTION,
	        .field = GUEST_CR4,
	        .offending = cr4_cet_wp,
	        .message = "CET is 1 although CR0.WP is 0",
	        .hint = "shadow stacks rely on write protection: a guest with CET needs CR0.WP as "
	                "well",
	},
	{
	        .id = "IA32E-PG",
	        .section = SECTION,
	        .field = GUEST_CR0,
	        .offending = ia32e_pg,
	        .message = "the guest starts in IA-32e mode without paging (PG = 0)",
	        .hint = "IA-32e mode exists only with paging; the VM-entry control \"IA-32e mode "
	                "guest\" is 1",
	        .bochs_lets_pass = true,
	},
	{
	        .id = "IA32E-PAE",
	        .section = SECTION,
	        .field = GUEST_CR4,
	        .offending = ia32e_pae,
	        .message = "the guest starts in IA-32e mode without PAE",
	        .hint = "4-level paging is an extension of PAE paging: CR4.PAE must be 1",
	},
	{
	        .id = "CR4-PCIDE-32",
	        .section = SECTION,
	        .field = GUEST_CR4,
	        .offending = cr4_pcide_32,
	        .message = "PCIDE is 1 in a guest that is not in IA-32e mode",
	        .hint = "process-context identifiers exist in IA-32e mode only",
	},
	{
	        .id = "CR3-MAXPHY",
	        .section = SECTION,
	        .field = GUEST_CR3,
	        .offending = cr3_maxphy,
	        .message = "the address has bits beyond the physical-address width",
	        .hint = "CPUID leaf 80000008h, EAX[7:0], tells the width (MAXPHYADDR)",
	},
};
const size_t control_register_rule_count =
        sizeof control_register_rules / sizeof control_register_rules[0];

static const char *const cr0_bits[64] = {
	[0] = "PE",
	[1] = "MP",
	[2] = "EM",
	[3] = "TS",
	[4] = "ET",
	[5] = "NE",
	[16] = "WP",
	[18] = "AM",
	[29] = "NW",
	[30] = "CD",
	[31] = "PG",
};
static const char *const cr4_bits[64] = {
	[0] = "VME",
	[1] = "PVI",
	[2] = "TSD",
	[3] = "DE",
	[4] = "PSE",
	[5] = "PAE",
	[6] = "MCE",
	[7] = "PGE",
	[8] = "PCE",
	[9] = "OSFXSR",
	[10] = "OSXMMEXCPT",
	[11] = "UMIP",
	[12] = "LA57",
	[13] = "VMXE",
	[14] = "SMXE",
	[16] = "FSGSBASE",
	[17] = "PCIDE",
	[18] = "OSXSAVE",
	[20] = "SMEP",
	[21] = "SMAP",
	[22] = "PKE",
	[23] = "CET",
	[24] = "PKS",
};

const char *
control_register_bit_name(uint32_t field, unsigned bit)
{
	if (bit > 63)
		return NULL;
	return field == GUEST_CR0 ? cr0_bits[bit] : field == GUEST_CR4 ? cr4_bits[bit] : NULL;
}

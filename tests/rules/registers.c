/* Cases for control registers, debug registers and MSRs, RIP, RFLAGS and SSP. */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/rflags.h>

#include "rule_case.h"

#define PRIMARY PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS

#define HIGHEST_POSITIVE (BIT(47) - 1)
#define LOWEST_NEGATIVE  0xffff800000000000ull

/* The first address bit that the processor lacks, and the last that it has. */
static void
address_width(struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities)
{
	unsigned width = capabilities->physical_address_width;

	vmcs_set(broken, GUEST_CR3, BIT(width));
	vmcs_set(twin, GUEST_CR3, BIT(width - 1));
}

/* Every bit that the processor has. */
static void
all_cr4_bits(struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities)
{
	(void)broken;
	vmcs_set(twin, GUEST_CR4, capabilities->cr4_fixed1);
}

/* All but those that only IA-32e mode has. */
static void
all_cr4_bits_outside_ia32e_mode(
        struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities)
{
	(void)broken;
	vmcs_set(twin, GUEST_CR4, capabilities->cr4_fixed1 & ~(CR4_PCIDE | CR4_FRED));
}

#define PAT_CASES(byte) \
	{ "PAT-BYTE" #byte, "64-bit", \
		{ REPLACE(GUEST_IA32_PAT, 0xffull << (8 * (byte)), 2ull << (8 * (byte))) }, \
		{ REPLACE(GUEST_IA32_PAT, 0xffull << (8 * (byte)), 7ull << (8 * (byte))) } }, \
	        { "PAT-BYTE" #byte, "64-bit", \
		        { REPLACE( \
		                GUEST_IA32_PAT, 0xffull << (8 * (byte)), 8ull << (8 * (byte))) }, \
		        { REPLACE( \
		                GUEST_IA32_PAT, 0xffull << (8 * (byte)), 2ull << (8 * (byte))) }, \
		        "unloaded" }

/* A case a line. */
/* clang-format off */
static const struct rule_case cases[] = {
	{ "CR0-FIXED0", "64-bit", { CLEAR(GUEST_CR0, CR0_NE) }, { { 0 } } },
	{ "CR0-FIXED0", "pae-without-ept", { CLEAR(GUEST_CR0, CR0_PG) }, { { 0 } } },
	{ "CR0-FIXED0", "restricted", { CLEAR(GUEST_CR0, CR0_NE) }, { { 0 } } },
	{ "CR0-FIXED1", "64-bit", { BITS(GUEST_CR0, BIT(32)) }, { BITS(GUEST_CR0, CR0_NW | BIT(6)) } },
	{ "CR0-FIXED1", "64-bit", { BITS(GUEST_CR0, BIT(63)) }, { BITS(GUEST_CR0, CR0_CD | CR0_NW) } },
	{ "CR0-PG-PE", "32-bit", { CLEAR(GUEST_CR0, CR0_PE) }, { CLEAR(GUEST_CR0, CR0_PE | CR0_PG) } },
	{ "CR4-FIXED0", "64-bit", { CLEAR(GUEST_CR4, CR4_VMXE) }, { { 0 } } },
	{ "CR4-FIXED1", "64-bit", { BITS(GUEST_CR4, BIT(31)) }, { { 0 } }, NULL, all_cr4_bits },
	{ "CR4-FIXED1", "pae", { BITS(GUEST_CR4, BIT(31)) }, { { 0 } }, NULL, all_cr4_bits_outside_ia32e_mode },
	{ "CR4-FIXED1", "64-bit", { BITS(GUEST_CR4, BIT(15)) }, { BITS(GUEST_CR4, CR4_SMXE) } },
	{ "CR4-FIXED1", "64-bit", { BITS(GUEST_CR4, BIT(63)) }, { BITS(GUEST_CR4, CR4_VME) } },
	{ "CR4-CET-WP", "64-bit", { BITS(GUEST_CR4, CR4_CET), CLEAR(GUEST_CR0, CR0_WP) }, { BITS(GUEST_CR4, CR4_CET) } },
	{ "IA32E-PG", "64-bit", { CLEAR(GUEST_CR0, CR0_PG) }, { { 0 } } },
	{ "IA32E-PAE", "64-bit", { CLEAR(GUEST_CR4, CR4_PAE) }, { CLEAR(GUEST_CR4, CR4_PAE) }, "32-bit" },
	{ "CR4-PCIDE-32", "pae", { BITS(GUEST_CR4, CR4_PCIDE) }, { BITS(GUEST_CR4, CR4_PCIDE) }, "64-bit" },
	{ "CR3-MAXPHY", "64-bit", { BITS(GUEST_CR3, 0) }, { { 0 } }, NULL, address_width },
	{ "CR3-MAXPHY", "64-bit", { BITS(GUEST_CR3, BIT(52)) }, { BITS(GUEST_CR3, 0xfff) } },
	{ "CR3-MAXPHY", "64-bit", { BITS(GUEST_CR3, BIT(63)) }, { { 0 } } },
	{ "DEBUGCTL-RSVD", "64-bit", { SET(GUEST_IA32_DEBUGCTL, BIT(40)) }, { SET(GUEST_IA32_DEBUGCTL, BIT(1)) } },
	{ "DEBUGCTL-RSVD", "64-bit", { SET(GUEST_IA32_DEBUGCTL, BIT(3)) }, { SET(GUEST_IA32_DEBUGCTL, BIT(40)) }, "unloaded" },
	{ "DR7-HI", "64-bit", { BITS(GUEST_DR7, BIT(32)) }, { SET(GUEST_DR7, 0) } },
	{ "DR7-HI", "64-bit", { BITS(GUEST_DR7, BIT(63)) }, { BITS(GUEST_DR7, BIT(63)) }, "unloaded" },
	{ "SYSENTER-ESP-CANON", "64-bit", { ADDRESS(GUEST_IA32_SYSENTER_ESP, BIT(47)) }, { ADDRESS(GUEST_IA32_SYSENTER_ESP, HIGHEST_POSITIVE) } },
	{ "SYSENTER-ESP-CANON", "32-bit", { SET(GUEST_IA32_SYSENTER_ESP, BIT(63)) }, { ADDRESS(GUEST_IA32_SYSENTER_ESP, LOWEST_NEGATIVE) } },
	{ "SYSENTER-EIP-CANON", "64-bit", { ADDRESS(GUEST_IA32_SYSENTER_EIP, BIT(47)) }, { ADDRESS(GUEST_IA32_SYSENTER_EIP, HIGHEST_POSITIVE) } },
	{ "SYSENTER-EIP-CANON", "32-bit", { SET(GUEST_IA32_SYSENTER_EIP, BIT(63)) }, { ADDRESS(GUEST_IA32_SYSENTER_EIP, LOWEST_NEGATIVE) } },
	{ "PERF-GLOBAL-RSVD", "64-bit", { BITS(VM_ENTRY_CONTROLS, VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL), SET(GUEST_IA32_PERF_GLOBAL_CTRL, BIT(63)) },
		{ BITS(VM_ENTRY_CONTROLS, VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL) } },
	PAT_CASES(0), PAT_CASES(1), PAT_CASES(2), PAT_CASES(3), PAT_CASES(4), PAT_CASES(5), PAT_CASES(6), PAT_CASES(7),
	{ "EFER-RSVD", "64-bit", { BITS(GUEST_IA32_EFER, BIT(9)) }, { BITS(GUEST_IA32_EFER, EFER_SCE) } },
	{ "EFER-RSVD", "64-bit", { BITS(GUEST_IA32_EFER, BIT(12)) }, { BITS(GUEST_IA32_EFER, EFER_NXE) } },
	{ "EFER-RSVD", "64-bit", { BITS(GUEST_IA32_EFER, BIT(63)) }, { BITS(GUEST_IA32_EFER, BIT(63)) }, "unloaded" },
	{ "EFER-LMA-CTL", "64-bit", { CLEAR(GUEST_IA32_EFER, EFER_LMA | EFER_LME) }, { { 0 } } },
	{ "EFER-LMA-CTL", "pae", { BITS(GUEST_IA32_EFER, EFER_LMA | EFER_LME) }, { { 0 } } },
	{ "EFER-LMA-LME", "64-bit", { CLEAR(GUEST_IA32_EFER, EFER_LME) }, { { 0 } } },
	{ "EFER-LMA-LME", "32-bit", { BITS(GUEST_IA32_EFER, EFER_LME) }, { BITS(GUEST_IA32_EFER, EFER_LME) }, "unpaged" },
	{ "SCET-RSVD", "cet", { BITS(GUEST_IA32_S_CET, BIT(6)) }, { BITS(GUEST_IA32_S_CET, 0x3f) } },
	{ "SCET-RSVD", "cet", { BITS(GUEST_IA32_S_CET, BIT(9)) }, { BITS(GUEST_IA32_S_CET, BIT(9)) }, "64-bit" },
	{ "SCET-SUPPRESS-TRACKER", "cet", { BITS(GUEST_IA32_S_CET, 3 << 10) }, { BITS(GUEST_IA32_S_CET, BIT(10)) } },
	{ "SCET-SUPPRESS-TRACKER", "cet", { BITS(GUEST_IA32_S_CET, 3 << 10) }, { BITS(GUEST_IA32_S_CET, BIT(11)) } },
	{ "SCET-CANON", "cet", { ADDRESS_BITS(GUEST_IA32_S_CET, BIT(47)) }, { ADDRESS_BITS(GUEST_IA32_S_CET, BIT(46)) } },
	{ "SCET-CANON", "cet-32-bit", { BITS(GUEST_IA32_S_CET, BIT(63)) }, { BITS(GUEST_IA32_S_CET, BIT(32)) } },
	{ "ISST-CANON", "cet", { ADDRESS(GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR, BIT(47)) }, { ADDRESS(GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR, HIGHEST_POSITIVE) } },
	{ "PKRS-HI", "pkrs", { BITS(GUEST_IA32_PKRS, BIT(32)) }, { SET(GUEST_IA32_PKRS, 0xfffffffc) } },
	{ "PKRS-HI", "pkrs", { BITS(GUEST_IA32_PKRS, BIT(63)) }, { BITS(GUEST_IA32_PKRS, BIT(63)) }, "64-bit" },
	{ "UINV-HI", "uinv", { BITS(GUEST_UINV, BIT(8)) }, { SET(GUEST_UINV, 0xff) } },
	{ "UINV-HI", "uinv", { BITS(GUEST_UINV, BIT(15)) }, { BITS(GUEST_UINV, BIT(15)) }, "64-bit" },
	{ "RIP-HI-32", "pae", { SET(GUEST_RIP, BIT(32)) }, { SET(GUEST_RIP, 0xffffffff) } },
	{ "RIP-HI-32", "compatibility", { SET(GUEST_RIP, BIT(63)) }, { SET(GUEST_RIP, 0xffffffff) } },
	{ "RIP-HI-64", "64-bit", { ADDRESS(GUEST_RIP, BIT(48)) }, { ADDRESS(GUEST_RIP, BIT(47)) } },
	{ "RIP-HI-64", "64-bit", { SET(GUEST_RIP, BIT(63)) }, { ADDRESS(GUEST_RIP, LOWEST_NEGATIVE) } },
	{ "RFL-RSVD", "64-bit", { BITS(GUEST_RFLAGS, BIT(3)) }, { BITS(GUEST_RFLAGS, 0x3c4cd7) } },
	{ "RFL-RSVD", "64-bit", { BITS(GUEST_RFLAGS, BIT(5)) }, { { 0 } } },
	{ "RFL-RSVD", "64-bit", { BITS(GUEST_RFLAGS, BIT(15)) }, { { 0 } } },
	{ "RFL-RSVD", "64-bit", { BITS(GUEST_RFLAGS, BIT(22)) }, { BITS(GUEST_RFLAGS, BIT(21)) } },
	{ "RFL-RSVD", "64-bit", { BITS(GUEST_RFLAGS, BIT(63)) }, { { 0 } } },
	{ "RFL-BIT1", "64-bit", { CLEAR(GUEST_RFLAGS, BIT(1)) }, { { 0 } } },
	{ "RFL-VM-IA32E", "virtual-8086", { BITS(VM_ENTRY_CONTROLS, VM_ENTRY_IA32E_MODE_GUEST), SET(GUEST_IA32_EFER, EFER_LMA | EFER_LME), BITS(GUEST_CR4, CR4_PAE) },
		{ { 0 } } },
	{ "RFL-VM-PE0", "virtual-8086", { CLEAR(GUEST_CR0, CR0_PE | CR0_PG) }, { { 0 } } },
	{ "RFL-IF-EXTINT", "interrupt", { CLEAR(GUEST_RFLAGS, RFLAGS_IF) }, { { 0 } } },
	{ "SSP-ALIGN", "cet", { BITS(GUEST_SSP, 1) }, { BITS(GUEST_SSP, 4) } },
	{ "SSP-ALIGN", "cet", { BITS(GUEST_SSP, 2) }, { BITS(GUEST_SSP, 1) }, "64-bit" },
	{ "SSP-HI", "cet", { ADDRESS(GUEST_SSP, BIT(48)) }, { ADDRESS(GUEST_SSP, BIT(46)) } },
	{ "SSP-HI", "cet", { SET(GUEST_SSP, BIT(63)) }, { ADDRESS(GUEST_SSP, BIT(47)) } },
};
/* clang-format on */

const struct rule_case_group register_cases = CASE_GROUP(cases);

/* Cases for what VM entry reads in memory: the linked VMCS, PDPTEs, the MSR-load area. */
#include <r33/msr.h>
#include <r33/paging.h>

#include "rule_case.h"

#define LINK VMCS_LINK_POINTER

/* Bit MAXPHYADDR: the first address bit that the processor lacks. */
static uint64_t
first_missing(const struct capabilities *capabilities)
{
	return BIT(capabilities->physical_address_width);
}

static void
link_width(struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities)
{
	(void)twin;
	vmcs_set(broken, LINK, first_missing(capabilities));
}

static void
pdpte_width(struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities)
{
	vmcs_set(broken, GUEST_PDPTE1, first_missing(capabilities) | PDPTE_PRESENT);
	vmcs_set(twin, GUEST_PDPTE1, first_missing(capabilities));
}

static void
pdpte_memory_width(struct vmcs *broken, struct vmcs *twin, const struct capabilities *capabilities)
{
	vmcs_set_memory(broken, BASE_CR3 + 8, first_missing(capabilities) | PDPTE_PRESENT);
	vmcs_set_memory(twin, BASE_CR3 + 8, first_missing(capabilities));
}

/* A case a line. */
/* clang-format off */
#define PDPTE_CASES(number) \
	{ "PDPTE-VMCS-2-1", "pae-ept", { SET(GUEST_PDPTE##number, PDPTE_PRESENT | BIT(1)) }, { SET(GUEST_PDPTE##number, BIT(1)) } }, \
	{ "PDPTE-VMCS-8-5", "pae-ept", { SET(GUEST_PDPTE##number, PDPTE_PRESENT | BIT(8)) }, { SET(GUEST_PDPTE##number, PDPTE_PRESENT | 0x18) } }, \
	{ "PDPTE-VMCS-63-52", "pae-ept", { SET(GUEST_PDPTE##number, PDPTE_PRESENT | BIT(63)) }, { SET(GUEST_PDPTE##number, PDPTE_PRESENT | 0xe00) } }, \
	{ "PDPTE-MEM-2-1", "pae-without-ept", { SET(MEMORY(BASE_CR3 + 8 * number), PDPTE_PRESENT | BIT(2)) }, { SET(MEMORY(BASE_CR3 + 8 * number), BIT(2)) } }, \
	{ "PDPTE-MEM-8-5", "pae-without-ept", { SET(MEMORY(BASE_CR3 + 8 * number), PDPTE_PRESENT | BIT(5)) }, { SET(MEMORY(BASE_CR3 + 8 * number), PDPTE_PRESENT | 0x18) } }, \
	{ "PDPTE-MEM-63-52", "pae-without-ept", { SET(MEMORY(BASE_CR3 + 8 * number), PDPTE_PRESENT | BIT(52)) }, { SET(MEMORY(BASE_CR3 + 8 * number), BIT(52)) } }
#define FIRST_MSR   MEMORY(BASE_MSR_LOAD)
#define FIRST_VALUE MEMORY(BASE_MSR_LOAD + 8)
#define SECOND_MSR  MEMORY(BASE_MSR_LOAD + 16)

static const struct rule_case cases[] = {
	{ "LINK-ALIGN", "linked", { BITS(LINK, 8) }, { { 0 } } },
	{ "LINK-ALIGN", "linked", { BITS(LINK, 0x800) }, { { 0 } } },
	{ "LINK-MAXPHY", "linked", { BITS(LINK, 0) }, { { 0 } }, NULL, link_width },
	{ "LINK-MAXPHY", "linked", { BITS(LINK, BIT(63)) }, { SET(LINK, ~0ull) } },
	{ "LINK-REVISION", "linked", { SET(LINK, BASE_OTHER) }, { { 0 } } },
	{ "LINK-SHADOW-SET", "shadowing", { SET(LINK, BASE_LINKED) }, { { 0 } } },
	{ "LINK-SHADOW-CLR", "linked", { SET(LINK, BASE_SHADOW) }, { { 0 } } },
	{ "LINK-CURRENT", "linked", { SET(LINK, BATCH_VMCS) }, { { 0 } } },
	PDPTE_CASES(0), PDPTE_CASES(1), PDPTE_CASES(2), PDPTE_CASES(3),
	{ "PDPTE-VMCS-MAXPHY", "pae-ept", { BITS(GUEST_PDPTE1, 0) }, { { 0 } }, NULL, pdpte_width },
	{ "PDPTE-VMCS-2-1", "pae-ept", { SET(GUEST_PDPTE0, PDPTE_PRESENT | BIT(1)) }, { SET(GUEST_PDPTE0, PDPTE_PRESENT | BIT(1)) }, "64-bit" },
	{ "PDPTE-MEM-MAXPHY", "pae-without-ept", { BITS(MEMORY(BASE_CR3 + 8), 0) }, { { 0 } }, NULL, pdpte_memory_width },
	{ "MSRL-FSGS-BASE", "msr-load", { SET(FIRST_MSR, 0xc0000100) }, { SET(FIRST_MSR, 0xc0000102) } },
	{ "MSRL-FSGS-BASE", "msr-load", { SET(SECOND_MSR, 0xc0000101) }, { { 0 } } },
	{ "MSRL-SMM-ONLY", "msr-load", { SET(FIRST_MSR, 0x9b), SET(FIRST_VALUE, 0) }, { { 0 } } },
	{ "MSRL-MODEL-SPECIFIC", "msr-load", { SET(FIRST_MSR, 0x79), SET(FIRST_VALUE, 0) }, { { 0 } } },
	{ "MSRL-COUNT", "msr-load", { SET(VM_ENTRY_MSR_LOAD_COUNT, 513) }, { SET(VM_ENTRY_MSR_LOAD_COUNT, 512) } },
	{ "MSRL-RSVD", "msr-load", { BITS(FIRST_MSR, BIT(32)) }, { { 0 } } },
	{ "MSRL-RSVD", "msr-load", { BITS(SECOND_MSR, BIT(63)) }, { { 0 } } },
	{ "MSRL-WRMSR-GP", "msr-load", { SET(FIRST_MSR, IA32_PAT), SET(FIRST_VALUE, 2) }, { SET(FIRST_MSR, IA32_PAT), SET(FIRST_VALUE, 0x0007040600070406) } },
	{ "MSRL-WRMSR-GP", "msr-load", { SET(FIRST_MSR, 0xc0000102), ADDRESS(FIRST_VALUE, BIT(47)) }, { SET(FIRST_MSR, 0xc0000102), ADDRESS(FIRST_VALUE, BIT(46)) } },
	{ "MSRL-WRMSR-GP", "msr-load", { SET(FIRST_MSR, IA32_VMX_BASIC), SET(FIRST_VALUE, 0) }, { { 0 } } },
	{ "MSRL-WRMSR-GP", "msr-load", { SET(FIRST_MSR, 0x80b), SET(FIRST_VALUE, 0) }, { { 0 } } },
};
/* clang-format on */

const struct rule_case_group memory_cases = CASE_GROUP(cases);

/* What a capability file tells, and what any processor allows where it tells nothing. */
#include "caps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <r33/control_registers.h>
#include <r33/cpuid.h>
#include <r33/msr.h>

#include "base/file.h"
#include "base/util.h"
#include "rules/terms.h"

enum {
	EXTENDED_LEAVES = 0x80000000,
	NARROWEST_PHYSICAL = 32,
	WIDEST_PHYSICAL = 52,
	NARROWEST_LINEAR = 32,
	WIDEST_LINEAR = 57,
};

/* The index in capability_msrs[], or -1. */
int
caps_msr_index(uint32_t number)
{
	for (unsigned i = 0; i < capability_msr_count && i < CAPS_MSRS; i++) {
		if (capability_msrs[i] == number)
			return (int)i;
	}
	return -1;
}

/* The index in capability_leaves[], or -1. */
int
caps_leaf_index(uint32_t leaf, uint32_t subleaf)
{
	for (unsigned i = 0; i < capability_leaf_count && i < CAPS_LEAVES; i++) {
		if (capability_leaves[i].leaf == leaf && capability_leaves[i].subleaf == subleaf)
			return (int)i;
	}
	return -1;
}

static bool
read_msr(void *context, uint32_t number, uint64_t *value)
{
	const struct caps *caps = context;
	int index = caps_msr_index(number);

	if (index < 0 || !caps->msr_known[index])
		return false;
	*value = caps->msrs[index];
	return true;
}

static void
read_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
	const struct caps *caps = context;
	int index = caps_leaf_index(leaf, subleaf);

	memset(registers, 0, 4 * sizeof(registers[0]));
	if (index >= 0 && caps->leaf_known[index])
		memcpy(registers, caps->leaves[index], sizeof(caps->leaves[index]));
}

static bool
has_msr(const struct caps *caps, uint32_t number)
{
	int index = caps_msr_index(number);

	return index >= 0 && caps->msr_known[index];
}

static bool
has_leaf(const struct caps *caps, uint32_t leaf, uint32_t subleaf)
{
	int index = caps_leaf_index(leaf, subleaf);

	return index >= 0 && caps->leaf_known[index];
}

/* The MSRs with the allowed settings: the TRUE ones where there are some. */
static bool
has_controls(const struct caps *caps)
{
	uint64_t basic = 0;
	uint32_t distance;

	if (!read_msr((void *)caps, IA32_VMX_BASIC, &basic))
		return false;
	distance = basic >> 55 & 1 ? IA32_VMX_TRUE_PINBASED_CTLS - IA32_VMX_PINBASED_CTLS : 0;
	for (uint32_t number = IA32_VMX_PINBASED_CTLS; number <= IA32_VMX_ENTRY_CTLS; number++) {
		if (!has_msr(caps, number + distance))
			return false;
	}
	return (caps->capabilities.primary.may_be_one >> 31 == 0 ||
	               has_msr(caps, IA32_VMX_PROCBASED_CTLS2)) &&
	       ((caps->capabilities.primary.may_be_one >> 17 & 1) == 0 ||
	               has_msr(caps, IA32_VMX_PROCBASED_CTLS3));
}

/* Without EPT and VPID there is no MSR that could be missing. */
static bool
has_ept(const struct caps *caps)
{
	uint32_t ept_or_vpid = 1u << 1 | 1u << 5;

	return has_msr(caps, IA32_VMX_EPT_VPID_CAP) ||
	       (has_controls(caps) && !(caps->capabilities.secondary.may_be_one & ept_or_vpid));
}

/* Which capabilities the file tells. */
static void
find_known(struct caps *caps)
{
	const bool known[CAPABILITY_COUNT] = {
		[NEEDS_CR0_FIXED] =
		        has_msr(caps, IA32_VMX_CR0_FIXED0) && has_msr(caps, IA32_VMX_CR0_FIXED1),
		[NEEDS_CR4_FIXED] =
		        has_msr(caps, IA32_VMX_CR4_FIXED0) && has_msr(caps, IA32_VMX_CR4_FIXED1),
		[NEEDS_PHYSICAL_ADDRESS_WIDTH] = has_leaf(caps, CPUID_ADDRESS_WIDTHS, 0),
		[NEEDS_LINEAR_ADDRESS_WIDTH] = has_leaf(caps, CPUID_ADDRESS_WIDTHS, 0),
		[NEEDS_REVISION] = has_msr(caps, IA32_VMX_BASIC),
		[NEEDS_MISC] = has_msr(caps, IA32_VMX_MISC),
		[NEEDS_CONTROLS] = has_controls(caps),
		[NEEDS_EPT] = has_ept(caps),
		[NEEDS_MSR_BITS] = has_leaf(caps, 7, 0) && has_leaf(caps, 10, 0) &&
		                   has_leaf(caps, EXTENDED_LEAVES + 1u, 0),
		[NEEDS_EXTENSIONS] =
		        has_leaf(caps, 1, 0) && has_leaf(caps, 7, 0) && has_leaf(caps, 7, 1),
	};

	caps->known = 0;
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		caps->known |= known[i] ? 1u << i : 0;
}

/* What every processor with VMX and Intel 64 has: what holds for this one holds for all. */
static const struct capabilities least_processor = {
	.cr0_fixed0 = CR0_PE | CR0_NE | CR0_PG,
	.cr0_fixed1 = 0xffffffff,
	.cr4_fixed0 = CR4_VMXE,
	.cr4_fixed1 = CR4_VMXE | 0x7ff, /* VME to OSXMMEXCPT */
	.physical_address_width = 36,
	.linear_address_width = 48,
	.debugctl_bits = 0x7fc3, /* LBR and BTF, TR to FREEZE_WHILE_SMM */
	.efer_bits = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE,
	.perf_global_ctrl_bits = 0x700000003, /* two general counters, three fixed ones */
	/* Which controls exist cannot be guessed: only those count that every processor demands. */
	.pin_based = { 0x16, UINT32_MAX },
	.primary = { 0x04006172, UINT32_MAX },
	.secondary = { 0, UINT32_MAX },
	.tertiary_may_be_one = UINT64_MAX,
	.exit = { 0x36dfb, UINT32_MAX },
	.entry = { 0x11fb, UINT32_MAX },
	.ept_vpid = UINT64_MAX,
	.ept = true,
};

/* Copy what one or several capabilities are about. */
static void
copy_capabilities(struct capabilities *to, const struct capabilities *from, uint32_t which)
{
	if (which & 1u << NEEDS_CR0_FIXED) {
		to->cr0_fixed0 = from->cr0_fixed0;
		to->cr0_fixed1 = from->cr0_fixed1;
	}
	if (which & 1u << NEEDS_CR4_FIXED) {
		to->cr4_fixed0 = from->cr4_fixed0;
		to->cr4_fixed1 = from->cr4_fixed1;
	}
	if (which & 1u << NEEDS_PHYSICAL_ADDRESS_WIDTH)
		to->physical_address_width = from->physical_address_width;
	if (which & 1u << NEEDS_LINEAR_ADDRESS_WIDTH)
		to->linear_address_width = from->linear_address_width;
	if (which & 1u << NEEDS_REVISION)
		to->vmx_basic = from->vmx_basic;
	if (which & 1u << NEEDS_MISC)
		to->vmx_misc = from->vmx_misc;
	if (which & 1u << NEEDS_CONTROLS) {
		to->pin_based = from->pin_based;
		to->primary = from->primary;
		to->secondary = from->secondary;
		to->tertiary_may_be_one = from->tertiary_may_be_one;
		to->exit = from->exit;
		to->entry = from->entry;
		to->ept = from->ept;
		to->unrestricted_guest = from->unrestricted_guest;
		to->preemption_timer = from->preemption_timer;
	}
	if (which & 1u << NEEDS_EPT)
		to->ept_vpid = from->ept_vpid;
	if (which & 1u << NEEDS_MSR_BITS) {
		to->debugctl_bits = from->debugctl_bits;
		to->efer_bits = from->efer_bits;
		to->perf_global_ctrl_bits = from->perf_global_ctrl_bits;
	}
	if (which & 1u << NEEDS_EXTENSIONS) {
		to->sgx = from->sgx;
		to->rtm = from->rtm;
		to->bus_lock_detection = from->bus_lock_detection;
		to->linear_address_masking = from->linear_address_masking;
		to->x2apic = from->x2apic;
	}
}

/* Put the most lenient values where the file tells nothing, and the strictest beside them. */
static void
fill_unknown(struct caps *caps)
{
	copy_capabilities(&caps->capabilities, &any_processor, ~caps->known);
	if (!has_msr(caps, IA32_APIC_BASE))
		caps->capabilities.x2apic_mode = any_processor.x2apic_mode;
	caps->least = caps->capabilities;
	copy_capabilities(&caps->least, &least_processor, ~caps->known);
}

void
caps_of_any_processor(struct caps *caps)
{
	memset(caps, 0, sizeof(*caps));
	caps->capabilities = any_processor;
	caps->least = any_processor;
	copy_capabilities(&caps->least, &least_processor, ~0u);
}

/* What is wrong with values that no processor can have, or NULL. */
static const char *
impossible(const struct caps *caps)
{
	const struct capabilities *own = &caps->capabilities;

	if (caps->known & 1u << NEEDS_PHYSICAL_ADDRESS_WIDTH &&
	        (own->physical_address_width < NARROWEST_PHYSICAL ||
	                own->physical_address_width > WIDEST_PHYSICAL ||
	                own->linear_address_width < NARROWEST_LINEAR ||
	                own->linear_address_width > WIDEST_LINEAR))
		return "CPUID[0x80000008,0] has no valid address widths: bits 7:0 of EAX are the "
		       "physical width (32 to 52), bits 15:8 the linear width (32 to 57)";
	if (caps->known & 1u << NEEDS_CR0_FIXED && own->cr0_fixed0 & ~own->cr0_fixed1)
		return "IA32_VMX_CR0_FIXED0 has bits that IA32_VMX_CR0_FIXED1 lacks";
	if (caps->known & 1u << NEEDS_CR4_FIXED && own->cr4_fixed0 & ~own->cr4_fixed1)
		return "IA32_VMX_CR4_FIXED0 has bits that IA32_VMX_CR4_FIXED1 lacks";
	return NULL;
}

char *
caps_derive(struct caps *caps)
{
	const struct capability_source source = { read_msr, read_cpuid, caps };
	const char *problem;

	capabilities_derive(&caps->capabilities, &source);
	find_known(caps);
	fill_unknown(caps);
	problem = impossible(caps);
	return problem ? copy_string(problem) : NULL;
}

/* What is missing for each capability. */
static const char *const missing_texts[CAPABILITY_COUNT] = {
	[NEEDS_CR0_FIXED] = "IA32_VMX_CR0_FIXED0, IA32_VMX_CR0_FIXED1",
	[NEEDS_CR4_FIXED] = "IA32_VMX_CR4_FIXED0, IA32_VMX_CR4_FIXED1",
	[NEEDS_PHYSICAL_ADDRESS_WIDTH] = "CPUID[0x80000008,0]",
	[NEEDS_REVISION] = "IA32_VMX_BASIC",
	[NEEDS_MISC] = "IA32_VMX_MISC",
	[NEEDS_CONTROLS] =
	        "the allowed settings of the controls (IA32_VMX_PINBASED_CTLS and so on)",
	[NEEDS_EPT] = "IA32_VMX_EPT_VPID_CAP",
	[NEEDS_MSR_BITS] = "CPUID[7,0], CPUID[10,0], CPUID[0x80000001,0]",
	[NEEDS_EXTENSIONS] = "CPUID[1,0], CPUID[7,0], CPUID[7,1]",
};

char *
caps_missing(const struct caps *caps)
{
	char *list = NULL;

	for (unsigned i = 0; i < CAPABILITY_COUNT; i++) {
		char *longer;

		if (caps->known >> i & 1 || !missing_texts[i])
			continue;
		longer = new_string("%s%s%s", list ? list : "", list ? ", " : "", missing_texts[i]);
		free(list);
		list = longer;
	}
	return list;
}

void
caps_free(struct caps *caps)
{
	free(caps->name);
	caps->name = NULL;
}

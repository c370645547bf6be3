/*
 * The processors that the tests of the rules judge for: see rules_models.h.  Bochs' are derived from
 * their capability MSRs as a guest of Bochs 2.7 or 3.0 reads them, for instance with `r33 caps`.
 */
#include "rules_models.h"

#include <r33/array.h>
#include <r33/cpuid.h>
#include <r33/msr.h>

const char *const model_names[MODELS] = { "penryn", "lynnfield", "arrandale", "haswell",
	"skylake_x", "icelake_u", "tigerlake", "sapphire_rapids", "arrow_lake", "any", "newest",
	"narrow" };
struct capabilities models[MODELS];

/* The MSRs in which Bochs' models differ; upper halves of the control MSRs. */
struct model_msrs {
	uint64_t basic, misc, cr4_fixed1, ept_vpid;
	uint32_t pin, primary, exit, entry, secondary;
	uint8_t linear_address_width; /* 0: 48 */
	uint64_t tertiary;
};

static const struct model_msrs model_msrs[BOCHS_MODELS] = {
	[PENRYN] = { 0xd810000000002b, 0x401e0, 0x467ff, 0, 0x3f, 0xf7f9fffe, 0x3ffff, 0x3fff,
	        0x41 },
	[LYNNFIELD] = { 0xd810000000002b, 0x401e0, 0x67ff, 0xf0106114141, 0x7f, 0xf7f9fffe,
	        0x7fffff, 0xffff, 0x7f },
	[ARRANDALE] = { 0xd810000000002b, 0x401e0, 0x67ff, 0xf0106114141, 0x7f, 0xf7f9fffe,
	        0x7fffff, 0xffff, 0xff },
	[HASWELL] = { 0xd810000000002b, 0x200401e0, 0x1727ff, 0xf0106334141, 0x7f, 0xf7f9fffe,
	        0x7fffff, 0xffff, 0x47fff },
	[SKYLAKE_X] = { 0xd810000000002b, 0x600401e0, 0x3727ff, 0xf0106334141, 0x7f, 0xf7f9fffe,
	        0x7fffff, 0xffff, 0x2177fff },
	[ICELAKE_U] = { 0xd8100000000004, 0x600401e0, 0x772fff, 0xf0106334141, 0x7f, 0xfff9fffe,
	        0x7fffff, 0xffff, 0x2977fff },
	[TIGERLAKE] = { 0x1d8100000000004, 0x600401e0, 0xf72fff, 0xf0106b34141, 0x7f, 0xfff9fffe,
	        0x107fffff, 0x10ffff, 0x2977fff },
	[SAPPHIRE_RAPIDS] = { 0x1d8100000000004, 0x600401e0, 0x3f73fff, 0xf0106f34141, 0xff,
	        0xfffbfffe, 0xf87fffff, 0x58ffff, 0x6d77fff, 57, 0x80 },
	[ARROW_LAKE] = { 0x1d8100000000004, 0x600401e0, 0xbf72fff, 0xf0106f34141, 0xff, 0xfffbfffe,
	        0xf87fffff, 0x58ffff, 0x6d77fff, 48, 0x80 },
};

enum bochs_version
model_version(unsigned model)
{
	return model == SAPPHIRE_RAPIDS || model == ARROW_LAKE ? BOCHS_3_0 : BOCHS_2_7;
}

static bool
read_msr(void *context, uint32_t msr, uint64_t *value)
{
	const struct model_msrs *model = context;
	const struct {
		uint32_t msr, high, low;
	} halves[] = {
		{ IA32_APIC_BASE, 0, 0xfee00900 },
		{ IA32_VMX_PINBASED_CTLS, model->pin, 0x16 },
		{ IA32_VMX_TRUE_PINBASED_CTLS, model->pin, 0x16 },
		{ IA32_VMX_PROCBASED_CTLS, model->primary, 0x0401e172 },
		{ IA32_VMX_TRUE_PROCBASED_CTLS, model->primary, 0x04006172 },
		{ IA32_VMX_EXIT_CTLS, model->exit, 0x36dff },
		{ IA32_VMX_TRUE_EXIT_CTLS, model->exit, 0x36dfb },
		{ IA32_VMX_ENTRY_CTLS, model->entry, 0x11ff },
		{ IA32_VMX_TRUE_ENTRY_CTLS, model->entry, 0x11fb },
		{ IA32_VMX_PROCBASED_CTLS2, model->secondary, 0 },
		{ IA32_VMX_CR0_FIXED0, 0, 0x80000021 },
		{ IA32_VMX_CR0_FIXED1, 0, 0xffffffff },
		{ IA32_VMX_CR4_FIXED0, 0, 0x2000 },
	};

	switch (msr) {
	case IA32_VMX_BASIC: *value = model->basic; return true;
	case IA32_VMX_MISC: *value = model->misc; return true;
	case IA32_VMX_CR4_FIXED1: *value = model->cr4_fixed1; return true;
	case IA32_VMX_PROCBASED_CTLS3: *value = model->tertiary; return true;
	case IA32_VMX_EPT_VPID_CAP: *value = model->ept_vpid; return model->ept_vpid != 0;
	default: break;
	}
	for (unsigned i = 0; i < COUNT(halves); i++) {
		if (halves[i].msr == msr) {
			*value = (uint64_t)halves[i].high << 32 | halves[i].low;
			return true;
		}
	}
	return false;
}

/* CPUID as all of Bochs' models answer it, as far as the rules go. */
static void
answer_cpuid(void *context, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
	static const struct {
		uint32_t leaf, registers[4];
	} leaves[] = {
		{ 1, { 0x106a5, 0x800, 0x00200020, 0xbfebfbff } }, /* VMX, x2APIC */
		{ 10, { 0x07300404, 0, 0, 0x00000603 } },          /* 4 counters, 3 fixed */
		{ 0x80000001, { 0, 0, 0x00000001, 0x28100800 } },  /* Intel 64, NX, SYSCALL */
		{ CPUID_ADDRESS_WIDTHS, { 0x00003028, 0, 0, 0 } }, /* 40 and 48 bits */
	};

	const struct model_msrs *model = context;

	(void)subleaf;
	for (unsigned i = 0; i < 4; i++)
		registers[i] = 0;
	for (unsigned i = 0; i < COUNT(leaves); i++)
		for (unsigned j = 0; leaves[i].leaf == leaf && j < 4; j++)
			registers[j] = leaves[i].registers[j];
	if (leaf == CPUID_ADDRESS_WIDTHS && model->linear_address_width)
		registers[0] = (registers[0] & 0xffff00ff) | (uint32_t)model->linear_address_width
		                                                     << 8;
}

void
models_derive(void)
{
	for (unsigned i = PENRYN; i < BOCHS_MODELS; i++)
		capabilities_derive(&models[i], &(struct capability_source){ read_msr, answer_cpuid,
		                                        (void *)&model_msrs[i] });
	models[ANY] = any_processor;

	models[NEWEST] = models[TIGERLAKE];
	models[NEWEST].cr4_fixed1 |= 1ull << 32 | 1ull << 28 | 1ull << 24 | 1ull << 12;
	models[NEWEST].vmx_basic &= ~(1ull << 56);
	models[NEWEST].physical_address_width = 46;
	models[NEWEST].linear_address_width = 57;
	models[NEWEST].sgx = models[NEWEST].rtm = true;
	models[NEWEST].bus_lock_detection = models[NEWEST].linear_address_masking = true;
	models[NEWEST].debugctl_bits |= 1ull << 2 | 1ull << 15;
	models[NEWEST].entry.may_be_one = 0x01ffffff;
	models[NEWEST].pin_based.may_be_one = 0xff;
	models[NEWEST].primary.may_be_one |= 1 << 17;
	models[NEWEST].tertiary_may_be_one = 0xc7;
	models[NEWEST].ept_vpid |= 1ull << 7;

	models[NARROW] = models[HASWELL];
	models[NARROW].vmx_basic |= 1ull << 48;
	models[NARROW].vmx_misc &= ~(7ull << 6 | 1ull << 30);
	models[NARROW].vmx_misc |= 1ull << 6; /* of the activity states only HLT */
	models[NARROW].physical_address_width = 36;
	models[NARROW].x2apic_mode = true;
	models[NARROW].ept_vpid &=
	        ~(1ull << 8 | 1ull << 21); /* EPT neither uncached nor with A/D */
}

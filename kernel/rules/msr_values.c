/*
 * Which values WRMSR accepts, for the architectural MSRs of which that is certain (SDM 4,
 * "Model-Specific Registers"; SDM 3A, "Memory Cache Control", for MTRRs and PAT).
 */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/msr.h>

#include "rules/msr_load.h"

#define ALL_BITS (~0ull)

#define MTRR_PHYS_FIRST       0x200u
#define MTRR_BASE_RESERVED    0xf00ull
#define MTRR_MASK_RESERVED    0x7ffull
#define MTRR_DEFAULT_RESERVED 0xfffffffffffff300ull
#define TYPE_BYTE             0xffull
#define MTRR_TYPES            0x73u /* memory types 0, 1, 4, 5 and 6 */
#define DEBUGCTL_SURE         3ull  /* LBR and BTF, which all have */

/* How the values of a range of MSRs are judged. */
enum value_kind {
	ANY_VALUE,
	READ_ONLY,
	CANONICAL,
	CANONICAL_IF_ANY, /* the MSR does not exist everywhere */
	UPPER_HALF_UNSURE,
	UPPER_HALF_RESERVED,
	UPPER_HALF_RESERVED_IF_ANY,
	MTRR_RANGE,
	MTRR_FIXED,
	MTRR_DEFAULT,
	PAT,
	EFER,
	DEBUGCTL,
	PERF_GLOBAL_CTRL,
};

enum { ANY_BOCHS = (1 << BOCHS_VERSIONS) - 1, BOCHS_2_7_ONLY = 1 << BOCHS_2_7 };

static const struct msr_range {
	uint32_t first, last;
	uint8_t kind;          /* enum value_kind */
	uint8_t bochs_accepts; /* every value: bits 1 << enum bochs_version */
} ranges[] = {
	{ 0x10, 0x10, ANY_VALUE, 0 },           /* IA32_TIME_STAMP_COUNTER */
	{ 0x3a, 0x3a, READ_ONLY, 0 },           /* IA32_FEATURE_CONTROL: VMX needs it locked */
	{ 0xfe, 0xfe, READ_ONLY, 0 },           /* IA32_MTRRCAP */
	{ 0x174, 0x174, UPPER_HALF_UNSURE, 0 }, /* IA32_SYSENTER_CS */
	{ 0x175, 0x176, CANONICAL, 0 },         /* IA32_SYSENTER_ESP, _EIP */
	{ 0x179, 0x179, READ_ONLY, ANY_BOCHS }, /* IA32_MCG_CAP */
	{ 0x1d9, 0x1d9, DEBUGCTL, ANY_BOCHS },  /* IA32_DEBUGCTL */
	{ 0x200, 0x20f, MTRR_RANGE, 0 },        /* IA32_MTRR_PHYSBASE0 to _PHYSMASK7 */
	{ 0x250, 0x250, MTRR_FIXED, 0 },        /* IA32_MTRR_FIX64K_00000 */
	{ 0x258, 0x259, MTRR_FIXED, 0 },        /* IA32_MTRR_FIX16K_80000, _A0000 */
	{ 0x268, 0x26f, MTRR_FIXED, 0 },        /* IA32_MTRR_FIX4K_C0000 to _F8000 */
	{ 0x277, 0x277, PAT, 0 },               /* IA32_PAT */
	{ 0x2ff, 0x2ff, MTRR_DEFAULT, 0 },      /* IA32_MTRR_DEF_TYPE */
	{ 0x345, 0x345, READ_ONLY, ANY_BOCHS }, /* IA32_PERF_CAPABILITIES */
	{ 0x38f, 0x38f, PERF_GLOBAL_CTRL, ANY_BOCHS },              /* IA32_PERF_GLOBAL_CTRL */
	{ 0x480, 0x491, READ_ONLY, 0 },                             /* IA32_VMX_BASIC to _VMFUNC */
	{ 0x492, 0x493, READ_ONLY, BOCHS_2_7_ONLY },                /* the newest of them */
	{ 0x600, 0x600, CANONICAL_IF_ANY, ANY_BOCHS },              /* IA32_DS_AREA */
	{ 0xc0000080, 0xc0000080, EFER, 0 },                        /* IA32_EFER */
	{ 0xc0000081, 0xc0000081, ANY_VALUE, 0 },                   /* IA32_STAR */
	{ 0xc0000082, 0xc0000083, CANONICAL, 0 },                   /* IA32_LSTAR, IA32_CSTAR */
	{ 0xc0000084, 0xc0000084, UPPER_HALF_RESERVED, ANY_BOCHS }, /* IA32_FMASK */
	{ 0xc0000102, 0xc0000102, CANONICAL, 0 },                   /* IA32_KERNEL_GS_BASE */
	{ 0xc0000103, 0xc0000103, UPPER_HALF_RESERVED_IF_ANY, ANY_BOCHS }, /* IA32_TSC_AUX */
};

static const struct msr_range *
find_range(uint32_t msr)
{
	for (size_t i = 0; i < COUNT(ranges); i++)
		if (msr >= ranges[i].first && msr <= ranges[i].last)
			return &ranges[i];
	return NULL;
}

static uint64_t
wrong_first_type(uint64_t value)
{
	return is_memory_type(value & TYPE_BYTE, MTRR_TYPES) ? 0 : TYPE_BYTE;
}

/* Bases have even numbers, masks odd ones. */
static uint64_t
mtrr_range(const struct rule_state *state, uint32_t msr, uint64_t value)
{
	uint64_t wrong = beyond_physical_width(state, value);

	if ((msr - MTRR_PHYS_FIRST) & 1)
		return wrong | (value & MTRR_MASK_RESERVED);
	return wrong | (value & MTRR_BASE_RESERVED) | wrong_first_type(value);
}

/* VM entry has made LME what the control "IA-32e mode guest" is, if the guest has paging; WRMSR must
 * not change it then, and ignores LMA. */
static uint64_t
efer(const struct rule_state *state, uint64_t value)
{
	uint64_t reserved = value & ~state->capabilities->efer_bits;
	uint64_t lme = holds(state, IA32E_MODE_GUEST) ? EFER_LME : 0;

	if (FIELD(state, GUEST_CR0) & CR0_PG)
		reserved |= (value ^ lme) & EFER_LME;
	return reserved;
}

/* What is right only if the MSR or the bit exists, which is not known. */
static uint64_t
unless_sure(struct rule_state *state, uint64_t offending, bool sure)
{
	if (!offending && !sure)
		state->outside_unknown = true;
	return offending;
}

uint64_t
msr_value_refused(struct rule_state *state, uint32_t msr, uint64_t value)
{
	const struct capabilities *capabilities = state->capabilities;
	const struct msr_range *range = find_range(msr);

	switch (range ? (int)range->kind : -1) {
	case ANY_VALUE: return 0;
	case READ_ONLY: return ALL_BITS;
	case CANONICAL: return not_canonical(state, value);
	case CANONICAL_IF_ANY: return unless_sure(state, not_canonical(state, value), false);
	case UPPER_HALF_UNSURE: return unless_sure(state, 0, !(value & UPPER_HALF));
	case UPPER_HALF_RESERVED: return value & UPPER_HALF;
	case UPPER_HALF_RESERVED_IF_ANY: return unless_sure(state, value & UPPER_HALF, false);
	case MTRR_RANGE: return mtrr_range(state, msr, value);
	case MTRR_FIXED: return wrong_memory_types(value, MTRR_TYPES);
	case MTRR_DEFAULT: return (value & MTRR_DEFAULT_RESERVED) | wrong_first_type(value);
	case PAT: return wrong_memory_types(value, PAT_TYPES);
	case EFER: return efer(state, value);
	case DEBUGCTL:
		return unless_sure(
		        state, value & ~capabilities->debugctl_bits, !(value & ~DEBUGCTL_SURE));
	case PERF_GLOBAL_CTRL:
		return unless_sure(state, value & ~capabilities->perf_global_ctrl_bits,
		        capabilities->perf_global_ctrl_bits);
	default: return unless_sure(state, 0, false);
	}
}

bool
msr_unknown_to_bochs(enum bochs_version version, uint32_t msr)
{
	const struct msr_range *range = find_range(msr);

	return !range || range->bochs_accepts >> version & 1;
}

bool
msr_holds_address(uint32_t msr)
{
	const struct msr_range *range = find_range(msr);

	return range && range->kind == CANONICAL;
}

/*
 * What the SDM says of CR0, CR3 and CR4 (SDM 3C 27.3.1.1 and 3D A.7, A.8), bit by bit from its text:
 * an oracle that shares no name and no mask with the rules it judges.  And the processors and guests
 * to judge.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/vmcs_fields.h>

#include "rules/capabilities.h"

#define BIT(number) (1ull << (number))
#define IA32E       BIT(9) /* of the VM-entry controls */

enum { FIXED0, FIXED1, PG_PE, FIXED0_4, FIXED1_4, CET_WP, PG, PAE, PCIDE, MAXPHY, RULES };

static const char *const rule_ids[RULES] = { "CR0-FIXED0", "CR0-FIXED1", "CR0-PG-PE", "CR4-FIXED0",
	"CR4-FIXED1", "CR4-CET-WP", "IA32E-PG", "IA32E-PAE", "CR4-PCIDE-32", "CR3-MAXPHY" };
static const uint32_t rule_fields[RULES] = { GUEST_CR0, GUEST_CR0, GUEST_CR0, GUEST_CR4, GUEST_CR4,
	GUEST_CR4, GUEST_CR0, GUEST_CR4, GUEST_CR4, GUEST_CR3 };

enum { PENRYN, LYNNFIELD, ARRANDALE, SKYLAKE_X, TIGERLAKE, MODELS };

#define MODEL(unrestricted, cr4) \
	{ \
		.cr0_fixed0 = 0x80000021, .cr0_fixed1 = 0xffffffff, .cr4_fixed0 = 0x2000, \
		.cr4_fixed1 = (cr4), .physical_address_width = 40, \
		.unrestricted_guest = (unrestricted) \
	}

/* Five of Bochs' processors. */
static const struct capabilities models[MODELS] = {
	[PENRYN] = MODEL(false, 0x467ff),
	[LYNNFIELD] = MODEL(false, 0x67ff),
	[ARRANDALE] = MODEL(true, 0x67ff),
	[SKYLAKE_X] = MODEL(true, 0x3727ff),
	[TIGERLAKE] = MODEL(true, 0xf72fff),
};

struct registers {
	uint64_t cr0, cr3, cr4, entry_controls;
};

/* Can be entered on every model: IA-32e mode, PAE paging, 32-bit paging. */
static const struct registers valid[] = {
	{ 0x80010021, 0x1003000, 0x2020, IA32E | BIT(2) },
	{ 0x80010021, 0x1003000, 0x2020, BIT(2) },
	{ 0x80000021, 0x1003000, 0x2010, 0 },
};
/* Can be entered with unrestricted guest only: protected mode unpaged, real mode. */
static const struct registers valid_unrestricted[] = {
	{ 0x00000021, 0x1003000, 0x2000, 0 },
	{ 0x00000020, 0x1003000, 0x2000, 0 },
};

/* For each rule the bits that break it; 0: it holds. */
struct verdict {
	uint64_t offending[RULES];
};

static bool
bit(uint64_t value, unsigned number)
{
	return value >> number & 1;
}

/* The SDM's sentences, for one bit number. */
static void
judge_bit(const struct capabilities *processor, const struct registers *guest, unsigned number,
        struct verdict *verdict)
{
	/* "Bits 29 (NW) and 30 (CD) are never checked"; with unrestricted guest PE and PG are not. */
	bool cr0_exempt = number == 29 || number == 30 ||
	                  (processor->unrestricted_guest && (number == 0 || number == 31));
	uint64_t mask = BIT(number);

	/* "If bit X is 1 in IA32_VMX_CR0_FIXED0, then that bit of CR0 is fixed to 1 in VMX operation." */
	if (!cr0_exempt && bit(processor->cr0_fixed0, number) && !bit(guest->cr0, number))
		verdict->offending[FIXED0] |= mask;
	/* "If bit X is 0 in IA32_VMX_CR0_FIXED1, then that bit of CR0 is fixed to 0." */
	if (!cr0_exempt && !bit(processor->cr0_fixed1, number) && bit(guest->cr0, number))
		verdict->offending[FIXED1] |= mask;
	/* The same of CR4, without exceptions. */
	if (bit(processor->cr4_fixed0, number) && !bit(guest->cr4, number))
		verdict->offending[FIXED0_4] |= mask;
	if (!bit(processor->cr4_fixed1, number) && bit(guest->cr4, number))
		verdict->offending[FIXED1_4] |= mask;
	/* "Bits 63:52 and bits in the range 51:32 beyond the processor's physical-address width" */
	if (bit(guest->cr3, number) &&
	        (number >= 52 || (number >= 32 && number >= processor->physical_address_width)))
		verdict->offending[MAXPHY] |= mask;
}

static struct verdict
oracle(const struct capabilities *processor, const struct registers *guest)
{
	struct verdict verdict = { { 0 } };
	bool ia32e = bit(guest->entry_controls, 9);

	for (unsigned number = 0; number < 64; number++)
		judge_bit(processor, guest, number, &verdict);
	/* "If bit 31 in the CR0 field (PG) is 1, bit 0 in that field (PE) must also be 1." */
	if (bit(guest->cr0, 31) && !bit(guest->cr0, 0))
		verdict.offending[PG_PE] = BIT(0);
	/* "If bit 23 in the CR4 field (CET) is 1, bit 16 in the CR0 field (WP) must also be 1." */
	if (bit(guest->cr4, 23) && !bit(guest->cr0, 16))
		verdict.offending[CET_WP] = BIT(23);
	/* "If the IA-32e mode guest VM-entry control is 1, bit 31 in the CR0 field (PG) and bit 5 in
	 * the CR4 field (PAE) must each be 1." */
	if (ia32e && !bit(guest->cr0, 31))
		verdict.offending[PG] = BIT(31);
	if (ia32e && !bit(guest->cr4, 5))
		verdict.offending[PAE] = BIT(5);
	/* "If the … control is 0, bit 17 in the CR4 field (PCIDE) must be 0." */
	if (!ia32e && bit(guest->cr4, 17))
		verdict.offending[PCIDE] = BIT(17);
	return verdict;
}

/* The guest's segment registers and the descriptors in its tables. */
#include "grade/guest_segments.h"

#include <r33/segments.h>

#include "../tests/guests/report.h"

#define SELECTOR_CODE16   0x30
#define SELECTOR_DATA16   0x38
#define DESCRIPTOR_CODE64 DESCRIPTOR(0, 0xfffff, 0xa09b)
#define DESCRIPTOR_CODE32 DESCRIPTOR(0, 0xfffff, 0xc09b)
#define DESCRIPTOR_DATA   DESCRIPTOR(0, 0xfffff, 0xc093)
#define DESCRIPTOR_CODE16 DESCRIPTOR(IMAGE_ADDRESS, 0xffff, 0x9b)
#define DESCRIPTOR_DATA16 DESCRIPTOR(GUEST_WINDOW, 0xffff, 0x93)
#define DESCRIPTOR_TSS    DESCRIPTOR(GUEST_WINDOW + TSS_OFFSET, TSS_LIMIT, 0x8b)

static const struct segment_wish code64 = { GUEST_SELECTOR_CODE64, DESCRIPTOR_CODE64, 0 };
static const struct segment_wish code32 = { GUEST_SELECTOR_CODE32, DESCRIPTOR_CODE32, 0 };
static const struct segment_wish code16 = { SELECTOR_CODE16, DESCRIPTOR_CODE16, 0 };
static const struct segment_wish code_low = { IMAGE_REAL_ADDRESS >> 4, 0, 0 };
static const struct segment_wish data = { GUEST_SELECTOR_DATA, DESCRIPTOR_DATA, 0 };
static const struct segment_wish data16 = { SELECTOR_DATA16, DESCRIPTOR_DATA16, 0 };
static const struct segment_wish task = { GUEST_SELECTOR_TSS, DESCRIPTOR_TSS, 0 };
static const struct segment_wish none = { 0, 0, 0 };

static bool
has_no_descriptors(enum guest_mode mode)
{
	return mode == GUEST_REAL || mode == GUEST_VIRTUAL_8086;
}

static const struct segment_wish *
usual_segment(enum guest_mode mode, unsigned index)
{
	if (index == SEGMENT_TR)
		return &task;
	if (index == SEGMENT_LDTR)
		return &none;
	if (index != SEGMENT_CS)
		return has_no_descriptors(mode) ? &none : mode == GUEST_16BIT ? &data16 : &data;
	if (has_no_descriptors(mode))
		return &code_low;
	return mode == GUEST_64BIT ? &code64 : mode == GUEST_16BIT ? &code16 : &code32;
}

uint32_t
descriptor_base(uint64_t descriptor)
{
	return (uint32_t)((descriptor >> 16 & 0xffffff) | (descriptor >> 32 & 0xff000000));
}

void
guest_complete_segments(struct guest *guest)
{
	for (unsigned i = 0; i < SEGMENT_COUNT; i++) {
		struct segment_wish *wish = &guest->segments[i];

		if (wish->descriptor == DESCRIPTOR_NULL)
			wish->descriptor = 0;
		else if (wish->selector == 0 && wish->descriptor == 0)
			*wish = *usual_segment(guest->mode, i);
	}
	if (!guest->ia32e_mode)
		return;
	if (guest->fs_base == 0)
		guest->fs_base = descriptor_base(guest->segments[SEGMENT_FS].descriptor);
	if (guest->gs_base == 0)
		guest->gs_base = descriptor_base(guest->segments[SEGMENT_GS].descriptor);
}

static void
write_descriptor(const struct segment_wish *wish, bool is_16_bytes, uint64_t *gdt, uint64_t *ldt)
{
	uint64_t *table = wish->selector & SELECTOR_TI ? ldt : gdt;
	unsigned bytes = wish->selector & SELECTOR_TI ? LDT_BYTES : GDT_BYTES;
	unsigned index = wish->selector >> 3;

	if (wish->descriptor == 0 || index + is_16_bytes >= bytes / sizeof(*table))
		return;
	table[index] = wish->descriptor;
	if (is_16_bytes)
		table[index + 1] = wish->base_63_32;
}

void
guest_write_descriptors(const struct guest *guest, uint64_t *gdt, uint64_t *ldt)
{
	gdt[GUEST_SELECTOR_CODE64 / 8] = DESCRIPTOR_CODE64;
	gdt[GUEST_SELECTOR_CODE32 / 8] = DESCRIPTOR_CODE32;
	gdt[GUEST_SELECTOR_DATA / 8] = DESCRIPTOR_DATA;
	for (unsigned i = 0; i < SEGMENT_COUNT; i++)
		write_descriptor(
		        &guest->segments[i], guest->ia32e_mode && i >= SEGMENT_LDTR, gdt, ldt);
}

bool
guest_runs_at_cpl3(const struct guest *guest)
{
	switch (guest->mode) {
	case GUEST_REAL: return false;
	case GUEST_VIRTUAL_8086: return true;
	default: return (guest->segments[SEGMENT_SS].selector & SELECTOR_RPL) == SELECTOR_RPL;
	}
}

uint64_t
guest_cs_base(const struct guest *guest)
{
	const struct segment_wish *cs = &guest->segments[SEGMENT_CS];

	return has_no_descriptors(guest->mode) ? (uint64_t)cs->selector << 4
	                                       : descriptor_base(cs->descriptor);
}

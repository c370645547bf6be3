/*
 * Lab 3: segment registers.
 *
 * A guest wishes for eight segment registers as loading them from its descriptor tables would have
 * left them.  Work out what each then holds and write that to the guest-state area, or find out
 * that the processor would not enter such a guest.  README.md in this directory explains how.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * <r33/controls.h>, <r33/cpuid.h>, <r33/segments.h>, <r33/msr.h>, <r33/vmcs_fields.h>, and lab_printf().
 */
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/instructions.h>
#include <r33/parts.h>
#include <r33/segments.h>

/* What one segment register holds. */
struct segment {
	uint16_t selector;
	uint64_t base;
	uint32_t limit; /* in bytes, minus one */
	uint32_t rights;
};

/* From one register's field to the next, in the order of enum segment_register. */
#define FIELD_STEP 2

/* Write the four fields of a register.  Returns false if the processor refused one. */
static bool
write_segment(unsigned index, const struct segment *segment)
{
	return vmwrite(GUEST_ES_SELECTOR + FIELD_STEP * index, segment->selector) &&
	       vmwrite(GUEST_ES_BASE + FIELD_STEP * index, segment->base) &&
	       vmwrite(GUEST_ES_LIMIT + FIELD_STEP * index, segment->limit) &&
	       vmwrite(GUEST_ES_ACCESS_RIGHTS + FIELD_STEP * index, segment->rights);
}
//: solution

#define RIGHTS_IN_DESCRIPTOR 0xf0ff /* bits 11:8 are the limit's there */
#define RIGHTS_REAL          0x93   /* CS too can be written */
#define RIGHTS_VIRTUAL_8086  0xf3
#define LIMIT_64_KIB         0xffff

static bool
has_unrestricted_guest(void)
{
	return (rdmsr(IA32_VMX_PROCBASED_CTLS) >> 32 & PRIMARY_ACTIVATE_SECONDARY_CONTROLS) &&
	       (rdmsr(IA32_VMX_PROCBASED_CTLS2) >> 32 & SECONDARY_UNRESTRICTED_GUEST);
}

/* Real-address and virtual-8086 mode: the selector says it all. */
static bool
is_8086(const struct guest *guest, unsigned index)
{
	return index < SEGMENT_LDTR &&
	       (guest->mode == GUEST_REAL || guest->mode == GUEST_VIRTUAL_8086);
}

static struct segment
segment_8086(const struct guest *guest, unsigned index)
{
	uint16_t selector = guest->segments[index].selector;

	return (struct segment){ selector, (uint64_t)selector << 4, LIMIT_64_KIB,
		guest->mode == GUEST_REAL ? RIGHTS_REAL : RIGHTS_VIRTUAL_8086 };
}

/* What loading the register makes of the descriptor. */
static struct segment
load_descriptor(const struct segment_wish *wish, unsigned index)
{
	uint64_t descriptor = wish->descriptor;
	struct segment segment = {
		.selector = wish->selector,
		.base = (descriptor >> 16 & 0xffffff) | (descriptor >> 32 & 0xff000000),
		.limit = (descriptor & 0xffff) | (descriptor >> 32 & 0xf0000),
		.rights = descriptor >> 40 & RIGHTS_IN_DESCRIPTOR,
	};

	if (segment.rights & RIGHTS_G)
		segment.limit = segment.limit << 12 | 0xfff;
	if (segment.rights & RIGHTS_S)
		segment.rights |= TYPE_ACCESSED;
	else if (index == SEGMENT_TR)
		segment.rights |= TYPE_BUSY;
	return segment;
}

static struct segment
unusable(const struct segment_wish *wish, unsigned index)
{
	struct segment segment = { .selector = wish->selector, .rights = RIGHTS_UNUSABLE };

	/* The DPL of SS is the CPL, even then. */
	if (index == SEGMENT_SS)
		segment.rights |= (wish->selector & SELECTOR_RPL) << 5;
	return segment;
}

static struct segment
wished_segment(const struct guest *guest, unsigned index)
{
	const struct segment_wish *wish = &guest->segments[index];
	struct segment segment;

	if (is_8086(guest, index))
		return segment_8086(guest, index);
	segment = wish->descriptor ? load_descriptor(wish, index) : unusable(wish, index);
	if (!guest->ia32e_mode)
		return segment;
	if (index == SEGMENT_FS)
		segment.base = guest->fs_base;
	else if (index == SEGMENT_GS)
		segment.base = guest->gs_base;
	else if (index >= SEGMENT_LDTR)
		segment.base |= (uint64_t)wish->base_63_32 << 32;
	return segment;
}

static unsigned
type(const struct segment *segment)
{
	return segment->rights & RIGHTS_TYPE;
}

static unsigned
dpl(const struct segment *segment)
{
	return (segment->rights & RIGHTS_DPL) >> 5;
}

static unsigned
rpl(const struct segment *segment)
{
	return segment->selector & SELECTOR_RPL;
}

static bool
is_usable(const struct segment *segment)
{
	return !(segment->rights & RIGHTS_UNUSABLE);
}

static bool
is_present(const struct segment *segment, uint32_t s)
{
	return (segment->rights & (RIGHTS_S | RIGHTS_P)) == (s | RIGHTS_P);
}

static bool
is_canonical(uint64_t address)
{
	unsigned unused = 64 - (cpuid(CPUID_ADDRESS_WIDTHS, 0).eax >> 8 & 0xff);

	return (uint64_t)((int64_t)(address << unused) >> unused) == address;
}

static bool
code_can_be_entered(const struct guest *guest, const struct segment *cs, const struct segment *ss)
{
	if (!is_present(cs, RIGHTS_S))
		return false;
	if (!(type(cs) & TYPE_CODE))
		return has_unrestricted_guest() && type(cs) == (TYPE_WRITABLE | TYPE_ACCESSED) &&
		       dpl(cs) == 0 && dpl(ss) == 0;
	if (guest->ia32e_mode && (cs->rights & RIGHTS_L) && (cs->rights & RIGHTS_DB))
		return false;
	return type(cs) & TYPE_CONFORMING ? dpl(cs) <= dpl(ss) : dpl(cs) == dpl(ss);
}

static bool
stack_can_be_entered(const struct segment *cs, const struct segment *ss)
{
	if (!has_unrestricted_guest() && (rpl(ss) != rpl(cs) || dpl(ss) != rpl(ss)))
		return false;
	return !is_usable(ss) ||
	       (is_present(ss, RIGHTS_S) && !(type(ss) & TYPE_CODE) && (type(ss) & TYPE_WRITABLE));
}

static bool
data_can_be_entered(const struct segment *segment)
{
	bool is_code = type(segment) & TYPE_CODE;

	if (!is_usable(segment))
		return true;
	if (!is_present(segment, RIGHTS_S) || (is_code && !(type(segment) & TYPE_READABLE)))
		return false;
	return has_unrestricted_guest() || (is_code && (type(segment) & TYPE_CONFORMING)) ||
	       dpl(segment) >= rpl(segment);
}

static bool
system_can_be_entered(
        const struct guest *guest, const struct segment *ldtr, const struct segment *tr)
{
	if (is_usable(ldtr) && ((ldtr->selector & SELECTOR_TI) || !is_present(ldtr, 0) ||
	                               type(ldtr) != TYPE_LDT || !is_canonical(ldtr->base)))
		return false;
	if (!is_usable(tr) || (tr->selector & SELECTOR_TI) || !is_present(tr, 0) ||
	        !is_canonical(tr->base))
		return false;
	return type(tr) == TYPE_TSS_BUSY || (!guest->ia32e_mode && type(tr) == TYPE_TSS_16_BUSY);
}

static bool
can_be_entered(const struct guest *guest, const struct segment *segments)
{
	const struct segment *cs = &segments[SEGMENT_CS], *ss = &segments[SEGMENT_SS];
	const struct segment *fs = &segments[SEGMENT_FS], *gs = &segments[SEGMENT_GS];

	if (!system_can_be_entered(guest, &segments[SEGMENT_LDTR], &segments[SEGMENT_TR]))
		return false;
	if (is_8086(guest, SEGMENT_CS))
		return true;
	return code_can_be_entered(guest, cs, ss) && stack_can_be_entered(cs, ss) &&
	       data_can_be_entered(&segments[SEGMENT_ES]) &&
	       data_can_be_entered(&segments[SEGMENT_DS]) && data_can_be_entered(fs) &&
	       data_can_be_entered(gs) && is_canonical(fs->base) && is_canonical(gs->base);
}
//: end

/*
 * Write selector, base, limit and access rights of ES, CS, SS, DS, FS, GS, LDTR and TR.
 *
 *   guest->segments[i]   i is one of enum segment_register: the selector, and the descriptor that
 *                        the guest's tables hold for it.  0 = no descriptor: unusable.  In
 *                        GUEST_REAL and GUEST_VIRTUAL_8086 the first six have none, and are usable.
 *   guest->fs_base, gs_base   in IA-32e mode the bases of FS and GS.
 *   guest->ia32e_mode, mode   which descriptors have 16 bytes, and whether there are any.
 *
 * Returns ENTER when the 32 fields are written, REFUSE when this processor would not enter a guest
 * with such registers (then it does not matter what was written).
 */
enum decision
set_segment_registers(const struct guest *guest)
{
	//: solution
	struct segment segments[SEGMENT_COUNT];

	for (unsigned i = 0; i < SEGMENT_COUNT; i++)
		segments[i] = wished_segment(guest, i);
	if (!can_be_entered(guest, segments))
		return REFUSE;
	for (unsigned i = 0; i < SEGMENT_COUNT; i++)
		if (!write_segment(i, &segments[i]))
			return UNWRITTEN;
	return ENTER;
	//: skeleton
	//| /* YOUR CODE HERE.  Write each register with write_segment(SEGMENT_ES, ...). */
	//| (void)guest;
	//| (void)write_segment;
	//| return UNWRITTEN;
	//: end
}

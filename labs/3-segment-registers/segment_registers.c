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
	/* YOUR CODE HERE.  Write each register with write_segment(SEGMENT_ES, ...). */
	(void)guest;
	(void)write_segment;
	return UNWRITTEN;
}

/* Part 3: the eight segment registers, for each mode a guest of the course can start in. */
#include <r33/instructions.h>
#include <r33/parts.h>

/* Access rights: as in a descriptor's second dword, bits 23:8; bit 16 = unusable (SDM 3C 25.4.1). */
#define RIGHTS_CODE64   0xa09b /* G, L, present, DPL 0, code, accessed */
#define RIGHTS_CODE32   0xc09b /* G, D */
#define RIGHTS_DATA     0xc093
#define RIGHTS_REAL     0x93 /* 16-bit, byte granular, writable data: for CS too */
#define RIGHTS_TSS_BUSY 0x8b
#define RIGHTS_UNUSABLE 0x10000

#define LIMIT_4GIB 0xffffffff
#define LIMIT_REAL 0xffff

#define FIELD_STEP 2 /* from one register's field to the next, in the order ES CS SS DS FS GS */

struct segment {
	uint16_t selector;
	uint64_t base;
	uint32_t limit;
	uint32_t rights;
};

/* index: 0 = ES, 1 = CS, ... 5 = GS, 6 = LDTR, 7 = TR. */
static void
write_segment(unsigned index, struct segment segment)
{
	vmwrite(GUEST_ES_SELECTOR + FIELD_STEP * index, segment.selector);
	vmwrite(GUEST_ES_BASE + FIELD_STEP * index, segment.base);
	vmwrite(GUEST_ES_LIMIT + FIELD_STEP * index, segment.limit);
	vmwrite(GUEST_ES_ACCESS_RIGHTS + FIELD_STEP * index, segment.rights);
}

static struct segment
code_segment(const struct guest *guest)
{
	switch (guest->mode) {
	case GUEST_64BIT:
		return (struct segment){ GUEST_SELECTOR_CODE64, 0, LIMIT_4GIB, RIGHTS_CODE64 };
	case GUEST_REAL:
		return (struct segment){ (uint16_t)(guest->cs_base >> 4), guest->cs_base,
			LIMIT_REAL, RIGHTS_REAL };
	default: return (struct segment){ GUEST_SELECTOR_CODE32, 0, LIMIT_4GIB, RIGHTS_CODE32 };
	}
}

enum decision
set_segment_registers(const struct guest *guest)
{
	struct segment data = { GUEST_SELECTOR_DATA, 0, LIMIT_4GIB, RIGHTS_DATA };

	if (guest->mode == GUEST_REAL)
		data = (struct segment){ 0, 0, LIMIT_REAL, RIGHTS_REAL };
	for (unsigned index = 0; index < 6; index++)
		write_segment(index, index == 1 ? code_segment(guest) : data);
	write_segment(6, (struct segment){ .rights = RIGHTS_UNUSABLE });
	write_segment(7, (struct segment){ GUEST_SELECTOR_TSS, guest->tss_base, guest->tss_limit,
	                         RIGHTS_TSS_BUSY });
	return ENTER;
}

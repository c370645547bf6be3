/* Cases for the segment registers ES, CS, SS, DS, FS and GS. */
#include <r33/segments.h>

#include "rule_case.h"

#define RIGHTS(register_)   GUEST_##register_##_ACCESS_RIGHTS
#define SELECTOR(register_) GUEST_##register_##_SELECTOR
#define LIMIT(register_)    GUEST_##register_##_LIMIT
#define BASE(register_)     GUEST_##register_##_BASE
#define TYPE(r, type)       REPLACE(RIGHTS(r), 0xf, type)
#define NON_CANONICAL       BIT(47)
#define LOWEST_NEGATIVE     0xffff800000000000ull

/* A case a line. */
/* clang-format off */

/* Of all six. */
#define SEGMENT_CASES(r) \
	{ "V86-" #r "-BASE", "virtual-8086", { BITS(BASE(r), 1) }, { { 0 } } }, \
	{ "V86-" #r "-BASE", "virtual-8086", { BITS(SELECTOR(r), 0x200) }, { { 0 } } }, \
	{ "V86-" #r "-LIMIT", "virtual-8086", { SET(LIMIT(r), 0xfffe) }, { { 0 } } }, \
	{ "V86-" #r "-LIMIT", "virtual-8086", { SET(LIMIT(r), 0x1ffff) }, { { 0 } } }, \
	{ "V86-" #r "-AR", "virtual-8086", { SET(RIGHTS(r), 0xf2) }, { { 0 } } }, \
	{ "V86-" #r "-AR", "virtual-8086", { BITS(RIGHTS(r), RIGHTS_UNUSABLE) }, { { 0 } } }, \
	{ "SEG-" #r "-S", "64-bit", { CLEAR(RIGHTS(r), BIT(4)) }, { { 0 } } }, \
	{ "SEG-" #r "-P", "64-bit", { CLEAR(RIGHTS(r), BIT(7)) }, { BITS(RIGHTS(r), BIT(12)) } }, \
	{ "SEG-" #r "-RSVD-11-8", "64-bit", { BITS(RIGHTS(r), BIT(8)) }, { { 0 } } }, \
	{ "SEG-" #r "-RSVD-11-8", "32-bit", { BITS(RIGHTS(r), BIT(11)) }, { { 0 } } }, \
	{ "SEG-" #r "-RSVD-31-17", "64-bit", { BITS(RIGHTS(r), BIT(17)) }, { { 0 } } }, \
	{ "SEG-" #r "-RSVD-31-17", "32-bit", { BITS(RIGHTS(r), BIT(31)) }, { { 0 } } }, \
	{ "SEG-" #r "-G-LOW", "64-bit", { SET(LIMIT(r), 0xfffff7ff) }, { SET(LIMIT(r), 0xfff) } }, \
	{ "SEG-" #r "-G-LOW", "32-bit", { SET(LIMIT(r), 0xfffff000) }, { SET(LIMIT(r), 0xfffff000 >> 12), CLEAR(RIGHTS(r), RIGHTS_G) } }, \
	{ "SEG-" #r "-G-HIGH", "64-bit", { SET(LIMIT(r), 0x100000), CLEAR(RIGHTS(r), RIGHTS_G) }, { SET(LIMIT(r), 0xfffff), CLEAR(RIGHTS(r), RIGHTS_G) } }, \
	{ "SEG-" #r "-G-HIGH", "32-bit", { CLEAR(RIGHTS(r), RIGHTS_G) }, { { 0 } } }

/* Of those with a 32-bit base. */
#define BASE_HI_CASES(r) \
	{ "SEG-" #r "-BASE-HI", "64-bit", { SET(BASE(r), BIT(32)) }, { SET(BASE(r), 0xffffffff) } }, \
	{ "SEG-" #r "-BASE-HI", "32-bit", { SET(BASE(r), BIT(63)) }, { SET(BASE(r), BIT(31)) } }

/* Of FS and GS. */
#define BASE_CANONICAL_CASES(r) \
	{ "SEG-" #r "-BASE-CANON", "64-bit", { ADDRESS(BASE(r), NON_CANONICAL) }, { ADDRESS(BASE(r), LOWEST_NEGATIVE) } }, \
	{ "SEG-" #r "-BASE-CANON", "unusable", { SET(BASE(r), BIT(63)) }, { ADDRESS(BASE(r), NON_CANONICAL - 1) } }

/* Of DS, ES, FS and GS. */
#define DATA_CASES(r) \
	{ "SEG-" #r "-ACCESSED", "64-bit", { CLEAR(RIGHTS(r), 1) }, { TYPE(r, 1) } }, \
	{ "SEG-" #r "-ACCESSED", "32-bit", { TYPE(r, 10) }, { CLEAR(RIGHTS(r), 1) }, "unusable" }, \
	{ "SEG-" #r "-READABLE", "64-bit", { TYPE(r, 9) }, { TYPE(r, 11) } }, \
	{ "SEG-" #r "-READABLE", "32-bit", { TYPE(r, 13) }, { TYPE(r, 15) } }, \
	{ "SEG-" #r "-DPL-RPL", "restricted", { BITS(SELECTOR(r), 3) }, { BITS(SELECTOR(r), 3), TYPE(r, 15) } }, \
	{ "SEG-" #r "-DPL-RPL", "restricted", { BITS(SELECTOR(r), 3), TYPE(r, 11) }, { BITS(SELECTOR(r), 3), BITS(RIGHTS(r), 3 << 5) } }, \
	{ "SEG-" #r "-DPL-RPL", "restricted", { BITS(SELECTOR(r), 1) }, { BITS(SELECTOR(r), 1) }, "unpaged" }, \
	{ "SEG-" #r "-P", "32-bit", { CLEAR(RIGHTS(r), BIT(7)) }, { CLEAR(RIGHTS(r), BIT(7)) }, "unusable" }

/* SS under a null selector, which Bochs does not look at in 64-bit mode. */
#define NULL_SS(...) { SET(SELECTOR(SS), 0), __VA_ARGS__ }

static const struct rule_case cases[] = {
	SEGMENT_CASES(ES), SEGMENT_CASES(CS), SEGMENT_CASES(SS),
	SEGMENT_CASES(DS), SEGMENT_CASES(FS), SEGMENT_CASES(GS),
	BASE_CANONICAL_CASES(FS), BASE_CANONICAL_CASES(GS),
	BASE_HI_CASES(ES), BASE_HI_CASES(CS), BASE_HI_CASES(SS), BASE_HI_CASES(DS),
	DATA_CASES(ES), DATA_CASES(DS), DATA_CASES(FS), DATA_CASES(GS),
	{ "SEG-CS-P", "64-bit", { CLEAR(RIGHTS(CS), BIT(7)), BITS(RIGHTS(CS), RIGHTS_UNUSABLE) }, { { 0 } } },
	{ "SEG-CS-S", "64-bit", { CLEAR(RIGHTS(CS), BIT(4)), BITS(RIGHTS(CS), RIGHTS_UNUSABLE) }, { { 0 } } },
	{ "SEG-CS-BASE-HI", "64-bit", { SET(BASE(CS), BIT(32)), BITS(RIGHTS(CS), RIGHTS_UNUSABLE) }, { { 0 } } },
	{ "SEL-SS-RPL", "restricted", { SET(SELECTOR(SS), 0x19), SET(RIGHTS(SS), 0xc0b3), SET(RIGHTS(CS), 0xa09f) },
		{ SET(SELECTOR(SS), 0x19), SET(RIGHTS(SS), 0xc0b3), SET(RIGHTS(CS), 0xa09f), SET(SELECTOR(CS), 0x9) } },
	{ "SEL-SS-RPL", "restricted", { BITS(SELECTOR(CS), 1), SET(RIGHTS(CS), 0xa09f) }, { BITS(SELECTOR(SS), 3) }, "unpaged" },
	{ "SEG-CS-TYPE-NOURG", "restricted", { TYPE(CS, 10) }, { TYPE(CS, 9) } },
	{ "SEG-CS-TYPE-NOURG", "restricted", { TYPE(CS, 3) }, { TYPE(CS, 15) } },
	{ "SEG-CS-TYPE-URG", "unpaged", { TYPE(CS, 10) }, { TYPE(CS, 3) } },
	{ "SEG-CS-TYPE-URG", "real", { TYPE(CS, 7) }, { TYPE(CS, 13) } },
	{ "SEG-SS-TYPE", "64-bit", { TYPE(SS, 1) }, { TYPE(SS, 7) } },
	{ "SEG-SS-TYPE", "32-bit", { TYPE(SS, 11) }, { TYPE(SS, 11) }, "unusable" },
	{ "SEG-SS-TYPE", "64-bit", NULL_SS(TYPE(SS, 1)), { { 0 } } },
	{ "SEG-SS-S", "64-bit", NULL_SS(CLEAR(RIGHTS(SS), BIT(4))), { { 0 } } },
	{ "SEG-SS-P", "64-bit", NULL_SS(CLEAR(RIGHTS(SS), BIT(7))), { { 0 } } },
	{ "SEG-SS-RSVD-11-8", "64-bit", NULL_SS(BITS(RIGHTS(SS), BIT(8))), { { 0 } } },
	{ "SEG-SS-RSVD-31-17", "64-bit", NULL_SS(BITS(RIGHTS(SS), BIT(17))), { { 0 } } },
	{ "SEG-SS-G-LOW", "64-bit", NULL_SS(SET(LIMIT(SS), 0xfffff7ff)), { { 0 } } },
	{ "SEG-SS-G-HIGH", "64-bit", NULL_SS(CLEAR(RIGHTS(SS), RIGHTS_G)), { { 0 } } },
	{ "SEG-SS-BASE-HI", "64-bit", NULL_SS(SET(BASE(SS), BIT(32))), { { 0 } } },
	{ "SEG-SS-BASE-HI", "32-bit", { SET(BASE(SS), BIT(32)) }, { SET(BASE(SS), BIT(32)) }, "unusable" },
	{ "SEG-CS-DPL-TYPE3", "unpaged", { SET(RIGHTS(CS), 0xc0b3) }, { SET(RIGHTS(CS), 0xc093) } },
	{ "SEG-CS-DPL-NONCONF", "restricted", { SET(RIGHTS(CS), 0xa0bb) }, { { 0 } } },
	{ "SEG-CS-DPL-NONCONF", "unpaged", { SET(RIGHTS(CS), 0xc0fb), BITS(SELECTOR(CS), 3) }, { BITS(SELECTOR(CS), 3) } },
	{ "SEG-CS-DPL-NONCONF", "unpaged", { SET(RIGHTS(SS), 0xc0f3) }, { SET(RIGHTS(SS), 0xc0f3), SET(RIGHTS(CS), 0xc0fb), BITS(SELECTOR(CS), 3) } },
	{ "SEG-CS-DPL-CONF", "restricted", { SET(RIGHTS(CS), 0xa0bf) }, { SET(RIGHTS(CS), 0xa09f) } },
	{ "SEG-CS-DPL-CONF", "unpaged", { SET(RIGHTS(CS), 0xc0ff), BITS(SELECTOR(CS), 3) }, { SET(RIGHTS(CS), 0xc0ff), SET(RIGHTS(SS), 0xc0f3) } },
	{ "SEG-SS-DPL-RPL", "restricted", { SET(RIGHTS(SS), 0xc0b3), SET(RIGHTS(CS), 0xa09f) },
		{ SET(RIGHTS(SS), 0xc0b3), SET(RIGHTS(CS), 0xa09f), SET(SELECTOR(SS), 0x19), SET(SELECTOR(CS), 0x9) } },
	{ "SEG-SS-DPL-RPL", "restricted", { SET(RIGHTS(SS), 0x10020), SET(RIGHTS(CS), 0xa09f) }, { SET(RIGHTS(SS), 0x10000) } },
	{ "SEG-SS-DPL-CSTYPE3", "unpaged", { SET(RIGHTS(CS), 0xc093), SET(RIGHTS(SS), 0xc0b3) }, { SET(RIGHTS(CS), 0xc093) } },
	{ "SEG-SS-DPL-PE0", "real", { SET(RIGHTS(CS), 0xbb), SET(SELECTOR(CS), 0x1001), SET(RIGHTS(SS), 0xb3) }, { SET(RIGHTS(CS), 0x9b) } },
	{ "SEG-CS-DB-L", "64-bit", { SET(RIGHTS(CS), 0xe09b) }, { SET(RIGHTS(CS), 0xe09b) }, "pae" },
	{ "SEG-CS-DB-L", "64-bit", { SET(RIGHTS(CS), 0xe09b) }, { SET(RIGHTS(CS), 0xc09b) } },
};
/* clang-format on */

const struct rule_case_group segment_cases = CASE_GROUP(cases);

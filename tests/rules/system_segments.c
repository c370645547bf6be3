/* Cases for TR, LDTR, GDTR and IDTR. */
#include <r33/segments.h>

#include "rule_case.h"

#define NON_CANONICAL   BIT(47)
#define LOWEST_NEGATIVE 0xffff800000000000ull

/* A case a line. */
/* clang-format off */

/* Of both; base: one in which the register is usable. */
#define SYSTEM_CASES(r, base) \
	{ #r "-BASE-CANON", base, { ADDRESS(GUEST_##r##_BASE, NON_CANONICAL) }, { ADDRESS(GUEST_##r##_BASE, LOWEST_NEGATIVE) } }, \
	{ #r "-S", base, { BITS(GUEST_##r##_ACCESS_RIGHTS, BIT(4)) }, { { 0 } } }, \
	{ #r "-P", base, { CLEAR(GUEST_##r##_ACCESS_RIGHTS, BIT(7)) }, { { 0 } } }, \
	{ #r "-RSVD-11-8", base, { BITS(GUEST_##r##_ACCESS_RIGHTS, BIT(8)) }, { BITS(GUEST_##r##_ACCESS_RIGHTS, BIT(12)) } }, \
	{ #r "-RSVD-11-8", base, { BITS(GUEST_##r##_ACCESS_RIGHTS, BIT(11)) }, { { 0 } } }, \
	{ #r "-RSVD-31-17", base, { BITS(GUEST_##r##_ACCESS_RIGHTS, BIT(17)) }, { { 0 } } }, \
	{ #r "-RSVD-31-17", base, { BITS(GUEST_##r##_ACCESS_RIGHTS, BIT(31)) }, { { 0 } } }, \
	{ #r "-G-LOW", base, { BITS(GUEST_##r##_ACCESS_RIGHTS, BIT(15)) }, { BITS(GUEST_##r##_ACCESS_RIGHTS, BIT(15)), SET(GUEST_##r##_LIMIT, 0xfff) } }, \
	{ #r "-G-HIGH", base, { SET(GUEST_##r##_LIMIT, 0x100000) }, { SET(GUEST_##r##_LIMIT, 0xfffff) } }, \
	{ #r "-G-HIGH", base, { SET(GUEST_##r##_LIMIT, 0x80000067) }, { SET(GUEST_##r##_LIMIT, 0) } }, \
	{ "SEL-" #r "-TI", base, { BITS(GUEST_##r##_SELECTOR, 4) }, { SET(GUEST_##r##_SELECTOR, 0) } }

#define TABLE_CASES(r) \
	{ #r "-BASE-CANON", "64-bit", { ADDRESS(GUEST_##r##_BASE, NON_CANONICAL) }, { ADDRESS(GUEST_##r##_BASE, NON_CANONICAL - 1) } }, \
	{ #r "-BASE-CANON", "32-bit", { SET(GUEST_##r##_BASE, BIT(63)) }, { ADDRESS(GUEST_##r##_BASE, LOWEST_NEGATIVE) } }, \
	{ #r "-LIMIT-HI", "64-bit", { SET(GUEST_##r##_LIMIT, 0x10000) }, { SET(GUEST_##r##_LIMIT, 0xffff) } }, \
	{ #r "-LIMIT-HI", "real", { SET(GUEST_##r##_LIMIT, 0x80000000) }, { SET(GUEST_##r##_LIMIT, 0) } }

static const struct rule_case cases[] = {
	SYSTEM_CASES(TR, "64-bit"),
	SYSTEM_CASES(TR, "virtual-8086"),
	SYSTEM_CASES(LDTR, "ldt"),
	{ "SEL-LDTR-TI", "ldt", { BITS(GUEST_LDTR_SELECTOR, 4) }, { BITS(GUEST_LDTR_SELECTOR, 4) }, "64-bit" },
	{ "TR-UNUSABLE", "64-bit", { BITS(GUEST_TR_ACCESS_RIGHTS, RIGHTS_UNUSABLE) }, { SET(GUEST_TR_SELECTOR, 0) } },
	{ "TR-TYPE-32", "32-bit", { SET(GUEST_TR_ACCESS_RIGHTS, 0x81) }, { SET(GUEST_TR_ACCESS_RIGHTS, 0x83) } },
	{ "TR-TYPE-32", "pae", { SET(GUEST_TR_ACCESS_RIGHTS, 0x89) }, { SET(GUEST_TR_ACCESS_RIGHTS, 0x8b) } },
	{ "TR-TYPE-64", "64-bit", { SET(GUEST_TR_ACCESS_RIGHTS, 0x83) }, { { 0 } } },
	{ "TR-TYPE-64", "compatibility", { SET(GUEST_TR_ACCESS_RIGHTS, 0x89) }, { { 0 } } },
	{ "LDTR-TYPE", "ldt", { SET(GUEST_LDTR_ACCESS_RIGHTS, 0x83) }, { SET(GUEST_LDTR_ACCESS_RIGHTS, 0x10083) } },
	{ "LDTR-TYPE", "ldt", { SET(GUEST_LDTR_ACCESS_RIGHTS, 0x80) }, { { 0 } } },
	{ "LDTR-BASE-CANON", "ldt", { ADDRESS(GUEST_LDTR_BASE, NON_CANONICAL) }, { ADDRESS(GUEST_LDTR_BASE, NON_CANONICAL) }, "64-bit" },
	TABLE_CASES(GDTR),
	TABLE_CASES(IDTR),
};
/* clang-format on */

const struct rule_case_group system_segment_cases = CASE_GROUP(cases);

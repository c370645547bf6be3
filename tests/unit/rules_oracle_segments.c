/* The oracle: 27.3.1.2 on segment registers and 27.3.1.3 on descriptor-table registers. */
#include "rules_oracle.h"

enum { ES, CS, SS, DS, FS, GS, LDTR, TR };

/* A segment register's fields, and what its rules are called. */
struct segment {
	bool usable;
	uint64_t selector, base, limit, rights;
	unsigned type, dpl;
};

static struct segment
segment_of(const struct oracle *oracle, unsigned number)
{
	uint64_t rights = value_of(oracle, GUEST_ES_ACCESS_RIGHTS + 2 * number);

	return (struct segment){
		.usable = !bit(rights, 16),
		.selector = value_of(oracle, GUEST_ES_SELECTOR + 2 * number),
		.base = value_of(oracle, GUEST_ES_BASE + 2 * number),
		.limit = value_of(oracle, GUEST_ES_LIMIT + 2 * number),
		.rights = rights,
		.type = (unsigned)bits(rights, 3, 0),
		.dpl = (unsigned)bits(rights, 6, 5),
	};
}

/* The rules of a family in the order ES, CS, SS, DS, FS, GS. */
static enum catalogue_id
of(enum catalogue_id first, unsigned number)
{
	return (enum catalogue_id)(first + number);
}

/* A virtual-8086 guest: the base is 16 times the selector, the limit FFFFH, the access rights F3H. */
static void
judge_v86(struct oracle *oracle, unsigned number, const struct segment *segment)
{
	demand(oracle, of(ID_V86_ES_BASE, number), oracle->v86,
	        segment->base == segment->selector * 16);
	demand(oracle, of(ID_V86_ES_LIMIT, number), oracle->v86, segment->limit == 0xffff);
	demand(oracle, of(ID_V86_ES_AR, number), oracle->v86, segment->rights == 0xf3);
}

/* If a bit of limit bits 11:0 is 0, G must be 0. */
static bool
low_limit_right(const struct segment *segment)
{
	return bits(segment->limit, 11, 0) == 0xfff || !bit(segment->rights, 15);
}

/* If a bit of limit bits 31:20 is 1, G must be 1. */
static bool
high_limit_right(const struct segment *segment)
{
	return bits(segment->limit, 31, 20) == 0 || bit(segment->rights, 15);
}

/* Guests that are not in virtual-8086 mode: what CS must fulfil always and the others when usable. */
static void
judge_rights(struct oracle *oracle, unsigned number, const struct segment *segment)
{
	bool applies = !oracle->v86 && (number == CS || segment->usable);

	/* S and P are 1; bits 11:8 and 31:17 are reserved. */
	demand(oracle, of(ID_SEG_ES_S, number), applies, bit(segment->rights, 4));
	demand(oracle, of(ID_SEG_ES_P, number), applies, bit(segment->rights, 7));
	demand(oracle, of(ID_SEG_ES_RSVD_11_8, number), applies, bits(segment->rights, 11, 8) == 0);
	demand(oracle, of(ID_SEG_ES_RSVD_31_17, number), applies,
	        bits(segment->rights, 31, 17) == 0);
	demand(oracle, of(ID_SEG_ES_G_LOW, number), applies, low_limit_right(segment));
	demand(oracle, of(ID_SEG_ES_G_HIGH, number), applies, high_limit_right(segment));
}

/* DS, ES, FS, GS; place: among the four. */
static void
judge_data(struct oracle *oracle, unsigned place, const struct segment *segment)
{
	bool applies = !oracle->v86 && segment->usable;

	/* Accessed (bit 0 of the type); if it is a code segment (bit 3), readable (bit 1). */
	demand(oracle, of(ID_SEG_ES_ACCESSED, place), applies, bit(segment->type, 0));
	demand(oracle, of(ID_SEG_ES_READABLE, place), applies && bit(segment->type, 3),
	        bit(segment->type, 1));
	/* The DPL is not less than the selector's RPL, of data and non-conforming code segments (types
	 * 0 to 11) and guests that are not unrestricted. */
	demand(oracle, of(ID_SEG_ES_DPL_RPL, place),
	        applies && !oracle->unrestricted && segment->type <= 11,
	        segment->dpl >= bits(segment->selector, 1, 0));
}

/* Bases: with Intel 64 those of FS and GS are canonical, those of CS always and of SS, DS and ES if
 * usable below 4 GiB. */
static void
judge_bases(struct oracle *oracle, const struct segment *segments)
{
	demand(oracle, ID_SEG_FS_BASE_CANON, true, canonical(oracle, segments[FS].base));
	demand(oracle, ID_SEG_GS_BASE_CANON, true, canonical(oracle, segments[GS].base));
	demand(oracle, ID_SEG_CS_BASE_HI, true, bits(segments[CS].base, 63, 32) == 0);
	demand(oracle, ID_SEG_SS_BASE_HI, segments[SS].usable,
	        bits(segments[SS].base, 63, 32) == 0);
	demand(oracle, ID_SEG_DS_BASE_HI, segments[DS].usable,
	        bits(segments[DS].base, 63, 32) == 0);
	demand(oracle, ID_SEG_ES_BASE_HI, segments[ES].usable,
	        bits(segments[ES].base, 63, 32) == 0);
}

static void
judge_cs(struct oracle *oracle, const struct segment *cs)
{
	bool code = cs->type == 9 || cs->type == 11 || cs->type == 13 || cs->type == 15;

	/* An accessed code segment, or of an unrestricted guest an accessed writable data segment. */
	demand(oracle, ID_SEG_CS_TYPE_NOURG, !oracle->v86 && !oracle->unrestricted, code);
	demand(oracle, ID_SEG_CS_TYPE_URG, !oracle->v86 && oracle->unrestricted,
	        code || cs->type == 3);
	/* The DPL is 0 for such data, SS's DPL for non-conforming code, not more for conforming. */
	demand(oracle, ID_SEG_CS_DPL_TYPE3, !oracle->v86 && cs->type == 3, cs->dpl == 0);
	demand(oracle, ID_SEG_CS_DPL_NONCONF, !oracle->v86 && (cs->type == 9 || cs->type == 11),
	        cs->dpl == oracle->ss_dpl);
	demand(oracle, ID_SEG_CS_DPL_CONF, !oracle->v86 && (cs->type == 13 || cs->type == 15),
	        cs->dpl <= oracle->ss_dpl);
	/* A 64-bit code segment (L, bit 13) of an IA-32e mode guest has D/B (bit 14) 0. */
	demand(oracle, ID_SEG_CS_DB_L, !oracle->v86 && oracle->ia32e && bit(cs->rights, 13),
	        !bit(cs->rights, 14));
}

/* SS; its DPL is the CPL, so it counts even if SS is unusable. */
static void
judge_ss(struct oracle *oracle, const struct segment *ss, const struct segment *cs)
{
	uint64_t rpl = bits(ss->selector, 1, 0);

	/* A writable, accessed data segment. */
	demand(oracle, ID_SEG_SS_TYPE, !oracle->v86 && ss->usable, ss->type == 3 || ss->type == 7);
	/* Guests that are not unrestricted: the RPL is CS's RPL, and the DPL is the RPL. */
	demand(oracle, ID_SEL_SS_RPL, !oracle->v86 && !oracle->unrestricted,
	        rpl == bits(cs->selector, 1, 0));
	demand(oracle, ID_SEG_SS_DPL_RPL, !oracle->v86 && !oracle->unrestricted, ss->dpl == rpl);
	/* It is 0 if CS has type 3 or CR0.PE is 0. */
	demand(oracle, ID_SEG_SS_DPL_CSTYPE3, !oracle->v86 && cs->type == 3, ss->dpl == 0);
	demand(oracle, ID_SEG_SS_DPL_PE0, !oracle->v86 && !bit(value_of(oracle, GUEST_CR0), 0),
	        ss->dpl == 0);
	/* With FRED there are only CPL 0 and CPL 3, and at CPL 0 only 64-bit code. */
	demand(oracle, ID_FRED_SS_DPL, oracle->fred, ss->dpl == 0 || ss->dpl == 3);
	demand(oracle, ID_FRED_CPL0_CSL, oracle->fred && ss->dpl == 0, bit(cs->rights, 13));
}

/* LDTR or TR; place: 0 or 1. */
static void
judge_system(struct oracle *oracle, unsigned place, bool applies, const struct segment *segment)
{
	/* The selector's TI (bit 2) is 0, the base canonical, S is 0, P is 1, the rest as above. */
	demand(oracle, place ? ID_SEL_TR_TI : ID_SEL_LDTR_TI, applies, !bit(segment->selector, 2));
	demand(oracle, of(ID_LDTR_BASE_CANON, place), applies, canonical(oracle, segment->base));
	demand(oracle, of(ID_LDTR_S, place), applies, !bit(segment->rights, 4));
	demand(oracle, of(ID_LDTR_P, place), applies, bit(segment->rights, 7));
	demand(oracle, of(ID_LDTR_RSVD_11_8, place), applies, bits(segment->rights, 11, 8) == 0);
	demand(oracle, of(ID_LDTR_RSVD_31_17, place), applies, bits(segment->rights, 31, 17) == 0);
	demand(oracle, of(ID_LDTR_G_LOW, place), applies, low_limit_right(segment));
	demand(oracle, of(ID_LDTR_G_HIGH, place), applies, high_limit_right(segment));
}

static void
judge_tables(struct oracle *oracle)
{
	/* Bases are canonical, limits have 16 bits. */
	demand(oracle, ID_GDTR_BASE_CANON, true,
	        canonical(oracle, value_of(oracle, GUEST_GDTR_BASE)));
	demand(oracle, ID_IDTR_BASE_CANON, true,
	        canonical(oracle, value_of(oracle, GUEST_IDTR_BASE)));
	demand(oracle, ID_GDTR_LIMIT_HI, true,
	        bits(value_of(oracle, GUEST_GDTR_LIMIT), 31, 16) == 0);
	demand(oracle, ID_IDTR_LIMIT_HI, true,
	        bits(value_of(oracle, GUEST_IDTR_LIMIT), 31, 16) == 0);
}

void
oracle_segments(struct oracle *oracle)
{
	static const unsigned data[] = { ES, DS, FS, GS };
	struct segment segments[TR + 1];

	for (unsigned i = ES; i <= TR; i++)
		segments[i] = segment_of(oracle, i);
	for (unsigned i = ES; i <= GS; i++) {
		judge_v86(oracle, i, &segments[i]);
		judge_rights(oracle, i, &segments[i]);
	}
	for (unsigned i = 0; i < 4; i++)
		judge_data(oracle, i, &segments[data[i]]);
	judge_bases(oracle, segments);
	judge_cs(oracle, &segments[CS]);
	judge_ss(oracle, &segments[SS], &segments[CS]);
	judge_system(oracle, 0, segments[LDTR].usable, &segments[LDTR]);
	judge_system(oracle, 1, true, &segments[TR]);
	/* LDTR: an LDT.  TR: usable; a busy TSS, of 16 or 32 bits or in IA-32e mode of 64 bits. */
	demand(oracle, ID_LDTR_TYPE, segments[LDTR].usable, segments[LDTR].type == 2);
	demand(oracle, ID_TR_UNUSABLE, true, segments[TR].usable);
	demand(oracle, ID_TR_TYPE_32, !oracle->ia32e,
	        segments[TR].type == 3 || segments[TR].type == 11);
	demand(oracle, ID_TR_TYPE_64, oracle->ia32e, segments[TR].type == 11);
	judge_tables(oracle);
}

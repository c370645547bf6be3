/* What bases.c and base_kinds.c share: how the bases differ from a plain 64-bit guest. */
#pragma once

#include "vmcs.h"

enum { ES, CS, SS, DS, FS, GS, LDTR, TR, SEGMENTS };

struct base_kind {
	const char *name;
	void (*make)(struct vmcs *vmcs); /* from a 64-bit guest; NULL: it is one */
	bool needs_unrestricted_guest;
	bool needs_ept;
};

extern const struct base_kind base_kinds[];
extern const unsigned base_kind_count;

static inline void
set_segment(struct vmcs *vmcs, unsigned segment, uint64_t selector, uint64_t base, uint64_t limit,
        uint64_t rights)
{
	vmcs_set(vmcs, GUEST_ES_SELECTOR + 2 * segment, selector);
	vmcs_set(vmcs, GUEST_ES_BASE + 2 * segment, base);
	vmcs_set(vmcs, GUEST_ES_LIMIT + 2 * segment, limit);
	vmcs_set(vmcs, GUEST_ES_ACCESS_RIGHTS + 2 * segment, rights);
}

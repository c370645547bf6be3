/*
 * VMCS regions that a guest's VMCS can be linked to (SDM 3C, "Guest Non-Register State"), and the
 * guard over the link pointer: a lab chooses it, and the processor reads what is there, with
 * VMCS shadowing it even writes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <r33/guest.h>

enum linked_vmcs {
	LINK_ORDINARY,
	LINK_SHADOW,
	LINK_OTHER_REVISION, /* made for another processor */
	LINK_CURRENT,        /* the guest's own VMCS */
};

/* For test_case.adjust: make such a region afresh and complete the wish: its address is added to
 * linked_vmcs. */
void linked_vmcs_wish(struct guest *guest, enum linked_vmcs kind);

/* For test_case.write_controls: VMREAD and VMWRITE of all fields go to the shadow VMCS. */
void linked_vmcs_write_controls(const struct guest *guest);

/* Is the link pointer of the current VMCS none, an address that no processor follows, a region made
 * here or the current VMCS itself?  Page 0 is harmless, too, as long as nothing can be written there:
 * it is where a field that was never written leads.  All else must not be entered. */
bool linked_vmcs_is_harmless(void);
#define LINKED_VMCS_KEPT_OUT \
	"VMCS_LINK_POINTER leads to memory that holds no VMCS of this guest, so the entry was " \
	"not tried: the processor would use what it finds there"

/* For the end of a wish: what else decides about a link, where there is one or could be. */
void linked_vmcs_describe(const struct guest *guest, char *text, size_t size);

/* Does the address lie in a region made here, or in the current VMCS? */
bool linked_vmcs_at(uint64_t address);

/* What the shadow VMCS holds in the field that guests write. */
uint64_t linked_vmcs_written_value(void);

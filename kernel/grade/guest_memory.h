/*
 * The guest's memory: one window of host-physical memory at the same guest-physical address, so
 * that the same guest runs with EPT and without it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/guest.h>

#include "../tests/guests/report.h"
#include "rules/capabilities.h"

#define GUEST_WINDOW_BYTES (2ull << 20)

/* The PDPTE of GiB 1 to 3 without its flags, for a case's pdptes. */
#define QUARTER_PDPTE(gib) (GUEST_WINDOW + QUARTER_DIRECTORIES + ((gib) - 1) * 0x1000ull)

/* One test guest, made by tests/guests/image.S. */
struct guest_image {
	const char *name;
	const uint8_t *start;
	const uint8_t *end;
	uint64_t address; /* where it is linked and entered */
};

/* Reserve the window and build the EPT.  NULL, or one sentence when that memory is taken. */
const char *guest_memory_init(const struct capabilities *capabilities);
uint64_t guest_memory_ept_pointer(void);

/* Fill the window again for a guest in this mode (tables, tokens, image) and complete the guest's description:
 * entry point, stack, tables; the address of the paging structures is added to cr3, and the guest's PDPTEs to
 * pdptes.  Panics when there is no such image: the harness is broken. */
void guest_place(struct guest *guest, const char *image_name);

/* Write the description's PDPTEs to the guest's memory. */
void guest_write_pdpt(const struct guest *guest);

/* Take the PDPTEs out of the guest's memory again: it has them in its processor only. */
void guest_empty_pdpt(void);

/* The report page: REPORT_SLOTS values. */
uint64_t *guest_report(void);

/* What a guest in this mode reads on the alias page, and what a value read there says of its paging. */
uint32_t guest_token(enum guest_mode mode);
const char *guest_token_meaning(uint64_t token);

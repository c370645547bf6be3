/*
 * The guest's memory: one window of host-physical memory at the same guest-physical address, so
 * that the same guest runs behind EPT and without it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "rules/capabilities.h"

#include <r33/guest.h>

#include "../tests/guests/report.h"

#define GUEST_WINDOW_BYTES (2ull << 20)

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

/* Fill the window anew for a guest in this mode (tables, tokens, image) and complete the guest's description:
 * entry point, stack, tables; the address of the paging structures is added to cr3.  Panics when there is no such
 * image: the harness is broken. */
void guest_place(struct guest *guest, const char *image_name);

/* The report page: REPORT_SLOTS values. */
const uint64_t *guest_report(void);

/* What a guest in this mode reads on the alias page, and what a value read there says of its paging. */
uint32_t guest_token(enum guest_mode mode);
const char *guest_token_meaning(uint64_t token);

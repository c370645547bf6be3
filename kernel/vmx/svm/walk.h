/*
 * The guest page walker: which guest-physical address does a guest-linear one have, and with which rights?
 *
 * It reads the guest's tables as a processor does, but only looks: no accessed or dirty flag is set and no fault
 * raised.  It is pure; memory is read through a function of the caller's.
 *
 * SDM 3A, chapter "Paging": "32-bit Paging", "PAE Paging", "4-Level Paging and 5-Level Paging".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum walk_mode {
	WALK_UNPAGED, /* CR0.PG = 0 */
	WALK_32_BIT,  /* CR4.PAE = 0 */
	WALK_PAE,
	WALK_4_LEVEL,
};

/* The state that translation depends on. */
struct walk_state {
	enum walk_mode mode;
	uint64_t cr3;
	uint64_t pdptes[4];     /* WALK_PAE: those in force, not read from memory */
	unsigned physical_bits; /* MAXPHYADDR, 32 to 52 */
	bool large_pages_32;    /* CR4.PSE: 4 MiB pages in WALK_32_BIT */
	bool gib_pages;         /* 1 GiB pages in WALK_4_LEVEL (CPUID.80000001H:EDX[26]) */
	bool no_execute;        /* IA32_EFER.NXE; without it bit 63 is reserved */

	/* Read size bytes (4 or 8, aligned) at a guest-physical address; false when there is no such memory. */
	bool (*read)(void *context, uint64_t guest_physical, void *bytes, size_t size);
	void *context;
};

enum walk_result {
	WALK_FOUND,
	WALK_NOT_CANONICAL, /* WALK_4_LEVEL: bits 63:47 differ */
	WALK_NOT_PRESENT,   /* the entry at level */
	WALK_RESERVED_BIT,  /* set in the entry at level */
	WALK_UNREADABLE,    /* read() gave no entry at level */
};

struct walk {
	enum walk_result result;
	uint64_t physical;   /* guest-physical; WALK_FOUND only */
	uint64_t page_bytes; /* 4 KiB, 2 MiB, 4 MiB or 1 GiB; unpaged: 4 KiB; WALK_FOUND only */
	unsigned level;      /* of the last entry used: 1 PTE, 2 PDE, 3 PDPTE, 4 PML4E; 0 unpaged */
	uint64_t entry_physical; /* guest-physical address of that entry; 0 for a PDPTE handed in */

	/* All entries taken together; valid with WALK_FOUND.  CR0.WP, SMEP and SMAP are the caller's matter. */
	bool writable;
	bool user;
	bool executable; /* no entry has the execute-disable bit */
};

/* Translate linear; in all modes but WALK_4_LEVEL it is cut to 32 bits. */
struct walk walk_guest(const struct walk_state *state, uint64_t linear);

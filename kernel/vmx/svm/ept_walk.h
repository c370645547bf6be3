/*
 * The walk through extended page tables in Intel's format: where does a guest-physical address lead, with which
 * rights, and are the entries allowed?
 *
 * The tables are data here, not the processor's: nothing they hold can make the kernel access memory that
 * struct host_memory does not give it.
 *
 * SDM 3C, "The Extended Page Table Mechanism (EPT)": "EPT Translation Mechanism", "EPT Misconfigurations".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Host-physical memory that a guest and its tables may use.  at() returns the kernel's pointer to the byte at
 * physical, good to the end of its 4 KiB page, or NULL when the guest has no business there (no RAM, the kernel's
 * own).  write asks for a page that may be written.
 */
struct host_memory {
	void *(*at)(void *context, uint64_t physical, bool write);
	void *context;
};

/* What the processor that the guest sees offers. */
struct ept_features {
	unsigned physical_bits; /* MAXPHYADDR */
	bool execute_only;      /* IA32_VMX_EPT_VPID_CAP bit 0 */
	bool pages_2_mib;       /* bit 16 */
	bool pages_1_gib;       /* bit 17 */
};

enum ept_result {
	EPT_FOUND,
	EPT_NOT_PRESENT,
	EPT_MISCONFIGURED, /* also a table where there is no memory: it reads as all ones */
};

#define EPT_LEVELS 4

/* One walk.  entries[] are those used, from the PML4E on; the last of entry_count is the leaf or the culprit. */
struct ept_walk {
	enum ept_result result;
	uint64_t *entries[EPT_LEVELS];  /* NULL for one that cannot be read */
	uint64_t addresses[EPT_LEVELS]; /* … their host-physical addresses */
	unsigned entry_count;
	uint64_t
	        rights; /* EPT_READ, EPT_WRITE, EPT_EXECUTE of all entries together; 0 unless EPT_FOUND */
	uint64_t physical;   /* host-physical; EPT_FOUND only */
	uint64_t page_bytes; /* EPT_FOUND only */
};

/* Walk for one guest-physical address.  ept_pointer: EPT_POINTER of the VMCS, with 4 levels.  Sets no flags. */
struct ept_walk ept_walk(const struct host_memory *memory, const struct ept_features *features,
        uint64_t ept_pointer, uint64_t guest_physical);

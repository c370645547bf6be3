/*
 * Nested page tables: what makes SVM translate guest-physical addresses as the guest's EPT would, or, without EPT,
 * keeps a guest inside its window of memory.
 *
 * The tables start out empty.  Each nested page fault (#NPF, exit 400h) either maps one page of 4 KiB, and the guest
 * goes on, or turns out to be what ends the guest under VMX: an EPT violation, an EPT misconfiguration, a full
 * page-modification log.  When the frames for tables are used up, all mappings are dropped and come back one by one.
 *
 * Nested paging cannot show everything that EPT can:
 * - execute-only pages become readable, once the guest has fetched from them;
 * - memory types have no effect;
 * - a walk through the guest's own page tables always counts as a write (APM 2, "Nested Paging"), so a page table
 *   that EPT makes read-only is an EPT violation even when no accessed flag needs to be set.
 *
 * SDM 3C, "EPT Translation Mechanism", "Accessed and Dirty Flags for EPT", "Page-Modification Logging"; APM 2,
 * "Nested Paging".
 */
#pragma once

#include <stddef.h>

#include <r33/paging.h>

#include "vmx/svm/ept_walk.h"

/* EXITINFO1 of #NPF (APM 2, "Nested versus Guest Page Faults, Fault Ordering"). */
#define NPF_WRITE            BIT(1)
#define NPF_FETCH            BIT(4)
#define NPF_FINAL_ADDRESS    BIT(32)
#define NPF_GUEST_PAGE_TABLE BIT(33)

/* Exit qualification of EPT violations (SDM 3C, "Exit Qualification for EPT Violations"). */
#define EPT_VIOLATION_READ          BIT(0)
#define EPT_VIOLATION_WRITE         BIT(1)
#define EPT_VIOLATION_FETCH         BIT(2)
#define EPT_VIOLATION_RIGHTS_SHIFT  3 /* EPT_READ, EPT_WRITE, EPT_EXECUTE of the translation */
#define EPT_VIOLATION_LINEAR_VALID  BIT(7)
#define EPT_VIOLATION_FINAL_ADDRESS BIT(8)

/* A table of the nested kind, page-aligned; its linear address is its physical one. */
struct nested_table {
	uint64_t entries[PAGE_TABLE_ENTRIES];
};

#define NESTED_TABLES_MIN 4 /* for one mapping */

struct nested {
	/* The caller sets these before the first reset, and leaves them alone after it. */
	struct nested_table *tables;
	size_t table_count; /* at least NESTED_TABLES_MIN */
	struct host_memory memory;
	struct ept_features features;
	uint64_t
	        scratch_page; /* host-physical; what guests get in place of memory that memory.at() denies them */

	/* One page that is mapped beside the EPT, for walks through guest page tables only: where VMCB.CR3 points when
	 * the PDPTEs are not the guest's.  An address that no guest uses; host-physical 0: none. */
	uint64_t private_guest_physical;
	uint64_t private_host_physical;

	/* owned by nested.c */
	size_t tables_used;
	bool is_ept;
	uint64_t ept_pointer;
	uint64_t window, window_bytes;
	bool flush;
};

/* The guest's page-modification log (PML_ADDRESS, GUEST_PML_INDEX); the caller writes index back to the VMCS. */
struct page_modification_log {
	bool enabled;
	uint64_t address; /* host-physical */
	uint16_t index;
};

enum nested_outcome {
	NESTED_RESUME, /* the page is mapped: enter the guest again at the same instruction */
	NESTED_EPT_VIOLATION,
	NESTED_EPT_MISCONFIGURATION,
	NESTED_LOG_FULL, /* exit reason 62; the access has not happened */
};

/* Start with no mapping.  Called for another EPT pointer, for INVEPT and for changed features; ept_pointer has
 * passed the checks of VM entry (4 levels, address within the physical width). */
void nested_reset(struct nested *nested, uint64_t ept_pointer);

/* The same for a guest without EPT: [window, window + bytes) is mapped one to one, readable, writable and
 * executable; all other addresses lead to the scratch page.  Multiples of 4 KiB. */
void nested_reset_window(struct nested *nested, uint64_t window, uint64_t bytes);

/* The value for VMCB.N_CR3; the same for the life of *nested. */
uint64_t nested_root(const struct nested *nested);

/* Must the caller flush the TLB (TLB_CONTROL) before the next VMRUN?  True once after mappings were dropped or lost
 * rights. */
bool nested_take_flush(struct nested *nested);

/*
 * Deal with a nested page fault.
 *
 * guest_physical: EXITINFO2; exit_info_1: EXITINFO1; log: NULL for none.  *exit_qualification is set with
 * NESTED_EPT_VIOLATION: bits 8:0, with bit 7, "guest linear address valid", always set.
 */
enum nested_outcome nested_fault(struct nested *nested, uint64_t guest_physical,
        uint64_t exit_info_1, struct page_modification_log *log, uint64_t *exit_qualification);

/* Where guest_physical is, for the kernel's own reads and writes of guest memory: the kernel's pointer, good to the end
 * of the 4 KiB page, or NULL when the guest may not access it so or has no memory there.  Sets no flags. */
void *nested_memory(const struct nested *nested, uint64_t guest_physical, bool write);

/* The same as a host-physical address; false for NULL. */
bool nested_translate(
        const struct nested *nested, uint64_t guest_physical, bool write, uint64_t *host_physical);

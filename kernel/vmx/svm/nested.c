/* Nested page tables, filled fault by fault. */
#include "vmx/svm/nested.h"

#include <r33/controls.h>

#define PAGE_OFFSET(address) ((address) & (PAGE_BYTES - 1))
#define PAGE_OF(address)     ((address) & ~(PAGE_BYTES - 1))

#define ENTRY_ADDRESS (BIT(52) - PAGE_BYTES) /* of a nested entry */

#define EPT_ACCESSED BIT(8)
#define EPT_DIRTY    BIT(9)

#define LOG_ENTRIES 512 /* of 8 bytes */

#define LEVELS 4

/* Nested entries need U = 1: guest accesses count as the user's. */
#define TABLE_ENTRY (PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER)

/* Drop all mappings. */
static void
drop_all(struct nested *nested)
{
	for (size_t i = 0; i < PAGE_TABLE_ENTRIES; i++)
		nested->tables[0].entries[i] = 0;
	nested->tables_used = 1;
	nested->flush = true;
}

void
nested_reset(struct nested *nested, uint64_t ept_pointer)
{
	drop_all(nested);
	nested->is_ept = true;
	nested->ept_pointer = ept_pointer;
}

void
nested_reset_window(struct nested *nested, uint64_t window, uint64_t bytes)
{
	drop_all(nested);
	nested->is_ept = false;
	nested->window = window;
	nested->window_bytes = bytes;
}

uint64_t
nested_root(const struct nested *nested)
{
	return (uintptr_t)nested->tables;
}

bool
nested_take_flush(struct nested *nested)
{
	bool flush = nested->flush;

	nested->flush = false;
	return flush;
}

/* The entry for the page, below tables that are made where they are missing; NULL when there are none left. */
static uint64_t *
page_entry(struct nested *nested, uint64_t guest_physical)
{
	struct nested_table *table = nested->tables;

	for (unsigned level = LEVELS;; level--) {
		uint64_t *entry = &table->entries[(guest_physical >> (12 + 9 * (level - 1))) %
		                                  PAGE_TABLE_ENTRIES];

		if (level == 1)
			return entry;
		if (*entry & PAGE_PRESENT) {
			table = (struct nested_table *)(uintptr_t)(*entry & ENTRY_ADDRESS);
			continue;
		}
		if (nested->tables_used == nested->table_count)
			return NULL;
		table = &nested->tables[nested->tables_used++];
		for (size_t i = 0; i < PAGE_TABLE_ENTRIES; i++)
			table->entries[i] = 0;
		*entry = (uintptr_t)table | TABLE_ENTRY;
	}
}

/* Map one page; rights as in EPT entries. */
static void
map(struct nested *nested, uint64_t guest_physical, uint64_t host_physical, uint64_t rights)
{
	uint64_t *entry = page_entry(nested, guest_physical);
	uint64_t wanted = PAGE_OF(host_physical) | PAGE_PRESENT | PAGE_USER;

	if (entry == NULL) {
		drop_all(nested);
		entry = page_entry(nested, guest_physical);
	}
	if (rights & EPT_WRITE)
		wanted |= PAGE_WRITABLE;
	if (!(rights & EPT_EXECUTE))
		wanted |= PAGE_NO_EXECUTE;
	if ((*entry & PAGE_PRESENT) &&
	        ((*entry & ENTRY_ADDRESS) != (wanted & ENTRY_ADDRESS) ||
	                (*entry & ~wanted & PAGE_WRITABLE) || (~*entry & wanted & PAGE_NO_EXECUTE)))
		nested->flush = true;
	*entry = wanted;
}

/* The page itself, or the scratch page where the guest has no business. */
static uint64_t
allowed_page(const struct nested *nested, uint64_t host_physical)
{
	if (nested->memory.at(nested->memory.context, PAGE_OF(host_physical), true) == NULL)
		return nested->scratch_page;
	return host_physical;
}

static bool
in_window(const struct nested *nested, uint64_t guest_physical)
{
	return guest_physical >= nested->window &&
	       guest_physical - nested->window < nested->window_bytes;
}

/* The access as bits 2:0 of the exit qualification. */
static uint64_t
access_bits(const struct nested *nested, uint64_t exit_info_1, const struct ept_walk *walk)
{
	if (exit_info_1 & NPF_GUEST_PAGE_TABLE) {
		if (nested->ept_pointer & EPTP_ACCESSED_DIRTY)
			return EPT_VIOLATION_READ | EPT_VIOLATION_WRITE;
		/* The entry is read first, and written when its accessed flag has to be set. */
		return walk->rights & EPT_READ ? EPT_VIOLATION_WRITE : EPT_VIOLATION_READ;
	}
	if (exit_info_1 & NPF_FETCH)
		return EPT_VIOLATION_FETCH;
	return exit_info_1 & NPF_WRITE ? EPT_VIOLATION_WRITE : EPT_VIOLATION_READ;
}

static uint64_t
violation_qualification(uint64_t access, const struct ept_walk *walk, uint64_t exit_info_1)
{
	return access | walk->rights << EPT_VIOLATION_RIGHTS_SHIFT | EPT_VIOLATION_LINEAR_VALID |
	       (exit_info_1 & NPF_FINAL_ADDRESS ? EPT_VIOLATION_FINAL_ADDRESS : 0);
}

/* Append a page to the log; the index wraps below 0 (SDM 3C, "Page-Modification Logging"). */
static void
log_page(const struct nested *nested, struct page_modification_log *log, uint64_t guest_physical)
{
	uint64_t *place = nested->memory.at(
	        nested->memory.context, PAGE_OF(log->address) + log->index * sizeof(*place), true);

	if (place != NULL)
		*place = PAGE_OF(guest_physical);
	log->index--;
}

/* Set the flags that an access sets; false when the log is full, and then none is. */
static bool
set_flags(const struct nested *nested, const struct ept_walk *walk, bool write,
        uint64_t guest_physical, struct page_modification_log *log)
{
	unsigned leaf = walk->entry_count - 1;
	bool is_logged = log != NULL && log->enabled;
	bool was_dirty = *walk->entries[leaf] & EPT_DIRTY;
	bool missing = write && !was_dirty;

	for (unsigned i = 0; i <= leaf; i++)
		missing |= !(*walk->entries[i] & EPT_ACCESSED);
	if (!missing)
		return true;
	if (is_logged && log->index >= LOG_ENTRIES)
		return false;
	for (unsigned i = 0; i <= leaf; i++) {
		uint64_t *place =
		        nested->memory.at(nested->memory.context, walk->addresses[i], true);

		if (place != NULL)
			*place |= EPT_ACCESSED | (i == leaf && write ? EPT_DIRTY : 0);
	}
	if (is_logged && write && !was_dirty)
		log_page(nested, log, guest_physical);
	return true;
}

static enum nested_outcome
ept_fault(struct nested *nested, uint64_t guest_physical, uint64_t exit_info_1,
        struct page_modification_log *log, uint64_t *exit_qualification)
{
	struct ept_walk walk =
	        ept_walk(&nested->memory, &nested->features, nested->ept_pointer, guest_physical);
	uint64_t access = access_bits(nested, exit_info_1, &walk);
	uint64_t rights = walk.rights;

	if (walk.result == EPT_MISCONFIGURED)
		return NESTED_EPT_MISCONFIGURATION;
	/* Bits 2:0 of the qualification and of an entry name the same rights. */
	if (walk.result == EPT_NOT_PRESENT || (access & ~rights) != 0) {
		*exit_qualification = violation_qualification(access, &walk, exit_info_1);
		return NESTED_EPT_VIOLATION;
	}
	if (nested->ept_pointer & EPTP_ACCESSED_DIRTY) {
		bool write = access & EPT_VIOLATION_WRITE;

		if (!set_flags(nested, &walk, write, guest_physical, log))
			return NESTED_LOG_FULL;
		/* The first write is to fault.  A write gets through even where the flag cannot be set, because
		 * otherwise it would fault again and again. */
		if (!write && !(*walk.entries[walk.entry_count - 1] & EPT_DIRTY))
			rights &= ~EPT_WRITE;
	}
	map(nested, guest_physical, allowed_page(nested, walk.physical), rights);
	return NESTED_RESUME;
}

enum nested_outcome
nested_fault(struct nested *nested, uint64_t guest_physical, uint64_t exit_info_1,
        struct page_modification_log *log, uint64_t *exit_qualification)
{
	if (nested->private_host_physical != 0 && (exit_info_1 & NPF_GUEST_PAGE_TABLE) &&
	        PAGE_OF(guest_physical) == PAGE_OF(nested->private_guest_physical)) {
		map(nested, guest_physical, nested->private_host_physical, EPT_READ | EPT_WRITE);
		return NESTED_RESUME;
	}
	if (nested->is_ept)
		return ept_fault(nested, guest_physical, exit_info_1, log, exit_qualification);
	map(nested, guest_physical,
	        in_window(nested, guest_physical) ? guest_physical : nested->scratch_page,
	        EPT_READ_WRITE_EXECUTE);
	return NESTED_RESUME;
}

bool
nested_translate(
        const struct nested *nested, uint64_t guest_physical, bool write, uint64_t *host_physical)
{
	struct ept_walk walk;

	if (!nested->is_ept) {
		*host_physical = guest_physical;
		return in_window(nested, guest_physical);
	}
	walk = ept_walk(&nested->memory, &nested->features, nested->ept_pointer, guest_physical);
	*host_physical = walk.physical;
	return walk.result == EPT_FOUND && (walk.rights & (write ? EPT_WRITE : EPT_READ)) &&
	       nested->memory.at(nested->memory.context, walk.physical, write) != NULL;
}

void *
nested_memory(const struct nested *nested, uint64_t guest_physical, bool write)
{
	uint64_t host_physical;

	if (!nested_translate(nested, guest_physical, write, &host_physical))
		return NULL;
	return nested->memory.at(nested->memory.context, host_physical, write);
}

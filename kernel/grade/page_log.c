/* A page-modification log. */
#include "grade/page_log.h"

#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/paging.h>
#include <r33/vmcs_fields.h>

#include "cpu/frames.h"
#include "grade/guest_memory.h"
#include "lib/string.h"
#include "vmx/backend.h"

/* No page's address: what was never written. */
#define UNTOUCHED (~0ull)

static uint64_t *log;

/* Without large pages, for a log of single pages. New tables for each guest: of those it knows,
 * the processor may remember which pages are dirty. */
static uint64_t
build_ept(void)
{
	uint64_t *pml4 = frame_allocate(), *pdpt = frame_allocate();
	uint64_t *directory = frame_allocate(), *table = frame_allocate();

	pml4[0] = (uint64_t)pdpt | EPT_READ_WRITE_EXECUTE;
	pdpt[0] = (uint64_t)directory | EPT_READ_WRITE_EXECUTE;
	directory[GUEST_WINDOW / LARGE_PAGE_BYTES] = (uint64_t)table | EPT_READ_WRITE_EXECUTE;
	for (uint64_t i = 0; i < PAGE_TABLE_ENTRIES; i++)
		table[i] =
		        (GUEST_WINDOW + i * PAGE_BYTES) | EPT_READ_WRITE_EXECUTE | EPT_WRITE_BACK;
	return (uint64_t)pml4 | MEMORY_TYPE_WB | EPTP_FOUR_LEVELS | EPTP_ACCESSED_DIRTY;
}

void
page_log_write_controls(const struct guest *guest)
{
	(void)guest;
	if (!log)
		log = frame_allocate();
	memset(log, 0xff, PAGE_BYTES);
	vmcs_write(PML_ADDRESS, (uint64_t)log);
	vmcs_write(EPT_POINTER, build_ept());
}

uint64_t
page_log_first_used(void)
{
	for (unsigned i = PAGE_LOG_ENTRIES; i-- > 0;)
		if (log[i] != UNTOUCHED)
			return i;
	return PAGE_LOG_UNUSED;
}

bool
page_log_names(uint64_t address)
{
	for (unsigned i = 0; i < PAGE_LOG_ENTRIES; i++)
		if (log[i] == address)
			return true;
	return false;
}

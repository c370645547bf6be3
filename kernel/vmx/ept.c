/* Extended page tables for one window of memory. */
#include "vmx/ept.h"

#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/paging.h>

#include "cpu/frames.h"

#define LOW_MEMORY_BYTES (1ull << 20)
#define FIRMWARE_BYTES   (64ull << 10)

uint64_t
ept_build(uint64_t window)
{
	uint64_t *pml4 = frame_allocate();
	uint64_t *pdpt = frame_allocate();
	uint64_t *directory = frame_allocate();
	uint64_t *low_pages = frame_allocate();
	uint64_t *high_directory = frame_allocate();
	uint64_t *high_pages = frame_allocate();

	pml4[0] = (uint64_t)pdpt | EPT_READ_WRITE_EXECUTE;
	pdpt[0] = (uint64_t)directory | EPT_READ_WRITE_EXECUTE;
	directory[0] = (uint64_t)low_pages | EPT_READ_WRITE_EXECUTE;
	directory[window / LARGE_PAGE_BYTES] =
	        window | EPT_READ_WRITE_EXECUTE | EPT_WRITE_BACK | EPT_LARGE;
	for (uint64_t page = 0; page < LOW_MEMORY_BYTES; page += PAGE_BYTES)
		low_pages[page / PAGE_BYTES] =
		        (window + page) | EPT_READ_WRITE_EXECUTE | EPT_WRITE_BACK;
	pdpt[3] = (uint64_t)high_directory | EPT_READ_WRITE_EXECUTE;
	high_directory[PAGE_TABLE_ENTRIES - 1] = (uint64_t)high_pages | EPT_READ_WRITE_EXECUTE;
	for (uint64_t page = 1; page <= FIRMWARE_BYTES / PAGE_BYTES; page++)
		high_pages[PAGE_TABLE_ENTRIES - page] =
		        low_pages[LOW_MEMORY_BYTES / PAGE_BYTES - page];
	return (uint64_t)pml4 | MEMORY_TYPE_WB | EPTP_FOUR_LEVELS;
}

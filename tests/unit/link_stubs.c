/*
 * What lab 6's cases and judge ask of the kernel, for tests without a processor: VMCS regions at
 * addresses of their own, whose first 4 bytes the tests can read.
 */
#include "link_stubs.h"

#include <r33/controls.h>

#include "dev/timer.h"
#include "grade/guest_memory.h"
#include "grade/page_log.h"
#include "grade/virtual_apic.h"
#include "vmx/backend.h"

uint64_t stub_fields[0x8000];

bool
stub_region(uint64_t address, uint64_t *first)
{
	static const uint32_t headers[] = {
		[LINK_ORDINARY] = STUB_REVISION,
		[LINK_SHADOW] = STUB_REVISION | VMCS_SHADOW_INDICATOR,
		[LINK_OTHER_REVISION] = STUB_REVISION + 1,
		[LINK_CURRENT] = STUB_REVISION,
	};
	uint64_t kind = (address - STUB_REGIONS) / 4096;

	if (address < STUB_REGIONS || address % 4096 || kind > LINK_CURRENT)
		return false;
	*first = headers[kind];
	return true;
}

void
linked_vmcs_wish(struct guest *guest, enum linked_vmcs kind)
{
	uint64_t address = STUB_REGIONS + kind * 4096ull, first = 0;

	stub_region(address, &first);
	guest->linked_vmcs += address;
	guest->linked_vmcs_header = (uint32_t)first;
}

void
linked_vmcs_write_controls(const struct guest *guest)
{
	(void)guest;
}

void
linked_vmcs_describe(const struct guest *guest, char *text, size_t size)
{
	(void)guest;
	(void)text;
	(void)size;
}

uint64_t
linked_vmcs_written_value(void)
{
	return WRITTEN_VALUE;
}

void
virtual_apic_write_controls(const struct guest *guest)
{
	(void)guest;
}

void
page_log_write_controls(const struct guest *guest)
{
	(void)guest;
}

uint64_t
page_log_first_used(void)
{
	return 511;
}

bool
page_log_names(uint64_t address)
{
	return address == GUEST_WINDOW + DIRTY_OFFSET;
}

void
guest_empty_pdpt(void)
{
}

void
guest_write_pdpt(const struct guest *guest)
{
	(void)guest;
}

uint64_t
timer_tsc_per_tick(void)
{
	return STUB_TSC_PER_TICK;
}

uint64_t
vmcs_read(uint32_t field)
{
	return stub_fields[field % 0x8000];
}

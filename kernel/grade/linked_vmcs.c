/* VMCS regions to link to, and the guard over the link pointer. */
#include "grade/linked_vmcs.h"

#include <r33/controls.h>
#include <r33/vmcs_fields.h>

#include "../tests/guests/report.h"
#include "cpu/frames.h"
#include "lib/format.h"
#include "vmx/backend.h"
#include "vmx/regions.h"

#define REGIONS 3 /* the kinds before LINK_CURRENT */
#define NO_LINK (~0ull)

static uint64_t regions[REGIONS];

/* VMREAD and VMWRITE work on the current VMCS only, and it is the guest's own that stays current. */
static void
fill_shadow(uint64_t region)
{
	vmcs_require(vmx->load(region), "VMPTRLD", region);
	vmcs_write(LINKED_FIELD, LINKED_VALUE);
	vmcs_write(WRITTEN_FIELD, 0);
	vmcs_require(vmx->clear(region), "VMCLEAR", region);
}

void
linked_vmcs_wish(struct guest *guest, enum linked_vmcs kind)
{
	uint64_t address = guest_vmcs();

	if (kind < REGIONS) {
		vmcs_region_refresh(&regions[kind]);
		address = regions[kind];
	}
	if (kind == LINK_OTHER_REVISION)
		++*(uint32_t *)address;
	if (kind == LINK_SHADOW) {
		*(uint32_t *)address |= VMCS_SHADOW_INDICATOR;
		/* Without shadowing VMPTRLD refuses it. */
		if (vmx_capabilities.secondary.may_be_one & SECONDARY_VMCS_SHADOWING)
			fill_shadow(address);
	}
	guest->linked_vmcs += address;
	guest->linked_vmcs_header = *(uint32_t *)address;
}

void
linked_vmcs_write_controls(const struct guest *guest)
{
	static void *zero_bitmap;

	(void)guest;
	if (!zero_bitmap)
		zero_bitmap = frame_allocate();
	vmcs_write(VMREAD_BITMAP_ADDRESS, (uint64_t)zero_bitmap);
	vmcs_write(VMWRITE_BITMAP_ADDRESS, (uint64_t)zero_bitmap);
}

static bool
shadowing_is_on(void)
{
	uint64_t controls;

	return vmx->read(SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, &controls) ==
	               VMX_SUCCEED &&
	       (controls & SECONDARY_VMCS_SHADOWING);
}

void
linked_vmcs_describe(const struct guest *guest, char *text, size_t size)
{
	if (guest->linked_vmcs || shadowing_is_on())
		format_string(text, size, "; VMCS shadowing %u, current VMCS %#lx",
		        shadowing_is_on(), guest_vmcs());
}

bool
linked_vmcs_at(uint64_t address)
{
	uint64_t page = address & ~(PAGE_BYTES - 1);

	for (unsigned i = 0; i < REGIONS; i++)
		if (page && page == regions[i])
			return true;
	return page == guest_vmcs();
}

bool
linked_vmcs_is_harmless(void)
{
	uint64_t pointer = vmcs_read(VMCS_LINK_POINTER);

	return pointer == NO_LINK || vmcs_address_is_malformed(pointer) ||
	       linked_vmcs_at(pointer) || (pointer == 0 && !shadowing_is_on());
}

uint64_t
linked_vmcs_written_value(void)
{
	uint64_t region = regions[LINK_SHADOW], value;

	vmcs_require(vmx->load(region), "VMPTRLD", region);
	value = vmcs_read(WRITTEN_FIELD);
	vmcs_require(vmx->clear(region), "VMCLEAR", region);
	vmcs_require(vmx->load(guest_vmcs()), "VMPTRLD", guest_vmcs());
	return value;
}

/* What guest-physical addresses mean: what the EPT maps, or, without EPT, the guest's window. */
#include <r33/controls.h>
#include <r33/vmcs_fields.h>

#include "cpu/frames.h"
#include "vmx/backend.h"
#include "vmx/svm/guest.h"

#define NESTED_TABLES 32
#define NO_EPT        (~0ull)

/* A guest-physical address for the PDPTEs: where a PC has its local APIC, no guest of the course has memory. */
#define PRIVATE_PAGE 0xfee00000ull

static struct nested nested;
static uint64_t shadowed; /* the EPT pointer that nested shadows; NO_EPT: the window */

static void *
host_memory_at(void *context, uint64_t physical, bool write)
{
	(void)context;
	(void)write;
	return svm_is_memory(physical, 1) ? (void *)physical : NULL;
}

void
svm_memory_init(struct svm_guest *guest)
{
	nested.tables = frames_allocate(NESTED_TABLES);
	nested.table_count = NESTED_TABLES;
	nested.memory = (struct host_memory){ host_memory_at, NULL };
	nested.features = (struct ept_features){
		.physical_bits = guest->capabilities->physical_address_width,
		.execute_only = guest->capabilities->ept_vpid & 1,
		.pages_2_mib = guest->capabilities->ept_vpid >> 16 & 1,
		.pages_1_gib = guest->capabilities->ept_vpid >> 17 & 1,
	};
	nested.scratch_page = (uint64_t)frame_allocate();
	nested.private_guest_physical = PRIVATE_PAGE;
	nested.private_host_physical = (uint64_t)guest->pdpt;
	guest->nested = &nested;
}

/* Guest-physical memory: what the EPT maps, or without EPT the guest's window. */
void
svm_prepare_memory(struct svm_guest *guest)
{
	bool has_ept = guest->secondary & SECONDARY_EPT;
	uint64_t wanted = has_ept ? svm_field(guest, EPT_POINTER) : NO_EPT;

	/* The kernel changes none of its EPTs but by page-modification logging's flags: those of the same
	 * address may be another guest's. */
	if (wanted != shadowed || (guest->secondary & SECONDARY_PML)) {
		if (has_ept)
			nested_reset(&nested, wanted);
		else
			nested_reset_window(&nested, vmx_window.base, vmx_window.bytes);
		shadowed = wanted;
	}
	guest->vmcb->nested_control = NESTED_PAGING;
	guest->vmcb->nested_cr3 = nested_root(&nested);
}

/*
 * Show where the processor keeps a VMCS's fields in memory: see vmcs_readings.h.
 *
 * The architecture leaves that open, and versions of an emulator differ.
 */
#include "grade/vmcs_layout.h"

#include "cpu/frames.h"
#include "vmx/backend.h"
#include "vmx/regions.h"

volatile uint8_t vmcs_layout_wanted;
struct vmcs_readings vmcs_layout_readings;
uint8_t vmcs_layout_region[VMCS_REGION_BYTES] __attribute__((aligned(PAGE_BYTES)));

void
vmcs_layout_show(void)
{
	bool is_missing[VMCS_LAYOUT_FIELDS] = { false };
	uint64_t region = (uint64_t)vmcs_layout_region;

	if (!vmcs_layout_wanted)
		return;
	vmcs_region_refresh(&region);
	vmcs_require(vmx->load(region), "VMPTRLD", region);
	/* The region is current: a processor that copied it at VMPTRLD is found out.  The first round only
	 * learns which fields are missing, for VMREAD of one writes VM_INSTRUCTION_ERROR. */
	for (unsigned round = 0; round <= VMCS_FILLINGS; round++) {
		uint64_t *read = vmcs_layout_readings.read[round % VMCS_FILLINGS];

		vmcs_fill(vmcs_layout_region, round % VMCS_FILLINGS);
		for (unsigned i = 0; i < VMCS_LAYOUT_FIELDS; i++)
			if (!is_missing[i])
				is_missing[i] =
				        vmx->read(vmcs_layout_fields[i], &read[i]) != VMX_SUCCEED;
	}
	vmcs_region_refresh(&region);
	vmcs_layout_readings.complete = 1;
}

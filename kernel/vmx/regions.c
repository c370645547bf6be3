/* VMCS regions: memory that holds a VMCS, and the two of the case at hand. */
#include "vmx/regions.h"

#include "cpu/frames.h"
#include "lib/string.h"
#include "vmx/backend.h"

#define REVISION_MASK 0x7fffffffu

struct vmcs_pool vmcs_pool;

void
vmcs_region_refresh(uint64_t *region)
{
	if (!*region)
		*region = (uint64_t)frame_allocate();
	/* VMCLEAR first: what the processor may still hold of the region goes to memory before we clean it. */
	vmcs_require(vmx->clear(*region), "VMCLEAR", *region);
	memset((void *)*region, 0, PAGE_BYTES);
	*(uint32_t *)*region = (uint32_t)vmx_capabilities.vmx_basic & REVISION_MASK;
	vmcs_require(vmx->clear(*region), "VMCLEAR", *region);
}

void
vmcs_pool_refresh(void)
{
	vmcs_region_refresh(&vmcs_pool.regions[0]);
	vmcs_region_refresh(&vmcs_pool.regions[1]);
	vmcs_require(vmx->load(vmcs_pool.regions[0]), "VMPTRLD", vmcs_pool.regions[0]);
}

uint64_t
guest_vmcs(void)
{
	if (!vmcs_pool.regions[0])
		vmcs_region_refresh(&vmcs_pool.regions[0]);
	return vmcs_pool.regions[0];
}

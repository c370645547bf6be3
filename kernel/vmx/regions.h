/* VMCS regions: memory that holds a VMCS, and the two of the case at hand. */
#pragma once

#include <stdint.h>

/* The VMCS regions a part with may_enter may name; the first is the one being filled. */
struct vmcs_pool {
	uint64_t regions[2];
	/* The VMX-preemption timer that a part sees counts 2^timer_shift times slower than the
	 * processor's, and IA32_VMX_MISC says so. */
	unsigned timer_shift;
};

/* The pool of the case at hand. */
extern struct vmcs_pool vmcs_pool;

/* *region = the address of a VMCS region, allocated when it is 0, cleared and without any state but
 * the revision identifier. */
void vmcs_region_refresh(uint64_t *region);

/* Both regions of the pool afresh, and the first one current. */
void vmcs_pool_refresh(void);

/* Physical address of the VMCS that vmcs_pool_refresh() makes current. */
uint64_t guest_vmcs(void);

/*
 * What a debugger outside of the machine wants to know of VMX that software performs: r33 gdb reads it in the
 * kernel's memory (tools/r33/gdb/qemu_guest.c).
 */
#pragma once

#include <stdint.h>

#define SVM_SHOWN_NOTHING UINT64_MAX

struct svm_shown {
	uint64_t in_guest;    /* written by entry.S: VMRUN is next, or has not come back */
	uint64_t is_on;       /* this back end performs VMX */
	uint64_t vmcs;        /* the current-VMCS pointer; SVM_SHOWN_NOTHING: there is none */
	uint64_t vmruns;      /* since the VM entry began: 1 at its first VMRUN */
	uint64_t ept_pointer; /* SVM_SHOWN_NOTHING: guest-physical addresses are host-physical */
	/* A guest-physical page that is nobody's but ours: the PDPTEs. */
	uint64_t pdpt_guest_physical, pdpt_host_physical;
	/* Where the guest's registers are not the processor's. */
	uint64_t cr3, cr4, efer, pat, sysenter_cs, sysenter_esp, sysenter_eip;
};

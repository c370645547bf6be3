/* VMLAUNCH, VMRESUME and the way back (vmx/entry.S). */
#pragma once

#include <stdbool.h>

#include "cpu/trap.h"
#include "rules/names.h"
#include "vmx/backend.h"

/*
 * Enter the guest of the current VMCS with the general registers of *registers; at the VM exit
 * store the guest's there.  resume: VMRESUME, else VMLAUNCH.
 *
 * Writes HOST_RSP; HOST_RIP must be vmx_exit_point (host_state_write() sees to it).  Interrupts
 * must be off.  RFLAGS is 2 after a VM exit; DR7, GDTR and IDTR limits are what a VM exit leaves.
 */
enum vmx_result vmx_enter(struct guest_registers *registers, bool resume);

/* Is this exit the machine's doing, whatever guest ran: an NMI or a machine check, which also ends a VM
 * entry (SDM 3C appendix C, "VMX Basic Exit Reasons"; 25.9.2)?  interruption: VM-exit interruption
 * information, looked at with exit reason 0 only. */
static inline bool
exit_is_the_machines(uint64_t exit_reason, uint64_t interruption)
{
	bool nmi = (interruption & EVENT_TYPE) == EVENT_NMI;

	return (uint16_t)exit_reason == EXIT_REASON_ENTRY_MACHINE_CHECK ||
	       (exit_reason == EXIT_REASON_EXCEPTION_OR_NMI &&
	               (nmi || (uint8_t)interruption == VECTOR_MC));
}

/* Where every VM exit arrives; not to be called. */
void vmx_exit_point(void);

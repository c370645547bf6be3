/* VMLAUNCH, VMRESUME and the way back (vmx/entry.S). */
#pragma once

#include <stdbool.h>

#include "vmx/backend.h"

/*
 * Enter the guest of the current VMCS with the general registers of *registers; at the VM exit
 * store the guest's there.  resume: VMRESUME, else VMLAUNCH.
 *
 * Writes HOST_RSP; HOST_RIP must be vmx_exit_point (host_state_write() sees to it).  Interrupts
 * must be off.  RFLAGS is 2 after a VM exit; DR7, GDTR and IDTR limits are what a VM exit leaves.
 */
enum vmx_result vmx_enter(struct guest_registers *registers, bool resume);

/* Where every VM exit arrives; not to be called. */
void vmx_exit_point(void);

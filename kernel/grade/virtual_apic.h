/* A virtual APIC with the interrupts that a guest wishes for (SDM 3C, chapter "APIC Virtualization
 * and Virtual Interrupts"). */
#pragma once

#include <stdint.h>

#include <r33/controls.h>
#include <r33/guest.h>

#include "vmx/controls.h"

/* For test_case.write_controls: make the virtual-APIC page afresh, from virtual_irr and
 * virtual_isr, and name it. */
void virtual_apic_write_controls(const struct guest *guest);

/* In a case. */
#define VIRTUAL_INTERRUPTS_ON \
	.controls = { .on = { [PRIMARY_CONTROLS] = PRIMARY_TPR_SHADOW, \
		              [SECONDARY_CONTROLS] = SECONDARY_VIRTUAL_INTERRUPT_DELIVERY } }, \
	.write_controls = virtual_apic_write_controls

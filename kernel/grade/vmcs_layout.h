/* Where the processor keeps a VMCS's fields in memory, for a debugger that cannot execute VMREAD. */
#pragma once

#include "grade/vmcs_readings.h"

/*
 * r33 gdb finds these by their names.  It sets the first when the kernel begins, and reads the others when
 * a debugger is to show a VMCS: the readings, and a region whose launch state is clear.
 */
extern volatile uint8_t vmcs_layout_wanted;
extern struct vmcs_readings vmcs_layout_readings;
extern uint8_t vmcs_layout_region[VMCS_REGION_BYTES];

/* Take the readings, if they are wanted.  To be called in VMX operation, without a current VMCS; leaves
 * none. */
void vmcs_layout_show(void);

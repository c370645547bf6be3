/* Grade: one case after the other, a test point each. */
#pragma once

#include <stdint.h>

#include "boot/options.h"
#include "vmx/controls.h"

/* Grades the cases that the options select; every one is reported.  Returns the status for the
 * end line: END_DONE, or END_HARNESS when a case contradicted the processor. */
int grade_run(const struct options *options);

/* A fresh current VMCS for the guest: control fields (controls_write()) and host state written,
 * guest state zero. */
struct guest;
void grade_prepare_vmcs(const struct guest *guest, const struct control_wish *controls);

/* Physical address of the VMCS that grade_prepare_vmcs() makes current. */
uint64_t grade_current_vmcs(void);

/* *region = the address of a VMCS region, allocated when it is 0, cleared and without any state but
 * the revision identifier. */
void grade_fresh_vmcs_region(uint64_t *region);

/* The regions it uses: the current VMCS and a second one. */
struct lab_vmcs_pool;
const struct lab_vmcs_pool *grade_vmcs_pool(void);

/* Let the reference parts fill all fields but those of the part to be graded (NULL: all).
 * Returns the number of the part that failed, 0 when all is well. */
struct part;
unsigned grade_run_reference(const struct guest *guest, const struct part *graded);

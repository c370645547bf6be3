/* Grade: one case after the other, a test point each. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmx/controls.h"

/* Which cases are graded. */
struct case_selection {
	bool all_labs;         /* that have a module */
	unsigned lab;          /* or this one */
	const char *only_case; /* "": all cases */
};

/* Grades the cases that are selected; every one is reported.  Returns the status for the
 * end line: END_DONE, or END_HARNESS when a case contradicted the processor. */
int grade_run(const struct case_selection *selection);

/* A fresh current VMCS for the guest: control fields (controls_write()) and host state written,
 * guest state zero. */
struct guest;
void grade_prepare_vmcs(const struct guest *guest, const struct control_wish *controls);

/* Let the reference parts fill all fields but those of the part to be graded (NULL: all).
 * Returns the number of the part that failed, 0 when all is well. */
struct part;
unsigned grade_run_reference(const struct guest *guest, const struct part *graded);

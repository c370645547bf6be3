/* What became of each field of a part: for the picture of the guest-state area. */
#pragma once

#include "grade/judge.h"

/* Fill result->fields, with the part just run and nothing entered yet.  A case that must be refused
 * leaves it empty: there is no right value. */
void judge_fields(const struct verdict_input *input, struct case_result *result);

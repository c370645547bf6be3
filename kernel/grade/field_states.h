/* What became of each field of a part: for the picture of the guest-state area. */
#pragma once

#include "grade/judge.h"

/* Fill result->fields, with the part just run and nothing entered yet.  A case that must be refused
 * leaves it empty: there is no right value. */
void judge_fields(const struct verdict_input *input, struct case_result *result);

/* What the part wrote to the field, as far as the field has room for it; false when it did not. */
bool field_written_value(const struct lab_log *log, uint32_t field, uint64_t *value);

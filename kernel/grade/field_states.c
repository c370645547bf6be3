/* What became of each field of a part: only the verdict, never the value that would be right. */
#include "grade/field_states.h"

#include <r33/vmcs_fields.h>

#define FIELD_HIGH_HALF 1u

/* VMWRITE ignores the bits for which the field has no room (SDM 3D appendix B, "Field Encoding in
 * VMCS"). */
static uint64_t
without_excess(uint32_t field, uint64_t value)
{
	return value & ~0ull >> (64 - vmcs_field_bits(field));
}

/* Half writes are in the VMCS only; all others count as they were written, for the front end may have
 * made another value of them. */
bool
field_written_value(const struct lab_log *log, uint32_t field, uint64_t *value)
{
	bool written = false;

	for (size_t i = 0; i < log->write_count; i++) {
		if (log->writes[i].field == (field | FIELD_HIGH_HALF))
			return vmx->read(field, value) == VMX_SUCCEED;
		if (log->writes[i].field == field) {
			*value = without_excess(field, log->writes[i].value);
			written = true;
		}
	}
	return written;
}

static enum field_state
state_of(uint32_t field, const struct lab_log *log, const struct observation *observations,
        size_t count)
{
	uint64_t value, wrong = 0;
	bool matters = false, written;

	/* A field that this processor lacks needs not be written. */
	if (vmx->read(field, &value) != VMX_SUCCEED)
		return FIELD_NO_MATTER;
	written = field_written_value(log, field, &value);
	for (size_t i = 0; i < count; i++) {
		if (observations[i].field != field)
			continue;
		matters = true;
		wrong |= (value ^ observations[i].expected) & observations[i].field_mask;
	}
	if (!matters)
		return FIELD_NO_MATTER;
	if (!written)
		return FIELD_UNTOUCHED;
	return wrong ? FIELD_WRONG : FIELD_RIGHT;
}

void
judge_fields(const struct verdict_input *input, struct case_result *result)
{
	size_t count;

	if (input->broken_rule_count)
		return;
	count = input->judge->observations(input->guest, input->only_values, result->observations);
	result->part = input->part;
	for (size_t i = 0; i < input->part->field_count; i++)
		result->fields[i] = (char)state_of(
		        input->part->fields[i], &result->log, result->observations, count);
}

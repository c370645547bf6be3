/* VMCS fields by name, from the same list as their encodings. */
#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "rules/rules.h"

#define FIELD_NAME(name, encoding) { encoding, #name },

static const struct {
	uint32_t field;
	const char *name;
} fields[] = { VMCS_FIELDS(FIELD_NAME) };

const char *
vmcs_field_name(uint32_t field)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (fields[i].field == field)
			return fields[i].name;
	return NULL;
}

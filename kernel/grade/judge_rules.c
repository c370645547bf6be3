/* The rules, applied to the state that a part made, or to values instead. */
#include "grade/judge_rules.h"

#include "grade/guest_memory.h"
#include "grade/linked_vmcs.h"
#include "grade/result.h"
#include "vmx/backend.h"
#include "vmx/deviations.h"
#include "vmx/regions.h"

/* The fields of the current VMCS, or, for fields in part, values instead. */
struct field_source {
	const struct part *part;
	const uint64_t *values; /* NULL: only the VMCS */
};

static bool
read_field(void *context, uint32_t field, uint64_t *value)
{
	const struct field_source *source = context;

	for (size_t i = 0; source->values && i < source->part->field_count; i++) {
		if (source->part->fields[i] == field) {
			*value = source->values[i];
			return true;
		}
	}
	return vmx->read(field, value) == VMX_SUCCEED;
}

/* Physical memory: only the guest's and the VMCS regions made for it.  The lab chooses the address,
 * and which rules are violated would reveal what is there. */
static bool
read_memory(void *context, uint64_t address, uint64_t *value)
{
	(void)context;
	if ((address < GUEST_WINDOW ||
	            address - GUEST_WINDOW > GUEST_WINDOW_BYTES - sizeof(*value)) &&
	        !linked_vmcs_at(address))
		return false;
	*value = *(const uint64_t *)address;
	return true;
}

/* Would this Bochs refuse the entry?  Where it does not, but should, it enters or breaks down. */
static bool
bochs_refuses(const struct rule_input *input, enum bochs_version version)
{
	struct rule_violation violations[MAX_RULE_VIOLATIONS];
	size_t count = rules_check_as_bochs(input, version, violations, MAX_RULE_VIOLATIONS);

	if (count > MAX_RULE_VIOLATIONS)
		count = MAX_RULE_VIOLATIONS;
	for (size_t i = 0; i < count; i++)
		if (violations[i].rule->outcome != ENGINE_PANICS)
			return true;
	return false;
}

/* Whichever of those versions it is.  A processor refuses what breaks a rule. */
static bool
engine_refuses(const struct rule_input *input)
{
	for (enum bochs_version i = deviations.first; i < deviations.end; i++)
		if (!bochs_refuses(input, i))
			return false;
	return true;
}

size_t
judge_rules(const struct part *part, const uint64_t *values, struct rule_violation *violations,
        bool *engine_lets_pass)
{
	struct field_source source = { part, values };
	struct rule_input input = {
		.read = read_field,
		.read_memory = read_memory,
		.context = &source,
		.capabilities = &vmx_capabilities,
		.current_vmcs_known = true,
		.current_vmcs = guest_vmcs(),
	};
	size_t count = rules_check(&input, violations, MAX_RULE_VIOLATIONS);

	*engine_lets_pass = count > 0 && !engine_refuses(&input);
	if (count > MAX_RULE_VIOLATIONS)
		count = MAX_RULE_VIOLATIONS;
	for (size_t i = 0; i < count; i++) {
		if (!violations[i].rule->looks_outside)
			continue;
		read_field(&source, violations[i].field, &violations[i].value);
		violations[i].offending = 0;
	}
	return count;
}

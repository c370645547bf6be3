/* Check all rules. */
#include "rules/rules.h"

#include <r33/vmcs_fields.h>

size_t
rules_check(const struct rule_input *input, struct rule_violation *violations, size_t maximum)
{
	struct rule_values values = { .capabilities = input->capabilities };
	size_t count = 0;

	if (!input->read(input->context, GUEST_CR0, &values.cr0) ||
	        !input->read(input->context, GUEST_CR3, &values.cr3) ||
	        !input->read(input->context, GUEST_CR4, &values.cr4) ||
	        !input->read(input->context, VM_ENTRY_CONTROLS, &values.entry_controls))
		return 0;
	for (size_t i = 0; i < control_register_rule_count; i++) {
		const struct rule *rule = &control_register_rules[i];
		uint64_t offending = rule->offending(&values);

		if (!offending)
			continue;
		if (count < maximum)
			violations[count] = (struct rule_violation){
				rule,
				rule->field == GUEST_CR0   ? values.cr0
				: rule->field == GUEST_CR3 ? values.cr3
				                           : values.cr4,
				offending,
			};
		count++;
	}
	return count;
}

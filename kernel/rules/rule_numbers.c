/* The numbers of the rules, in the order of the table. */
#include "rules/rules.h"

unsigned
rule_number(const struct rule *rule)
{
	unsigned before = 0;

	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		if (rule >= (*group)->rules && rule < (*group)->rules + (*group)->count)
			return before + (unsigned)(rule - (*group)->rules);
		before += (unsigned)(*group)->count;
	}
	return before;
}

const struct rule *
rule_named(uint64_t name)
{
	uint64_t number = name - RULE_NAME_FIRST;

	if (name < RULE_NAME_FIRST)
		return NULL;
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		if (number < (*group)->count)
			return &(*group)->rules[number];
		number -= (*group)->count;
	}
	return NULL;
}

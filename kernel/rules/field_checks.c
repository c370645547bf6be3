/* What many rules ask of one field. */
#include "rules/state.h"

uint64_t
field_upper_half(struct rule_state *state, unsigned index)
{
	return state->values[index] & UPPER_HALF;
}

uint64_t
field_not_canonical(struct rule_state *state, unsigned index)
{
	return not_canonical(state, state->values[index]);
}

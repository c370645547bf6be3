/* What the segment registers' rules share with those of TR and LDTR.  index: enum segment. */
#pragma once

#include "rules/state.h"

uint64_t segment_not_present(struct rule_state *state, unsigned index);
uint64_t segment_reserved_11_8(struct rule_state *state, unsigned index);
uint64_t segment_reserved_31_17(struct rule_state *state, unsigned index);
uint64_t segment_granularity_low(struct rule_state *state, unsigned index);
uint64_t segment_granularity_high(struct rule_state *state, unsigned index);

/* Bochs does not look at SS in this state; false for other registers. */
bool bochs_skips_ss(struct rule_state *state, unsigned index);

/* For the entries of rules on SS: BOCHS_SKIPS_SS(SS); nothing for other registers. */
#define BOCHS_SKIPS_SS(register_) \
	.bochs = IN_ALL(register_ == SS ? BOCHS_DIFFERS : BOCHS_AGREES), \
	.bochs_lets_pass = register_ == SS ? bochs_skips_ss : NULL, \
	.bochs_detail = \
	        IN_ALL(register_ == SS ? RULE_TEXT("not checked while the SS selector is null " \
	                                           "and the guest starts in 64-bit mode, " \
	                                           "even if SS is usable") \
	                               : NULL)

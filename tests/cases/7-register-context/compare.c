/* Lab 7: what is where it should be, and what should not be where it is. */
#include "calls.h"

#include <r33/rflags.h>

#define RFLAGS_AFTER_CALL (RFLAGS_TF | RFLAGS_DF | RFLAGS_NT | RFLAGS_AC) /* must be 0 */

static void
add_difference(struct case_result *result, const char *name, uint64_t expected, uint64_t got)
{
	size_t i = result->difference_count;
	struct observation *observation = &result->observations[i];

	if (i == MAX_OBSERVATIONS)
		return;
	*observation = (struct observation){ .name = name, .expected = expected, .mask = ~0ull };
	result->differences[i] = (struct difference){ observation, got };
	result->difference_count++;
}

bool
compare_contexts(struct case_result *result, unsigned groups, const struct register_context *got,
        const struct register_context *expected)
{
	for (size_t i = 0; i < context_piece_count; i++) {
		const struct context_piece *piece = &context_pieces[i];
		uint64_t value = context_value(got, piece);
		uint64_t right = context_value(expected, piece);

		if ((piece->groups & groups) && value != right)
			add_difference(result, piece->name, right, value);
	}
	return result->difference_count == 0;
}

bool
lacks_owner(struct case_result *result, const struct register_context *got, uint8_t owner,
        const struct register_context *filled, const struct register_context *expected)
{
	for (size_t i = 0; i < context_piece_count; i++) {
		const struct context_piece *piece = &context_pieces[i];

		if (piece_is_of(got, piece, owner, filled))
			add_difference(result, piece->name, context_value(expected, piece),
			        context_value(got, piece));
	}
	return result->difference_count == 0;
}

/* The callee-saved registers among those of a context; the control words are judged apart. */
static bool
is_callee_saved(const struct context_piece *piece)
{
	return piece->offset == CONTEXT_RBX || piece->offset == CONTEXT_RBP ||
	       (piece->offset >= CONTEXT_R12 && piece->offset <= CONTEXT_R15);
}

static bool
keeps_callee_saved(struct case_result *result, const struct call *call)
{
	for (size_t i = 0; i < context_piece_count; i++) {
		const struct context_piece *piece = &context_pieces[i];
		uint64_t value = context_value(&call->after, piece);
		uint64_t right = context_value(&call->caller, piece);

		if (is_callee_saved(piece) && value != right)
			add_difference(result, piece->name, right, value);
	}
	if (call->returned.rsp != call->rsp)
		add_difference(result, "RSP", call->rsp, call->returned.rsp);
	return result->difference_count == 0;
}

/* Where the guest's must be gone: what is callee-saved is judged by what it must be. */
static bool
keeps_guest_values(struct case_result *result, const struct call *call)
{
	for (size_t i = 0; i < context_piece_count; i++) {
		const struct context_piece *piece = &context_pieces[i];

		if (is_callee_saved(piece) || (piece->groups & GROUP_CONTROL))
			continue;
		if (piece_is_of(&call->after, piece, OWNER_AFTER, &call->guest_leaves) ||
		        piece_is_of(&call->after, piece, OWNER_BEFORE, &call->guest_before))
			add_difference(result, piece->name, 0, context_value(&call->after, piece));
	}
	return result->difference_count > 0;
}

bool
judge_caller(struct case_result *result, const struct call *call, unsigned look)
{
	uint64_t wrong_flags = call->returned.rflags & RFLAGS_AFTER_CALL;

	if ((look & LOOK_CALLEE_SAVED) && !keeps_callee_saved(result, call)) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "vmenter() returned without its caller's value in a register that the ABI "
		        "makes callee-saved");
	} else if ((look & LOOK_CALLEE_SAVED) && call->stack_changed) {
		result_set(
		        result, OUTCOME_WRONG_STATE, "vmenter() wrote to its caller's stack frame");
	} else if ((look & LOOK_CONTROL_WORDS) &&
	           !compare_contexts(result, GROUP_CONTROL, &call->after, &call->caller)) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "vmenter() returned with another control word than its caller's");
	} else if ((look & LOOK_FLAGS) && wrong_flags) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "vmenter() returned with a flag set that a function must return clear");
		add_difference(result, "RFLAGS: TF, DF, NT, AC", 0, wrong_flags);
	} else if ((look & LOOK_GUEST_VALUES) && keeps_guest_values(result, call)) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "vmenter() returned, and left what is the guest's in registers");
	} else {
		return true;
	}
	return false;
}

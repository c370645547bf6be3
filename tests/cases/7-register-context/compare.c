/* Lab 7: what is where it should be, and what should not be where it is. */
#include <r33/rflags.h>

#include "calls.h"

#define DIFFERENCES_KEPT 8 /* enough to see what they have in common */

#define RFLAGS_AFTER_CALL (RFLAGS_TF | RFLAGS_DF | RFLAGS_NT | RFLAGS_AC) /* must be 0 */

/* Whose are the values?  The report says so. */
static const char *const guest = NULL, *const caller = "caller", *const context = "context";

static size_t found; /* how many differences, also those that are not kept */

static void
add_difference(struct case_result *result, const char *by, const char *name, uint64_t expected,
        uint64_t got)
{
	size_t i = result->difference_count;
	struct observation *observation = &result->observations[i];

	found = i ? found + 1 : 1;
	if (i == DIFFERENCES_KEPT)
		return;
	*observation =
	        (struct observation){ .name = name, .expected = expected, .mask = ~0ull, .by = by };
	result->differences[i] = (struct difference){ observation, got };
	result->difference_count++;
}

void
name_differences(struct case_result *result)
{
	if (!result->difference_count)
		return;
	result_append(result, ": %s", result->differences[0].observation->name);
	if (found > 1)
		result_append(result, ", and %zu more", found - 1);
}

static void
compare(struct case_result *result, const char *by, unsigned groups,
        const struct register_context *got, const struct register_context *expected)
{
	for (size_t i = 0; i < context_piece_count; i++) {
		const struct context_piece *piece = &context_pieces[i];
		uint64_t value = context_value(got, piece);
		uint64_t right = context_value(expected, piece);

		if ((piece->groups & groups) && value != right)
			add_difference(result, by, piece->name, right, value);
	}
}

bool
guest_found_all(struct case_result *result, const struct call *call, unsigned groups)
{
	compare(result, guest, groups, &call->guest_found, &call->guest_before);
	return result->difference_count == 0;
}

bool
context_holds_all(struct case_result *result, const struct call *call, unsigned groups)
{
	compare(result, context, groups, &call->context,
	        call_enters(call->kind) ? &call->guest_leaves : &call->guest_before);
	return result->difference_count == 0;
}

bool
guest_found_no_caller(struct case_result *result, const struct call *call)
{
	for (size_t i = 0; i < context_piece_count; i++) {
		const struct context_piece *piece = &context_pieces[i];

		if (piece_is_of(&call->guest_found, piece, OWNER_CALLER, &call->caller))
			add_difference(result, guest, piece->name,
			        context_value(&call->guest_before, piece),
			        context_value(&call->guest_found, piece));
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
keeps_control_words(struct case_result *result, const struct call *call)
{
	compare(result, caller, GROUP_CONTROL, &call->after, &call->caller);
	return result->difference_count == 0;
}

static bool
keeps_callee_saved(struct case_result *result, const struct call *call)
{
	for (size_t i = 0; i < context_piece_count; i++) {
		const struct context_piece *piece = &context_pieces[i];
		uint64_t value = context_value(&call->after, piece);
		uint64_t right = context_value(&call->caller, piece);

		if (is_callee_saved(piece) && value != right)
			add_difference(result, caller, piece->name, right, value);
	}
	if (call->returned.rsp != call->rsp)
		add_difference(result, caller, "RSP", call->rsp, call->returned.rsp);
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
			add_difference(
			        result, caller, piece->name, 0, context_value(&call->after, piece));
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
	} else if ((look & LOOK_CONTROL_WORDS) && !keeps_control_words(result, call)) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "vmenter() returned with a control word other than its caller's");
	} else if ((look & LOOK_FLAGS) && wrong_flags) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "vmenter() returned with a flag set that a function must return clear");
		add_difference(result, caller, "RFLAGS: TF, DF, NT, AC", 0, wrong_flags);
	} else if ((look & LOOK_GUEST_VALUES) && keeps_guest_values(result, call)) {
		result_set(result, OUTCOME_WRONG_STATE,
		        "vmenter() returned and left guest values in registers");
	} else {
		return true;
	}
	return false;
}

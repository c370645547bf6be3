/* AVX state, where the processor has it. */
#include "context_case.h"
#include "cpu/extended_state.h"

static const char *
skip_without_avx(const struct capabilities *capabilities)
{
	(void)capabilities;
	return extended_state_features() & XSTATE_AVX ? NULL : "this processor has no AVX";
}

TEST_CASE = {
	.lab = 7,
	.id = "avx",
	.title = "the upper halves of YMM0 to YMM15 go into the guest and come back",
	.points = 6,
	CONTEXT_GUEST,
	.skip = skip_without_avx,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = GROUP_AVX, .look = 0 },
	.hint = "FXSAVE does not save AVX state: CPUID.1:ECX[27] tells whether there is XSAVE; "
	        "EDX:EAX says which components",
};

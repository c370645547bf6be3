/* Callee-saved, too, and often forgotten. */
#include "context_case.h"

TEST_CASE = {
	.lab = 7,
	.id = "control-words",
	.title = "the x87 control word and MXCSR are the caller's again",
	.points = 3,
	CONTEXT_GUEST,
	.details =
	        &(const struct context_case){
	                .calls = { LAUNCH, RESUME }, .groups = 0, .look = LOOK_CONTROL_WORDS },
	.hint = "FNSTCW and STMXCSR, FLDCW and LDMXCSR",
};

/* EFER is the handler's, LMA the processor's: the handler has to update the field. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "long-mode",
	.title = "from the reset vector to long mode",
	.points = 16,
	.details = JOURNEY(.stage = STAGE_LONG),
	.hint = "when the guest sets PG with LME = 1, LMA and \"IA-32e mode guest\" become 1; is "
	        "LMA 1 in GUEST_IA32_EFER, too?",
};

/* CPUID said that there is no VMX: then VMXE is a reserved bit. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "no-vmxe",
	.title = "a guest that sets CR4.VMXE gets #GP(0)",
	.points = 8,
	.details = JOURNEY(.stage = STAGE_PROTECTED, .tries = TRY_VMXE),
	.hint = "a fault is injected with the RIP of its instruction",
};

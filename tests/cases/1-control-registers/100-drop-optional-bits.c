/* What the processor has is kept, what it does not have is dropped: another answer on each model. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 1,
	.id = "drop-optional-bits",
	.title = "optional CR4 bits: those that exist are set, the others are not",
	.points = 6,
	.image = "observe64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG | CR0_WP,
	        .cr4 = CR4_PAE,
	        .cr4_optional = CR4_FSGSBASE | CR4_SMEP | CR4_SMAP | CR4_UMIP | CR4_PKE | CR4_CET |
	                        CR4_PKS },
	.hint = "IA32_VMX_CR4_FIXED1 has a 1 for each bit that may be set",
};

/* The selectors come from IA32_STAR, and the hypervisor took that of SYSRET for CS. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "made-system-call",
	.title = "a guest has just entered its kernel by SYSCALL",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_made_system_call },
	NOT_UNRESTRICTED,
	.details = EXERCISE(.rule = RULE_SEL_SS_RPL,
	        .given = { BITS(GUEST_CS_SELECTOR, SELECTOR_RPL) },
	        .answer = { CLEAR(GUEST_CS_SELECTOR, SELECTOR_RPL) },
	        .keeps = { { GUEST_SS_SELECTOR, ~0ull }, { GUEST_SS_ACCESS_RIGHTS, ~0ull } }),
};

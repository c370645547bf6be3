/* A field of 64 bits, written in halves by code that knew of one. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "has-no-linked-vmcs",
	.title = "a hypervisor for 32-bit processors has been ported",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_has_no_linked_vmcs },
	.details =
	        EXERCISE(.rule = RULE_LINK_ALIGN, .given = { SET(VMCS_LINK_POINTER, 0xffffffff) },
	                .answer = { SET(VMCS_LINK_POINTER, ~0ull) }),
};

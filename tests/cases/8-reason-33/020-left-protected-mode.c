/* Without EPT a hypervisor never lets the guest have PG = 0; with EPT the habit is a mistake. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "left-protected-mode",
	.title = "a guest has just gone back to real mode",
	.points = 4,
	.image = "observe16",
	.guest = { .mode = GUEST_REAL, .exercise = DIAGNOSE_left_protected_mode },
	.skip = needs_unrestricted_guest,
	.details = EXERCISE(.rule = RULE_CR0_PG_PE, .given = { BITS(GUEST_CR0, CR0_PG) },
	        .answer = { CLEAR(GUEST_CR0, CR0_PG) }, .free = CR0_ET),
};

/* WRMSR would have raised #GP; the hypervisor emulates it and does not look. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "chose-memory-types",
	.title = "a guest has just written its page-attribute table",
	.points = 4,
	.image = "observe64",
	.guest = { PLAIN_64_BIT, .exercise = DIAGNOSE_chose_memory_types },
	.controls.on[ENTRY_CONTROLS] = VM_ENTRY_LOAD_IA32_PAT,
	.details = EXERCISE(.rule = RULE_PAT_BYTE5,
	        .given = { REPLACE(GUEST_IA32_PAT, 0xffull << 40, 2ull << 40) },
	        .answer = { REPLACE(GUEST_IA32_PAT, 0xffull << 40, 4ull << 40) }),
};

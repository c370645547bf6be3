/* An entry of 4-level paging has bits where a PDPTE of PAE paging has none. */
#include "exercise.h"
#include "grade/guest_memory.h"

TEST_CASE = {
	.lab = 8,
	.id = "uses-pae-paging",
	.title = "a guest with PAE paging runs on its first page tables",
	.points = 4,
	.image = "observe32",
	.guest = { PLAIN_PAE, .pdptes = { 0, QUARTER_PDPTE(1) | 1 },
	        .exercise = DIAGNOSE_uses_pae_paging },
	.skip = needs_pdpte_fields,
	.details = EXERCISE(.rule = RULE_PDPTE_VMCS_2_1,
	        .given = { BITS(GUEST_PDPTE0, 6), BITS(GUEST_PDPTE1, 6) },
	        .answer = { CLEAR(GUEST_PDPTE0, 6), CLEAR(GUEST_PDPTE1, 6) }),
};

/* CR3 and CR4 are loaded; then one MOV to CR0 switches on the caches, which is the hypervisor's to
 * note, and PG, which is not. */
#include "reset_case.h"

TEST_CASE = {
	AT_RESET_VECTOR,
	.id = "paging",
	.title = "from the reset vector to PAE paging",
	.points = 12,
	.details = JOURNEY(.stage = STAGE_PAGING),
	.hint = "CD and NW are not loaded from GUEST_CR0: the guest's are in the read shadow",
};

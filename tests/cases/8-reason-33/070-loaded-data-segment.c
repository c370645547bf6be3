/* The upper half of the access rights, where G is, did not survive the way through a byte. */
#include "exercise.h"

TEST_CASE = {
	.lab = 8,
	.id = "loaded-data-segment",
	.title = "a guest has just loaded DS",
	.points = 4,
	.image = "observe32",
	.guest = { PLAIN_32_BIT, .exercise = DIAGNOSE_loaded_data_segment },
	.details = EXERCISE(.rule = RULE_SEG_DS_G_HIGH,
	        .given = { CLEAR(GUEST_DS_ACCESS_RIGHTS, 0xff00) },
	        .answer = { BITS(GUEST_DS_ACCESS_RIGHTS, RIGHTS_G) },
	        .keeps = { { GUEST_DS_LIMIT, ~0ull } }, .free = RIGHTS_DB | RIGHTS_AVL),
};

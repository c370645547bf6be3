/* All as after reset, and tables of its own: every exception that it takes goes through them. */
#include "tables_case.h"

TEST_CASE = {
	TABLES_CASE,
	.id = "plain-64-bit",
	.title = "a 64-bit guest finds its tables, and takes exceptions through them",
	.points = 4,
	.image = "tables64",
	.guest = { PLAIN_64_BIT },
};

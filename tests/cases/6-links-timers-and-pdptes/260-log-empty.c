/* The log is filled from its end. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/page_log.h"

TEST_CASE = {
	.lab = 6,
	.id = "log-empty",
	.title = "a guest whose modified pages are logged, with an empty log",
	.points = 4,
	.image = "dirty64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .has_page_log = 1,
	        .page_log_free = PAGE_LOG_ENTRIES },
	PAGE_LOG_ON,
	.hint = "the index is that of the entry to be written next",
};

/* No page may be modified before the log is emptied. */
#include <r33/control_registers.h>
#include <r33/exit_reasons.h>

#include "grade/case.h"
#include "grade/page_log.h"

TEST_CASE = {
	.lab = 6,
	.id = "log-full",
	.title = "a guest whose page-modification log is full",
	.points = 3,
	.image = "dirty64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .has_page_log = 1,
	        .page_log_free = 0 },
	PAGE_LOG_ON,
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_PML_FULL,
	.hint = "an index of 0 names an entry that is free",
};

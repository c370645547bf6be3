/* One entry more than there is room for. */
#include <r33/control_registers.h>
#include <r33/exit_reasons.h>

#include "grade/case.h"
#include "grade/page_log.h"

TEST_CASE = {
	.lab = 6,
	.id = "log-nearly-full",
	.title = "a guest that fills its page-modification log",
	.points = 3,
	.image = "dirty64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .has_page_log = 1,
	        .page_log_free = 2 },
	PAGE_LOG_ON,
	.expectation = EXPECT_EXIT,
	.exit_reason = EXIT_REASON_PML_FULL,
	.hint = "entries are counted from 0",
};

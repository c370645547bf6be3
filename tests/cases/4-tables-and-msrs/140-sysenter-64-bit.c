/* Selector, stack and entry point, and all 64 bits of the latter two count. */
#include "../tests/guests/tables.h"
#include "tables_case.h"

#define SYSENTER_STACK (GUEST_WINDOW + 0x37000)

TEST_CASE = {
	TABLES_CASE,
	.id = "sysenter-64-bit",
	.title = "a 64-bit guest executes SYSENTER and lands in the upper half",
	.points = 4,
	.image = "tables64",
	.guest = { PLAIN_64_BIT, .sysenter_cs = GUEST_SELECTOR_CODE64,
	        .sysenter_esp = 0xffff800000000000 + SYSENTER_STACK,
	        .sysenter_eip = 0xffff800000000000 + SYSENTER_LANDING },
};

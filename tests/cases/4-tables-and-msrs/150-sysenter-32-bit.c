/* The MSRs have 64 bits here, too; SYSENTER uses the lower halves. */
#include "../tests/guests/tables.h"
#include "tables_case.h"

#define SYSENTER_STACK (GUEST_WINDOW + 0x37000)

TEST_CASE = {
	TABLES_CASE,
	.id = "sysenter-32-bit",
	.title = "a 32-bit guest executes SYSENTER and lands with its stack",
	.points = 3,
	.image = "tables32",
	.guest = { PLAIN_32_BIT, .sysenter_cs = GUEST_SELECTOR_CODE32,
	        .sysenter_esp = SYSENTER_STACK, .sysenter_eip = SYSENTER_LANDING },
};

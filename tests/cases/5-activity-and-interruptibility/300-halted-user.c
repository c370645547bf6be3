/* HLT is for privilege level 0. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

TEST_CASE = {
	.lab = 5,
	.id = "halted-user",
	.title = "a halted guest at CPL 3 is refused",
	.points = 3,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE, .segments = {
			[SEGMENT_ES] = { 0, DESCRIPTOR_NULL, 0 },
			[SEGMENT_CS] = { 0x4b, DESCRIPTOR(0, 0xfffff, 0xa0fb), 0 },
			[SEGMENT_SS] = { 0x43, DESCRIPTOR(0, 0xfffff, 0xc0f3), 0 },
			[SEGMENT_DS] = { 0, DESCRIPTOR_NULL, 0 },
		}, .doing = GUEST_IS_HALTED, .executed_last = EXECUTED_HLT },
	.twin = "halted",
	.hint = "the DPL of SS is the privilege level; other parts have written it already",
};

/* A base that no WRMSR would have written. FS is not even usable. */
#include <r33/control_registers.h>

#include "grade/case.h"
#include "grade/guest_segments.h"

static void
base_behind_lower_half(struct guest *guest, const struct capabilities *capabilities)
{
	guest->fs_base = 1ull << (capabilities->linear_address_width - 1);
}

TEST_CASE = {
	.lab = 3,
	.id = "non-canonical-fs",
	.title = "a 64-bit guest with a non-canonical base of FS is refused",
	.points = 3,
	.image = "segments64",
	.guest = {
		.mode = GUEST_64BIT,
		.cr0 = CR0_PE | CR0_PG,
		.cr4 = CR4_PAE,
		.segments = { [SEGMENT_FS] = { 0, DESCRIPTOR_NULL, 0 } },
	},
	.adjust = base_behind_lower_half,
	.twin = "null-64-bit",
	.hint = "all bits of a canonical address above the highest implemented one are equal to it",
};

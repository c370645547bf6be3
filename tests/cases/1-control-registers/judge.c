/* What the processor makes of a wish for CR0, CR3 and CR4, and what the guest then sees. */
#include <r33/control_registers.h>
#include <r33/vmcs_fields.h>

#include "grade/case.h"
#include "grade/guest_memory.h"
#include "lib/format.h"

/* In the order of the part's fields (kernel/lab/parts.c). */
enum { CR0_VALUE, CR3_VALUE, CR4_VALUE };

/* The CR0 bits that VM entry loads; it leaves ET, NW, CD and the reserved ones as they are
 * (SDM 3C 27.3.2.1, "Loading Guest Control Registers, Debug Registers, and MSRs"). */
#define CR0_LOADED (CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_NE | CR0_WP | CR0_AM | CR0_PG)

static void
only_values(const struct guest *guest, const struct capabilities *capabilities, uint64_t *values)
{
	/* PE and PG decide about the guest's mode: adding one would make it another guest. */
	values[CR0_VALUE] =
	        guest->cr0 | (capabilities->cr0_fixed0 & ~(CR0_PE | CR0_PG | CR0_NW | CR0_CD));
	values[CR3_VALUE] = guest->cr3;
	values[CR4_VALUE] = guest->cr4 | capabilities->cr4_fixed0 |
	                    (guest->cr4_optional & capabilities->cr4_fixed1);
}

static size_t
observations(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	uint64_t width = guest->mode == GUEST_64BIT ? ~0ull : 0xffffffff;

	observations[0] = (struct observation){
		.name = "CR0",
		.slot = REPORT_CR0,
		.expected = values[CR0_VALUE],
		.mask = CR0_LOADED,
		.field = GUEST_CR0,
		.field_mask =
		        ~CR0_ET, /* always 1 in the processor, so it does not matter in the field */
	};
	observations[1] = (struct observation){
		.name = "CR3",
		.slot = REPORT_CR3,
		.expected = values[CR3_VALUE],
		.mask = width,
		.field = GUEST_CR3,
		.field_mask = ~0ull,
	};
	observations[2] = (struct observation){
		.name = "CR4",
		.slot = REPORT_CR4,
		.expected = values[CR4_VALUE],
		.mask = width,
		.field = GUEST_CR4,
		.field_mask = ~0ull,
	};
	observations[3] = (struct observation){
		.name = "its paging",
		.slot = REPORT_TOKEN,
		.expected = guest_token(guest->mode),
		.mask = ~0ull,
		.describe = guest_token_meaning,
	};
	return 4;
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	format_string(text, size, "cr0 %#lx, cr3 %#lx, cr4 %#lx, cr4_optional %#lx, ia32e_mode %u",
	        guest->cr0, guest->cr3, guest->cr4, guest->cr4_optional, guest->ia32e_mode);
}

JUDGE = {
	.lab = 1,
	.only_values = only_values,
	.observations = observations,
	.describe_wish = describe_wish,
};

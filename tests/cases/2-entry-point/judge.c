/* What the processor makes of a wish for RIP, RSP and RFLAGS, and what the guest then sees. */
#include <r33/control_registers.h>
#include <r33/events.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "grade/case.h"
#include "grade/guest_handlers.h"
#include "grade/guest_memory.h"
#include "lib/format.h"

/* In the order of the part's fields (kernel/lab/parts.c). */
enum { RIP_VALUE, RSP_VALUE, RFLAGS_VALUE };

#define LOWER_HALF_BITS 47 /* of a linear address with 4-level paging */

static void
only_values(const struct guest *guest, const struct capabilities *capabilities, uint64_t *values)
{
	(void)capabilities;
	values[RIP_VALUE] = guest->rip;
	values[RSP_VALUE] = guest->rsp;
	values[RFLAGS_VALUE] = guest->rflags | RFLAGS_ONE;
}

static bool
is_canonical(uint64_t address)
{
	uint64_t upper = address >> LOWER_HALF_BITS;

	return upper == 0 || upper == ~0ull >> LOWER_HALF_BITS;
}

/* The first event that comes to the guest's handlers, and the RIP that its frame must hold. */
static uint64_t
first_event(const struct guest *guest, const uint64_t *values, uint64_t *interrupted_rip)
{
	*interrupted_rip = values[RIP_VALUE];
	if (guest->injected_event & EVENT_VALID)
		return EVENT_TAKEN + (guest->injected_event & EVENT_VECTOR);
	if (guest->mode == GUEST_64BIT && !is_canonical(values[RIP_VALUE]))
		return EVENT_TAKEN + VECTOR_GP;
	if (values[RFLAGS_VALUE] & RFLAGS_TF) {
		++*interrupted_rip; /* after the NOP with which guests of this lab begin */
		return EVENT_TAKEN + VECTOR_DB;
	}
	*interrupted_rip = 0;
	return 0;
}

static const char *
describe_stack(uint64_t word)
{
	return word == STACK_WORKS ? "what it pushed came back" : "what it pushed is lost";
}

static const char *
describe_mode(uint64_t machine_status_word)
{
	return machine_status_word & CR0_PE ? "virtual-8086 mode" : "real mode";
}

static size_t
observations(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	uint64_t width = guest->mode == GUEST_64BIT ? ~0ull : 0xffffffff;
	uint64_t interrupted_rip;
	uint64_t event = first_event(guest, values, &interrupted_rip);
	size_t count = 0;

	observations[count++] = (struct observation){
		.name = "RIP",
		.slot = REPORT_RIP,
		.expected = values[RIP_VALUE],
		.mask = width,
		.field = GUEST_RIP,
		.field_mask = ~0ull,
	};
	observations[count++] = (struct observation){
		.name = "RSP",
		.slot = REPORT_RSP,
		.expected = values[RSP_VALUE],
		.mask = width,
		.field = GUEST_RSP,
		.field_mask = ~0ull,
	};
	observations[count++] = (struct observation){
		.name = "RFLAGS",
		.slot = REPORT_RFLAGS,
		.expected = values[RFLAGS_VALUE],
		.mask = width & ~(RFLAGS_RF | RFLAGS_VM), /* not in what PUSHF pushes */
		.field = GUEST_RFLAGS,
		.field_mask = ~0ull,
	};
	observations[count++] = (struct observation){
		.name = "its stack",
		.slot = REPORT_STACK,
		.expected = STACK_WORKS,
		.mask = ~0ull,
		.describe = describe_stack,
	};
	observations[count++] = (struct observation){
		.name = "its first event",
		.slot = REPORT_EVENT,
		.expected = event,
		.mask = ~0ull,
		.describe = guest_event_text,
	};
	observations[count++] = (struct observation){
		.name = "the RIP that the event interrupted",
		.slot = REPORT_EVENT_RIP,
		.expected = interrupted_rip,
		.mask = ~0ull,
	};
	/* From inside the two modes look the same, but for this. */
	if (guest->mode == GUEST_REAL || guest->mode == GUEST_VIRTUAL_8086)
		observations[count++] = (struct observation){
			.name = "its mode",
			.slot = REPORT_MSW,
			.expected = guest->cr0,
			.mask = CR0_PE,
			.describe = describe_mode,
		};
	return count;
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	static const char *const modes[GUEST_MODE_COUNT] = {
		[GUEST_64BIT] = "GUEST_64BIT",
		[GUEST_COMPATIBILITY] = "GUEST_COMPATIBILITY",
		[GUEST_32BIT_PAE] = "GUEST_32BIT_PAE",
		[GUEST_32BIT] = "GUEST_32BIT",
		[GUEST_PROTECTED_UNPAGED] = "GUEST_PROTECTED_UNPAGED",
		[GUEST_REAL] = "GUEST_REAL",
		[GUEST_16BIT] = "GUEST_16BIT",
		[GUEST_VIRTUAL_8086] = "GUEST_VIRTUAL_8086",
	};

	format_string(text, size,
	        "rip %#lx, rsp %#lx, rflags %#lx, mode %s, ia32e_mode %u, cr0 %#lx, injected_event "
	        "%#x",
	        guest->rip, guest->rsp, guest->rflags, modes[guest->mode], guest->ia32e_mode,
	        guest->cr0, guest->injected_event);
}

JUDGE = {
	.lab = 2,
	.only_values = only_values,
	.observations = observations,
	.describe_wish = describe_wish,
};

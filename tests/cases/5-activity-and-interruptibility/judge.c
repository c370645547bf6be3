/* What the processor makes of a wish for activity, blocking and pending debug exceptions, and what
 * comes of it. */
#include <r33/array.h>
#include <r33/events.h>
#include <r33/exit_reasons.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "grade/case.h"
#include "grade/guest_handlers.h"
#include "grade/guest_memory.h"
#include "lib/format.h"
#include "rules/names.h"

/* In the order of the part's fields (kernel/lab/parts.c). */
enum { ACTIVITY_VALUE, INTERRUPTIBILITY_VALUE, PENDING_VALUE };

/* The interruptibility state. */

/* Pending debug exceptions; DR6 has the same bits, but 16, which is inverted there, and 12. */
#define DR6_ONES 0xfffe0ff0ull /* always 1 */

static void
only_values(const struct guest *guest, const struct capabilities *capabilities, uint64_t *values)
{
	uint64_t blocking = 0;
	uint64_t pending = (guest->due_dr6 & ~DR6_ONES) ^ PENDING_RTM;

	(void)capabilities;
	/* STI holds interrupts back only when it is what has switched them on. */
	if ((guest->executed_last & EXECUTED_STI) && !guest->interrupts_were_on)
		blocking |= BLOCKING_BY_STI;
	if (guest->executed_last & EXECUTED_MOV_SS)
		blocking |= BLOCKING_BY_MOV_SS;
	if (guest->inside & INSIDE_SMI_HANDLER)
		blocking |= BLOCKING_BY_SMI;
	if (guest->inside & INSIDE_NMI_HANDLER)
		blocking |= BLOCKING_BY_NMI;
	if (guest->inside & INSIDE_ENCLAVE)
		blocking |= ENCLAVE_INTERRUPTION;
	if (pending & PENDING_B0_TO_B3 & guest->enabled_breakpoints)
		pending |= PENDING_ENABLED_BREAKPOINT;
	values[ACTIVITY_VALUE] = guest->doing;
	values[INTERRUPTIBILITY_VALUE] = blocking;
	values[PENDING_VALUE] = pending;
}

static size_t
observations(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	static const uint32_t fields[] = { GUEST_ACTIVITY_STATE, GUEST_INTERRUPTIBILITY_STATE,
		GUEST_PENDING_DEBUG_EXCEPTIONS };

	(void)guest;
	for (size_t i = 0; i < COUNT(fields); i++)
		observations[i] = (struct observation){
			.name = "a field", /* no guest sees it as a whole: it is only compared */
			.expected = values[i],
			.field = fields[i],
			.field_mask = ~0ull,
		};
	return COUNT(fields);
}

struct first_event {
	uint64_t event; /* EVENT_TAKEN + vector; 0: none */
	uint64_t rip;   /* that it interrupts */
	uint64_t dr6;
};

/* What comes to the guest's handlers before anything else. */
static struct first_event
first_event(const struct guest *guest, const uint64_t *values)
{
	uint64_t pending = values[PENDING_VALUE];
	/* Breakpoints that are not enabled raise nothing. */
	uint64_t due =
	        pending &
	        (pending & PENDING_ENABLED_BREAKPOINT ? PENDING_B0_TO_B3 | PENDING_BS : PENDING_BS);
	bool held_back = values[INTERRUPTIBILITY_VALUE] & BLOCKING_BY_MOV_SS;
	bool steps = guest->rflags & RFLAGS_TF;

	if (guest->injected_event & EVENT_VALID)
		return (struct first_event){ EVENT_TAKEN + (guest->injected_event & EVENT_VECTOR),
			guest->rip, 0 };
	if (due && !held_back)
		return (struct first_event){ EVENT_TAKEN + VECTOR_DB, guest->rip, due };
	if (due || steps)
		return (struct first_event){ EVENT_TAKEN + VECTOR_DB, guest->rip + 1,
			due | (steps ? PENDING_BS : 0) };
	return (struct first_event){ 0 };
}

/* The guest ran to its end. */
static size_t
events(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	struct first_event first = first_event(guest, values);

	observations[0] = (struct observation){
		.name = "its first event",
		.slot = REPORT_EVENT,
		.expected = first.event,
		.mask = ~0ull,
		.describe = guest_event_text,
	};
	observations[1] = (struct observation){
		.name = "the RIP that the event interrupted",
		.slot = REPORT_EVENT_RIP,
		.expected = first.rip,
		.mask = ~0ull,
	};
	observations[2] = (struct observation){
		.name = "DR6",
		.slot = REPORT_DR6,
		.expected = first.dr6,
		.mask = first.event == EVENT_TAKEN + VECTOR_DB ? PENDING_B0_TO_B3 | PENDING_BS : 0,
	};
	/* Handlers end with IRET, which lets NMIs in again. */
	observations[3] = (struct observation){
		.name = "blocking by NMI at its end",
		.saved_field = GUEST_INTERRUPTIBILITY_STATE,
		.expected = values[INTERRUPTIBILITY_VALUE],
		.mask = first.event ? 0 : BLOCKING_BY_NMI,
	};
	return 4;
}

/* The guest was stopped: where? */
static size_t
end_observations(const struct test_case *test, const struct guest *guest, const uint64_t *values,
        struct observation *observations)
{
	uint64_t progress = 0;

	switch (test->expectation) {
	case EXPECT_DONE: return events(guest, values, observations);
	case EXPECT_ACCEPTED: return 0; /* it never started */
	default: break;
	}
	if (values[INTERRUPTIBILITY_VALUE] & (BLOCKING_BY_STI | BLOCKING_BY_MOV_SS))
		progress = 1;
	if (test->exit_reason == EXIT_REASON_NMI_WINDOW &&
	        (values[INTERRUPTIBILITY_VALUE] & BLOCKING_BY_NMI))
		progress = AFTER_IRET;
	observations[0] = (struct observation){
		.name = "the RIP at which it was stopped",
		.saved_field = GUEST_RIP,
		.expected = guest->rip + progress,
		.mask = ~0ull,
	};
	/* What held the exit back is over. */
	observations[1] = (struct observation){
		.name = "the blocking that was left",
		.saved_field = GUEST_INTERRUPTIBILITY_STATE,
		.expected = 0,
		.mask = BLOCKING_BY_STI | BLOCKING_BY_MOV_SS | BLOCKING_BY_NMI,
	};
	return 2;
}

static const char *
doing_name(uint32_t doing)
{
	static const char *const names[] = { "GUEST_RUNS", "GUEST_IS_HALTED", "GUEST_IS_SHUT_DOWN",
		"GUEST_AWAITS_SIPI", "GUEST_WAITS_IN_MWAIT" };

	return names[doing];
}

/* By the names of <r33/guest.h>: the first is that of bit 0. */
static void
describe_bits(char *text, size_t size, const char *const names[3], uint32_t bits)
{
	size_t used = format_string(text, size, "%s", bits ? "" : "0");

	for (unsigned i = 0; i < 3; i++)
		if (bits >> i & 1)
			used += format_string(
			        text + used, size - used, "%s%s", used ? " | " : "", names[i]);
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	static const char *const executed[] = { "EXECUTED_STI", "EXECUTED_MOV_SS", "EXECUTED_HLT" };
	static const char *const inside[] = { "INSIDE_NMI_HANDLER", "INSIDE_SMI_HANDLER",
		"INSIDE_ENCLAVE" };
	char last[64], before[64], within[64];

	describe_bits(last, sizeof(last), executed, guest->executed_last);
	describe_bits(before, sizeof(before), executed, guest->executed_before);
	describe_bits(within, sizeof(within), inside, guest->inside);
	format_string(text, size,
	        "doing %s, executed_last %s, executed_before %s, interrupts_were_on %u, inside "
	        "%s, enabled_breakpoints %#x, due_dr6 %#lx, rflags %#lx, debugctl %#lx, "
	        "injected_event %#x",
	        doing_name(guest->doing), last, before, guest->interrupts_were_on, within,
	        guest->enabled_breakpoints, guest->due_dr6, guest->rflags, guest->debugctl,
	        guest->injected_event);
}

JUDGE = {
	.lab = 5,
	.only_values = only_values,
	.observations = observations,
	.end_observations = end_observations,
	.describe_wish = describe_wish,
};

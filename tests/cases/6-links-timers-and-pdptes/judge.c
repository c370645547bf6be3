/* What the processor makes of a wish for the fields of lab 6, and what the guest then sees. */
#include <r33/msr.h>
#include <r33/paging.h>
#include <r33/vmcs_fields.h>

#include "grade/case.h"
#include "grade/guest_memory.h"
#include "grade/linked_vmcs.h"
#include "grade/page_log.h"
#include "lib/format.h"
#include "vmx/backend.h"

/* In the order of the part's fields (kernel/lab/parts.c), and what else must be known. */
enum {
	LINK_VALUE,
	TIMER_VALUE,
	PDPTE_VALUES,
	INTERRUPT_STATUS_VALUE = PDPTE_VALUES + 4,
	PML_INDEX_VALUE,
	TIMER_RATE,
	HAS_EPT,
};

#define NO_LINK         (~0ull)
#define FIELD_STEP      2
#define INDEX_MASK      0xffff
#define PAGE            4096ull
#define TIMER_TOLERANCE 8 /* its share of the wish, from both sides */

/* The highest vector of a virtual APIC's 256 bits, but for one; 0: none. */
static unsigned
highest_vector(const uint32_t *bits, unsigned but_for)
{
	for (unsigned vector = 255; vector > 0; vector--)
		if (vector != but_for && (bits[vector / 32] & 1u << vector % 32))
			return vector;
	return 0;
}

static uint64_t
interrupt_status(unsigned in_service, unsigned requested)
{
	return (uint64_t)in_service << 8 | requested;
}

static void
only_values(const struct guest *guest, const struct capabilities *capabilities, uint64_t *values)
{
	unsigned rate = capabilities->vmx_misc & VMX_MISC_TIMER_RATE;
	uint64_t timer = guest->has_timer ? guest->timer_tsc_ticks >> rate : 0;

	values[LINK_VALUE] = guest->linked_vmcs ? guest->linked_vmcs : NO_LINK;
	values[TIMER_VALUE] = timer < UINT32_MAX ? timer : UINT32_MAX;
	for (unsigned i = 0; i < 4; i++)
		values[PDPTE_VALUES + i] = guest->mode == GUEST_32BIT_PAE ? guest->pdptes[i] : 0;
	values[INTERRUPT_STATUS_VALUE] = interrupt_status(
	        highest_vector(guest->virtual_isr, 0), highest_vector(guest->virtual_irr, 0));
	values[PML_INDEX_VALUE] = (guest->page_log_free - 1) & INDEX_MASK;
	values[TIMER_RATE] = rate;
	values[HAS_EPT] = capabilities->ept;
}

/* Does the requested interrupt come through?  Its priority class must be above that of the one in
 * service (SDM 3C, "Evaluation of Pending Virtual Interrupts"). */
static bool
virtual_interrupt_comes(const struct guest *guest)
{
	return highest_vector(guest->virtual_irr, 0) >> 4 > highest_vector(guest->virtual_isr, 0) >>
	       4;
}

static uint64_t
status_after(const struct guest *guest)
{
	unsigned requested = highest_vector(guest->virtual_irr, 0);

	if (!virtual_interrupt_comes(guest))
		return interrupt_status(highest_vector(guest->virtual_isr, 0), requested);
	return interrupt_status(requested, highest_vector(guest->virtual_irr, requested));
}

static const char *
describe_event(uint64_t event)
{
	return event ? "a virtual interrupt" : "none";
}

static const char *
describe_quarter(uint64_t word)
{
	switch (word) {
	case TOKEN_PAE: return "its page";
	case QUARTER_ABSENT: return "nothing mapped";
	default: return "another page";
	}
}

static const char *
describe_vmread(uint64_t value)
{
	return value == VMREAD_FAILED ? "nothing: it failed" : NULL;
}

static const char *
describe_log_entry(uint64_t entry)
{
	return entry == PAGE_LOG_UNUSED ? "none" : NULL;
}

/* A field that the part must fill, although no guest sees all of it. */
static struct observation
of_field(const char *name, uint32_t field, uint64_t expected)
{
	return (struct observation){
		.name = name, .field = field, .expected = expected, .field_mask = ~0ull
	};
}

static struct observation
of_slot(const char *name, unsigned slot, uint64_t expected)
{
	return (struct observation){
		.name = name, .slot = slot, .expected = expected, .mask = ~0ull
	};
}

/* What the kernel finds when the guest has come to its end. */
static struct observation
of_end(const char *name, unsigned slot, uint64_t expected)
{
	struct observation observation = of_slot(name, slot, expected);

	observation.by = "kernel";
	return observation;
}

static size_t
observe_timer(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	size_t count = 0;

	observations[count] = of_field(
	        "VMX_PREEMPTION_TIMER_VALUE", VMX_PREEMPTION_TIMER_VALUE, values[TIMER_VALUE]);
	observations[count++].decimal = true;
	if (values[TIMER_VALUE] == UINT32_MAX)
		return count;
	observations[count] =
	        of_slot("the ticks for which it ran", REPORT_TIMER, guest->timer_tsc_ticks);
	observations[count++].decimal = true;
	return count;
}

static size_t
observe_pdptes(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	static const char *const names[] = { "the first GiB", "the second GiB", "the third GiB",
		"the fourth GiB" };
	static const char *const fields[] = { "GUEST_PDPTE0", "GUEST_PDPTE1", "GUEST_PDPTE2",
		"GUEST_PDPTE3" };
	size_t count = 0;

	for (unsigned i = 0; i < 4; i++) {
		bool present = guest->pdptes[i] & PDPTE_PRESENT;

		observations[count] = of_slot(
		        names[i], REPORT_QUARTERS + i, present ? TOKEN_PAE : QUARTER_ABSENT);
		observations[count++].describe = describe_quarter;
		if (values[HAS_EPT])
			observations[count++] = of_field(
			        fields[i], GUEST_PDPTE0 + FIELD_STEP * i, guest->pdptes[i]);
	}
	return count;
}

static size_t
observe_interrupts(
        const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	bool comes = virtual_interrupt_comes(guest);
	size_t count = 0;

	observations[count] = of_slot("its first event", REPORT_EVENT,
	        comes ? EVENT_TAKEN + highest_vector(guest->virtual_irr, 0) : 0);
	observations[count++].describe = describe_event;
	observations[count++] =
	        of_end("GUEST_INTERRUPT_STATUS afterwards", REPORT_AFTER, status_after(guest));
	observations[count++] = of_field(
	        "GUEST_INTERRUPT_STATUS", GUEST_INTERRUPT_STATUS, values[INTERRUPT_STATUS_VALUE]);
	return count;
}

static size_t
observe_log(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	uint32_t free = guest->page_log_free;
	size_t count = 0;

	observations[count] = of_field("GUEST_PML_INDEX", GUEST_PML_INDEX, values[PML_INDEX_VALUE]);
	observations[count++].decimal = true;
	observations[count] = of_end("the first entry of the log that was used", REPORT_LOG_FIRST,
	        free ? free - 1 : PAGE_LOG_UNUSED);
	observations[count].decimal = true;
	observations[count++].describe = describe_log_entry;
	if (free == PAGE_LOG_ENTRIES)
		observations[count++] = of_end("the pages in the log, a bit for each",
		        REPORT_LOG_PAGES, (1u << DIRTY_PAGES) - 1);
	else
		observations[count++] =
		        of_end("GUEST_PML_INDEX afterwards", REPORT_AFTER, INDEX_MASK);
	return count;
}

static size_t
observations(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	bool shadow = guest->linked_vmcs_header >> 31;
	size_t count = 0;

	observations[count++] =
	        of_field("VMCS_LINK_POINTER", VMCS_LINK_POINTER, values[LINK_VALUE]);
	if (shadow) {
		observations[count] = of_slot("what VMREAD read", REPORT_VMREAD, LINKED_VALUE);
		observations[count++].describe = describe_vmread;
		observations[count++] = of_end("what VMWRITE wrote", REPORT_AFTER, WRITTEN_VALUE);
	}
	if (guest->has_timer)
		count += observe_timer(guest, values, observations + count);
	if (guest->mode == GUEST_32BIT_PAE)
		count += observe_pdptes(guest, values, observations + count);
	if (guest->has_virtual_interrupts)
		count += observe_interrupts(guest, values, observations + count);
	if (guest->has_page_log)
		count += observe_log(guest, values, observations + count);
	return count;
}

/* For how long it ran, or, when that is as long as wished, the wish: a loop does not look at every
 * tick. */
static uint64_t
ran_for(const struct guest *guest, const uint64_t *report)
{
	uint64_t ran = report[REPORT_LAST_TSC] - report[REPORT_FIRST_TSC];
	uint64_t wish = guest->timer_tsc_ticks, tolerance = wish / TIMER_TOLERANCE;

	return ran + tolerance >= wish && ran <= wish + tolerance ? wish : ran;
}

static void
collect(const struct guest *guest, const uint64_t *values, uint64_t *report)
{
	(void)values;
	if (guest->has_timer)
		report[REPORT_TIMER] = ran_for(guest, report);
	if (guest->has_virtual_interrupts)
		report[REPORT_AFTER] = vmcs_read(GUEST_INTERRUPT_STATUS);
	if (guest->has_page_log) {
		report[REPORT_AFTER] = vmcs_read(GUEST_PML_INDEX);
		report[REPORT_LOG_FIRST] = page_log_first_used();
		for (unsigned i = 0; i < DIRTY_PAGES; i++)
			if (page_log_names(GUEST_WINDOW + DIRTY_OFFSET + i * PAGE))
				report[REPORT_LOG_PAGES] |= 1u << i;
	}
	if (guest->linked_vmcs_header >> 31)
		report[REPORT_AFTER] = linked_vmcs_written_value();
}

/* The bits of a virtual APIC's register as vectors, the highest first. */
static size_t
describe_vectors(char *text, size_t size, const char *name, const uint32_t *bits)
{
	size_t used = format_string(text, size, ", %s", name);
	unsigned vector = highest_vector(bits, 0);

	if (!vector)
		return used + format_string(text + used, size - used, " none");
	for (; vector > 0 && used < size; vector--)
		if (bits[vector / 32] & 1u << vector % 32)
			used += format_string(text + used, size - used, " %#x", vector);
	return used < size ? used : size - 1;
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	size_t used = format_string(text, size, "linked_vmcs %#lx", guest->linked_vmcs);

	if (guest->linked_vmcs)
		used += format_string(text + used, size - used, ", linked_vmcs_header %#x",
		        guest->linked_vmcs_header);
	if (guest->has_timer)
		used += format_string(
		        text + used, size - used, ", timer_tsc_ticks %lu", guest->timer_tsc_ticks);
	if (guest->pdptes[1] || guest->pdptes[2] || guest->pdptes[3] ||
	        guest->mode == GUEST_32BIT_PAE)
		used += format_string(text + used, size - used,
		        ", mode %s, pdptes %#lx %#lx %#lx %#lx",
		        guest->mode == GUEST_32BIT_PAE ? "GUEST_32BIT_PAE" : "GUEST_64BIT",
		        guest->pdptes[0], guest->pdptes[1], guest->pdptes[2], guest->pdptes[3]);
	if (guest->has_virtual_interrupts) {
		used += describe_vectors(
		        text + used, size - used, "vectors in virtual_irr", guest->virtual_irr);
		used += describe_vectors(
		        text + used, size - used, "in virtual_isr", guest->virtual_isr);
	}
	if (guest->has_page_log)
		used += format_string(
		        text + used, size - used, ", page_log_free %u", guest->page_log_free);
	linked_vmcs_describe(guest, text + used, size - used);
}

JUDGE = {
	.lab = 6,
	.only_values = only_values,
	.observations = observations,
	.collect = collect,
	.describe_wish = describe_wish,
};

/*
 * Unit tests of lab 6's cases and judge: what wishes become, worked out by hand; which of them the
 * rules refuse, with EPT and without; and what counts as having run for as long as wished.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/vmcs_fields.h>

#include "case_list.h"
#include "grade/guest_memory.h"
#include "grade/page_log.h"
#include "link_stubs.h"
#include "rules/rules.h"

#define TABLE 0x1007000ull /* where CR3 points */
#define FIRST_PDPTE \
	0x1008001ull /* what guest_place() adds to the first: a page directory that is present */
#define LINK   0
#define TIMER  1
#define PDPTE  2
#define STATUS 6
#define PML    7

static const struct capabilities with_ept = {
	.vmx_basic = 1ull << 55 | 0x1000ull << 32 | STUB_REVISION,
	.linear_address_width = 48,
	.physical_address_width = 40,
	.unrestricted_guest = true,
	.ept = true,
	.preemption_timer = true,
};
static const struct capabilities without_ept = {
	.vmx_basic = 1ull << 55 | 0x1000ull << 32 | STUB_REVISION,
	.linear_address_width = 48,
	.physical_address_width = 40,
};

static const struct judge *
judge_of_lab_6(void)
{
	assert_ptr_equal(judges_end, judges_start + 1);
	return judges_start[0];
}

/* The wish as the part gets it. */
static struct guest
wish_of(const struct test_case *test, const struct capabilities *processor)
{
	struct guest guest = test->guest;

	guest.ia32e_mode = guest.mode == GUEST_64BIT;
	guest.cr3 = TABLE;
	guest.pdptes[0] += FIRST_PDPTE;
	if (test->adjust != NULL)
		test->adjust(&guest, processor);
	return guest;
}

struct state {
	const struct test_case *test;
	const struct guest *guest;
	bool ept;
	uint64_t values[MAX_PART_FIELDS];
};

static bool
read_state(void *context, uint32_t field, uint64_t *value)
{
	const struct state *state = context;

	*value = 0;
	switch (field) {
	case VMCS_LINK_POINTER: *value = state->values[LINK]; return true;
	case GUEST_PDPTE0:
	case GUEST_PDPTE1:
	case GUEST_PDPTE2:
	case GUEST_PDPTE3: *value = state->values[PDPTE + (field - GUEST_PDPTE0) / 2]; return true;
	case PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS: *value = 1u << 31; return true;
	case SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS:
		*value = state->test->controls.on[SECONDARY_CONTROLS] | (state->ept ? 2 : 0);
		return true;
	case VM_ENTRY_CONTROLS: *value = state->guest->ia32e_mode ? 1u << 9 : 0; return true;
	case GUEST_CR0: *value = state->guest->cr0 | CR0_NE; return true;
	case GUEST_CR3: *value = state->guest->cr3; return true;
	case GUEST_CR4: *value = state->guest->cr4 | CR4_VMXE; return true;
	case GUEST_INTERRUPTIBILITY_STATE: return true;
	default: return false;
	}
}

static bool
read_state_memory(void *context, uint64_t address, uint64_t *value)
{
	const struct state *state = context;

	if (address >= TABLE && address < TABLE + 32) {
		*value = state->guest->pdptes[(address - TABLE) / 8];
		return true;
	}
	return stub_region(address, value);
}

/* The rules of lab 6 that the only values for this wish break; *qualification is that of one. */
static size_t
broken_rules(
        const struct test_case *test, const struct capabilities *processor, uint64_t *qualification)
{
	struct guest guest = wish_of(test, processor);
	struct state state = { test, &guest, processor->ept, { 0 } };
	struct rule_input input = {
		.read = read_state,
		.read_memory = read_state_memory,
		.context = &state,
		.capabilities = processor,
		.current_vmcs_known = true,
		.current_vmcs = STUB_REGIONS + LINK_CURRENT * 4096ull,
	};
	struct rule_violation violations[RULES_MAX];
	size_t count, broken = 0;

	judge_of_lab_6()->only_values(&guest, processor, state.values);
	count = rules_check(&input, violations, RULES_MAX);
	for (size_t i = 0; i < count; i++) {
		if (strncmp(violations[i].rule->id, "LINK-", 5) != 0 &&
		        strncmp(violations[i].rule->id, "PDPTE-", 6) != 0)
			continue;
		*qualification = rule_qualification(&violations[i]);
		broken++;
	}
	return broken;
}

/* "Is refused", says a title: by one rule and no other, with EPT and without. */
static void
refusals_break_one_rule(void **state)
{
	size_t refusals = 0;

	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct test_case *test = cases_start[i];
		bool refused = strstr(test->title, "is refused") != NULL;
		uint64_t qualification = 0;

		for (unsigned ept = 0; ept < 2; ept++) {
			if (!ept && test->skip != NULL && (test->skip)(&without_ept))
				continue;
			if (broken_rules(test, ept ? &with_ept : &without_ept, &qualification) !=
			        refused)
				fail_msg("%s, EPT %u", test->id, ept);
		}
		assert_int_equal(qualification, !refused                              ? 0
		                                : test->guest.mode == GUEST_32BIT_PAE ? 2
		                                                                      : 4);
		refusals += refused;
		assert_true(refused == (test->twin != NULL));
	}
	assert_int_equal(refusals, 10);
}

static void
values_of(const struct guest *guest, uint64_t misc, uint64_t *values)
{
	struct capabilities processor = with_ept;

	processor.vmx_misc = misc;
	judge_of_lab_6()->only_values(guest, &processor, values);
}

/* Link pointer: none is all ones, everything else is the address. */
static void
links_become_pointers(void **state)
{
	struct guest guest = { .mode = GUEST_64BIT };
	uint64_t values[MAX_PART_FIELDS];

	(void)state;
	values_of(&guest, 0, values);
	assert_int_equal(values[LINK], 0xffffffffffffffff);
	guest.linked_vmcs = 0x123456000;
	values_of(&guest, 0, values);
	assert_int_equal(values[LINK], 0x123456000);
}

/* Ticks become counts of the slower timer, and what does not fit into 32 bits the most that does. */
static void
ticks_become_timer_values(void **state)
{
	static const struct {
		uint64_t ticks, misc, value;
	} examples[] = {
		{ 0, 5, 0 },
		{ 31, 5, 0 },
		{ 32, 5, 1 },
		{ 2500, 0, 2500 },
		{ 2500, 5, 78 },
		{ 2500, 0x401e5, 78 },
		{ 1ull << 31, 31, 1 },
		{ 0xffffffff, 0, 0xffffffff },
		{ 0x100000000, 0, 0xffffffff },
		{ 0x100000000, 1, 0x80000000 },
		{ 1ull << 62, 29, 0xffffffff },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct guest guest = { .has_timer = 1, .timer_tsc_ticks = examples[i].ticks };
		uint64_t values[MAX_PART_FIELDS];

		values_of(&guest, examples[i].misc, values);
		if (values[TIMER] != examples[i].value)
			fail_msg("example %zu: %lx", i, values[TIMER]);
	}
}

/* The virtual APIC's registers become two vectors; and what is left of them afterwards. */
static void
registers_become_vectors(void **state)
{
	static const struct {
		uint32_t irr[8], isr[8];
		uint64_t status, event, afterwards;
	} examples[] = {
		{ { 0 }, { 0 }, 0, 0, 0 },
		{ { 0, 1u << 17 }, { 0 }, 0x31, 0x131, 0x3100 },
		{ { 0, 1u << 17 }, { 0, 1u << 31 }, 0x3f31, 0, 0x3f31 },
		{ { 0, 1u << 17 }, { 0, 1u << 15 }, 0x2f31, 0x131, 0x3100 },
		{ { 1u << 31, 1u << 17 | 1u << 15 }, { 1u << 18 }, 0x1231, 0x131, 0x312f },
		{ { 0, 0, 0, 0, 0, 0, 0, 1u << 31 | 1 }, { 0 }, 0xff, 0x1ff, 0xffe0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct guest guest = { .mode = GUEST_64BIT, .has_virtual_interrupts = 1 };
		struct observation observations[MAX_OBSERVATIONS];
		uint64_t values[MAX_PART_FIELDS];

		memcpy(guest.virtual_irr, examples[i].irr, sizeof(guest.virtual_irr));
		memcpy(guest.virtual_isr, examples[i].isr, sizeof(guest.virtual_isr));
		values_of(&guest, 0, values);
		assert_int_equal(values[STATUS], examples[i].status);
		assert_int_equal(judge_of_lab_6()->observations(&guest, values, observations), 4);
		assert_int_equal(observations[1].slot, REPORT_EVENT);
		assert_int_equal(observations[1].expected, examples[i].event);
		assert_int_equal(observations[2].slot, REPORT_AFTER);
		assert_int_equal(observations[2].expected, examples[i].afterwards);
	}
}

static void
free_entries_become_an_index(void **state)
{
	static const uint32_t examples[][2] = { { 512, 511 }, { 2, 1 }, { 1, 0 }, { 0, 0xffff } };

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct guest guest = { .has_page_log = 1, .page_log_free = examples[i][0] };
		uint64_t values[MAX_PART_FIELDS];

		values_of(&guest, 0, values);
		assert_int_equal(values[PML], examples[i][1]);
	}
}

/* An eighth too long or too short is as wished; half of it, and twice as long, is not. */
static void
time_is_measured(void **state)
{
	static const struct {
		uint64_t first, last, wish, found;
	} examples[] = {
		{ 1000, 3500, 2500, 2500 },
		{ 1000, 3490, 2500, 2500 },
		{ 1000, 3812, 2500, 2500 },
		{ 1000, 3813, 2500, 2813 },
		{ 1000, 3187, 2500, 2187 },
		{ 1000, 2250, 2500, 1250 },
		{ 1000, 6000, 2500, 5000 },
		{ 1000, 81000, 2500, 80000 },
		{ 0, 0, 2500, 0 },
		{ 0, 0, 0, 0 },
		{ 1000, 1006, 0, 6 },
		{ 1000, 0, 0, -1000ull },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct guest guest = { .has_timer = 1, .timer_tsc_ticks = examples[i].wish };
		uint64_t report[REPORT_SLOTS] = {
			[REPORT_FIRST_TSC] = examples[i].first, [REPORT_LAST_TSC] = examples[i].last
		};
		uint64_t values[MAX_PART_FIELDS];

		values_of(&guest, 0, values);
		judge_of_lab_6()->collect(&guest, values, report);
		if (report[REPORT_TIMER] != examples[i].found)
			fail_msg("example %zu: %lu", i, report[REPORT_TIMER]);
	}
}

/* The kernel's own findings reach the report. */
static void
findings_are_collected(void **state)
{
	struct guest guest = { .has_page_log = 1, .page_log_free = PAGE_LOG_ENTRIES };
	uint64_t report[REPORT_SLOTS] = { 0 }, values[MAX_PART_FIELDS];

	(void)state;
	stub_fields[GUEST_PML_INDEX] = 507;
	values_of(&guest, 0, values);
	judge_of_lab_6()->collect(&guest, values, report);
	assert_int_equal(report[REPORT_AFTER], 507);
	assert_int_equal(report[REPORT_LOG_FIRST], 511);
	assert_int_equal(report[REPORT_LOG_PAGES], 1);
}

/* GiB for GiB: what is there for an entry that is present, and with EPT the field as well. */
static void
pdptes_are_observed(void **state)
{
	struct guest guest = { .mode = GUEST_32BIT_PAE, .pdptes = { FIRST_PDPTE, 1, 0x1e6, 3 } };
	struct observation observations[MAX_OBSERVATIONS];
	uint64_t values[MAX_PART_FIELDS];

	(void)state;
	judge_of_lab_6()->only_values(&guest, &without_ept, values);
	assert_int_equal(judge_of_lab_6()->observations(&guest, values, observations), 5);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(observations[1 + i].slot, REPORT_QUARTERS + i);
		assert_int_equal(observations[1 + i].expected, i == 2 ? QUARTER_ABSENT : TOKEN_PAE);
	}
	judge_of_lab_6()->only_values(&guest, &with_ept, values);
	assert_int_equal(judge_of_lab_6()->observations(&guest, values, observations), 9);
	assert_int_equal(observations[8].field, GUEST_PDPTE3);
	assert_int_equal(observations[8].expected, 3);
	assert_true(observations[8].field_mask == ~0ull);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_break_one_rule),
		cmocka_unit_test(links_become_pointers),
		cmocka_unit_test(ticks_become_timer_values),
		cmocka_unit_test(registers_become_vectors),
		cmocka_unit_test(free_entries_become_an_index),
		cmocka_unit_test(time_is_measured),
		cmocka_unit_test(findings_are_collected),
		cmocka_unit_test(pdptes_are_observed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

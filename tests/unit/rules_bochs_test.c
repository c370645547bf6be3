/*
 * Unit tests of what the rules say of each measured version of Bochs: legal states that it was seen to
 * enter, and states about which it was seen to deviate from the SDM, in both directions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/non_register.h>

#include "rules_compare.h"
#include "rules_models.h"
#include "state/bases.h"

#define EVENT      VM_ENTRY_INTERRUPTION_INFORMATION
#define INTERRUPTS GUEST_INTERRUPTIBILITY_STATE
#define ACTIVITY   GUEST_ACTIVITY_STATE
#define PENDING    GUEST_PENDING_DEBUG_EXCEPTIONS
#define RIGHTS(r)  GUEST_##r##_ACCESS_RIGHTS
#define MEMORY     0x80000000u /* a target: 8 bytes of memory, by their distance from BASE_EPT */

#define BOTH(rule)          { [BOCHS_2_7] = (rule), [BOCHS_3_0] = (rule) }
#define ONLY(version, rule) { [version] = (rule) }

enum { WRITES = 6, TF = 0x102, IF = 0x202 };

struct write {
	uint32_t target;
	uint64_t value;
};

struct state {
	unsigned model;
	const char *base;
	struct write writes[WRITES];
	const char *by_sdm; /* the rule that it violates; NULL: none */
	/* By each version; "" where it has one of its own. */
	const char *by_bochs[BOCHS_VERSIONS];
};

/* clang-format off */
static const struct state legal[] = {
	{ PENRYN, "64-bit", { { GUEST_CR0, 0xa0010021 } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { GUEST_CR0, 0x80010061 } }, NULL, BOTH(NULL) },
	{ HASWELL, "64-bit", { { GUEST_CR4, 0x22020 } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { GUEST_CR4, 0x802020 } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "unloaded", { { GUEST_DR7, ~0ull }, { GUEST_IA32_PAT, ~0ull }, { GUEST_IA32_EFER, ~0ull }, { GUEST_IA32_S_CET, ~0ull >> 1 }, { GUEST_SSP, 3 }, { GUEST_IA32_PERF_GLOBAL_CTRL, ~0ull } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { GUEST_DR7, 0xffffffff } }, NULL, BOTH(NULL) },
	{ ARRANDALE, "unpaged", { { GUEST_IA32_EFER, 0x100 } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { GUEST_FS_BASE, 0xffff800000000000 }, { GUEST_GS_BASE, 0x7fffffffffff } }, NULL, BOTH(NULL) },
	{ SKYLAKE_X, "unusable", { { GUEST_DS_BASE, ~0ull >> 1 }, { GUEST_ES_BASE, BIT(40) }, { GUEST_SS_BASE, BIT(32) }, { RIGHTS(SS), 0x10f00 }, { RIGHTS(DS), 0xffffff00 }, { RIGHTS(ES), 0x1ff1f } }, NULL, BOTH(NULL) },
	{ LYNNFIELD, "restricted", { { GUEST_DS_SELECTOR, 0x1b }, { RIGHTS(DS), 0xc09f } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { GUEST_DS_SELECTOR, 0x1b }, { GUEST_GS_SELECTOR, 0x1b } }, NULL, BOTH(NULL) },
	{ PENRYN, "compatibility", { { GUEST_CR4, 0x2020 } }, NULL, BOTH(NULL) },
	{ PENRYN, "pae", { { RIGHTS(CS), 0xe09b } }, NULL, BOTH(NULL) },
	{ LYNNFIELD, "restricted-user", { { RIGHTS(CS), 0xa09f } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { RIGHTS(CS), 0x1a09b } }, NULL, BOTH(NULL) },
	{ ARRANDALE, "64-bit", { { GUEST_SS_SELECTOR, 0x1b } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { GUEST_DS_LIMIT, 0x12345 }, { RIGHTS(DS), 0x4093 }, { GUEST_TR_LIMIT, 0 } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { GUEST_TR_SELECTOR, 0 } }, NULL, BOTH(NULL) },
	{ PENRYN, "32-bit", { { RIGHTS(TR), 0x83 } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { GUEST_LDTR_SELECTOR, 4 }, { GUEST_LDTR_BASE, BIT(63) } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { INTERRUPTS, BLOCKING_BY_STI }, { GUEST_RFLAGS, IF } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { INTERRUPTS, BLOCKING_BY_MOV_SS } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { INTERRUPTS, BLOCKING_BY_NMI } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { INTERRUPTS, BLOCKING_BY_NMI }, { EVENT, 0x80000202 } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { ACTIVITY, ACTIVITY_HLT }, { EVENT, 0x80000301 } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { ACTIVITY, ACTIVITY_HLT }, { EVENT, 0x80000312 } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { ACTIVITY, ACTIVITY_HLT }, { EVENT, 0x80000202 } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { ACTIVITY, ACTIVITY_HLT }, { EVENT, 0x80000700 } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { ACTIVITY, ACTIVITY_SHUTDOWN }, { EVENT, 0x80000202 } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { ACTIVITY, ACTIVITY_SHUTDOWN }, { EVENT, 0x80000312 } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { INTERRUPTS, BLOCKING_BY_STI }, { GUEST_RFLAGS, IF | TF }, { PENDING, BIT(14) } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { PENDING, BIT(14) } }, NULL, BOTH(NULL) },
	{ PENRYN, "64-bit", { { VMCS_LINK_POINTER, BASE_LINKED } }, NULL, BOTH(NULL) },
	{ HASWELL, "shadowing", { { VMCS_LINK_POINTER, BASE_SHADOW } }, NULL, BOTH(NULL) },
	{ LYNNFIELD, "pae-ept", { { GUEST_PDPTE0, ~1ull }, { GUEST_PDPTE3, 6 } }, NULL, BOTH(NULL) },
	{ LYNNFIELD, "64-bit", { { GUEST_PDPTE0, ~0ull }, { GUEST_PDPTE3, 7 } }, NULL, BOTH(NULL) },
	{ PENRYN, "pae-without-ept", { { MEMORY + (BASE_CR3 - BASE_EPT), ~1ull } }, NULL, BOTH(NULL) },
};

/* What a version of Bochs does not look at, or looks at in another way. */
static const struct state deviations[] = {
	{ PENRYN, "64-bit", { { GUEST_IA32_DEBUGCTL, BIT(40) } }, "DEBUGCTL-RSVD", BOTH(NULL) },
	{ ARRANDALE, "64-bit", { { GUEST_CR0, 0x10021 } }, "IA32E-PG", BOTH(NULL) },
	{ PENRYN, "64-bit", { { VM_ENTRY_CONTROLS, 0x33ff }, { GUEST_IA32_PERF_GLOBAL_CTRL, ~0ull } }, "PERF-GLOBAL-RSVD", BOTH(NULL) },
	{ PENRYN, "64-bit", { { GUEST_RIP, BIT(48) } }, "RIP-HI-64", BOTH(NULL) },
	{ ARRANDALE, "virtual-8086", { { GUEST_CR0, 0x20 } }, "RFL-VM-PE0", BOTH(NULL) },
	{ PENRYN, "hlt", { { EVENT, 0x80000306 } }, "ACT-HLT-INJ", BOTH(NULL) },
	{ PENRYN, "virtual-nmi", { { INTERRUPTS, BLOCKING_BY_NMI } }, "INT-NMI-VNMI", BOTH(NULL) },
	{ PENRYN, "64-bit", { { PENDING, BIT(32) } }, "PDBG-RSVD-63-32", BOTH(NULL) },
	{ PENRYN, "sti", { { GUEST_RFLAGS, IF | TF } }, "PDBG-BS-SET-STI", BOTH(NULL) },
	{ PENRYN, "mov-ss", { { GUEST_RFLAGS, TF } }, "PDBG-BS-SET-MOVSS", BOTH(NULL) },
	{ PENRYN, "hlt", { { GUEST_RFLAGS, TF } }, "PDBG-BS-SET-HLT", BOTH(NULL) },
	{ PENRYN, "sti", { { PENDING, BIT(14) } }, "PDBG-BS-CLR-STI", BOTH(NULL) },
	{ PENRYN, "mov-ss", { { PENDING, BIT(14) } }, "PDBG-BS-CLR-MOVSS", BOTH(NULL) },
	{ PENRYN, "hlt", { { PENDING, BIT(14) } }, "PDBG-BS-CLR-HLT", BOTH(NULL) },
	{ PENRYN, "msr-load", { { MEMORY + (BASE_MSR_LOAD - BASE_EPT), 0x9b } }, "MSRL-SMM-ONLY", BOTH(NULL) },
	{ PENRYN, "msr-load", { { MEMORY + (BASE_MSR_LOAD - BASE_EPT), 0x79 } }, "MSRL-MODEL-SPECIFIC", BOTH(NULL) },
	{ TIGERLAKE, "64-bit", { { RIGHTS(CS), 0xa0fb }, { GUEST_CS_SELECTOR, 0x0b } }, "SEG-CS-DPL-NONCONF", ONLY(BOCHS_3_0, "SEG-CS-DPL-NONCONF") },
	{ TIGERLAKE, "64-bit", { { GUEST_CS_SELECTOR, 0x0b } }, NULL, ONLY(BOCHS_2_7, "") },
	{ TIGERLAKE, "64-bit", { { RIGHTS(CS), 0xa0ff }, { GUEST_CS_SELECTOR, 0x0b } }, "SEG-CS-DPL-CONF", ONLY(BOCHS_3_0, "SEG-CS-DPL-CONF") },
	{ TIGERLAKE, "64-bit", { { RIGHTS(CS), 0xa0ff }, { GUEST_CS_SELECTOR, 0x08 }, { RIGHTS(SS), 0xc0f3 } }, NULL, ONLY(BOCHS_2_7, "") },
	{ LYNNFIELD, "restricted", { { RIGHTS(DS), 0xc09b }, { GUEST_DS_SELECTOR, 0x1b } }, "SEG-DS-DPL-RPL", ONLY(BOCHS_3_0, "SEG-DS-DPL-RPL") },
	{ LYNNFIELD, "restricted", { { RIGHTS(DS), 0xc093 }, { GUEST_DS_SELECTOR, 0x1b } }, "SEG-DS-DPL-RPL", BOTH("SEG-DS-DPL-RPL") },
	{ PENRYN, "64-bit", { { RIGHTS(SS), 0xc091 }, { GUEST_SS_SELECTOR, 0 } }, "SEG-SS-TYPE", BOTH(NULL) },
	{ PENRYN, "64-bit", { { RIGHTS(SS), 0xc091 }, { GUEST_SS_SELECTOR, 0x10 } }, "SEG-SS-TYPE", BOTH("SEG-SS-TYPE") },
	{ TIGERLAKE, "cet-32-bit", { { GUEST_IA32_S_CET, BIT(32) } }, NULL, BOTH("") },
	{ TIGERLAKE, "cet", { { GUEST_IA32_S_CET, BIT(32) } }, NULL, BOTH(NULL) },
	{ TIGERLAKE, "cet", { { GUEST_SSP, BIT(47) } }, NULL, BOTH("") },
	{ PENRYN, "shutdown", { { EVENT, 0x80000012 }, { GUEST_RFLAGS, IF } }, "ACT-SHUTDOWN-INJ", BOTH(NULL) },
	{ PENRYN, "shutdown", { { EVENT, 0x80000013 }, { GUEST_RFLAGS, IF } }, "ACT-SHUTDOWN-INJ", BOTH("ACT-SHUTDOWN-INJ") },
	{ NEWEST, "64-bit", { { INTERRUPTS, BIT(4) } }, NULL, BOTH("") },
	{ NEWEST, "64-bit", { { PENDING, BIT(16) | BIT(12) } }, NULL, BOTH("") },
	{ TIGERLAKE, "interrupt", { { EVENT, 0x80000820 } }, "INJ-ERRCODE-FLAG", BOTH(NULL) },
	{ SKYLAKE_X, "interrupt", { { EVENT, 0x80000820 } }, "INJ-ERRCODE-FLAG", BOTH("INJ-ERRCODE-FLAG") },
	{ PENRYN, "nmi", { { INTERRUPTS, BLOCKING_BY_STI }, { GUEST_RFLAGS, IF } }, "INT-NMI-STI", BOTH("INT-NMI-STI") },
	{ PENRYN, "msr-load", { { MEMORY + (BASE_MSR_LOAD - BASE_EPT), 0x800 } }, "MSRL-WRMSR-GP", BOTH("MSRL-WRMSR-GP") },
	{ ARROW_LAKE, "msr-load", { { MEMORY + (BASE_MSR_LOAD - BASE_EPT), 0x492 } }, "MSRL-WRMSR-GP", ONLY(BOCHS_3_0, "MSRL-WRMSR-GP") },
	{ ARROW_LAKE, "pkrs", { { GUEST_IA32_PKRS, BIT(32) } }, "PKRS-HI", ONLY(BOCHS_2_7, "PKRS-HI") },
	{ ARROW_LAKE, "uinv", { { GUEST_UINV, 0x100 } }, "UINV-HI", BOTH("UINV-HI") },
	{ SAPPHIRE_RAPIDS, "64-bit", { { GUEST_FS_BASE, BIT(47) } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "64-bit", { { GUEST_GS_BASE, ~0ull << 56 } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "64-bit", { { GUEST_TR_BASE, BIT(56) - 1 } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "ldt", { { GUEST_LDTR_BASE, BIT(47) } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "64-bit", { { GUEST_LDTR_BASE, BIT(47) } }, NULL, BOTH(NULL) },
	{ SAPPHIRE_RAPIDS, "32-bit", { { GUEST_IDTR_BASE, BIT(47) } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "64-bit", { { GUEST_IA32_SYSENTER_EIP, BIT(55) } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "cet", { { GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR, BIT(47) } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "64-bit", { { GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR, BIT(47) } }, NULL, BOTH(NULL) },
	{ SAPPHIRE_RAPIDS, "msr-load", { { MEMORY + (BASE_MSR_LOAD + 24 - BASE_EPT), BIT(47) } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "64-bit", { { GUEST_CR4, 0x3020 } }, NULL, ONLY(BOCHS_3_0, "") },
	{ SAPPHIRE_RAPIDS, "pae", { { GUEST_CR4, 0x3020 } }, NULL, ONLY(BOCHS_3_0, "") },
	{ ARROW_LAKE, "posted-interrupts", { { POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, 0x1040 } }, NULL, ONLY(BOCHS_3_0, "") },
	{ ARROW_LAKE, "64-bit", { { GUEST_FS_BASE, BIT(47) } }, "SEG-FS-BASE-CANON", BOTH("SEG-FS-BASE-CANON") },
};
/* clang-format on */

static void
make_state(const struct state *state, struct vmcs *vmcs)
{
	int base = base_find(state->base);

	assert_true(base >= 0);
	assert_null(base_make((unsigned)base, &models[state->model], vmcs));
	for (unsigned i = 0; i < WRITES; i++) {
		const struct write *write = &state->writes[i];

		if (write->target & MEMORY)
			vmcs_set_memory(vmcs, BASE_EPT + (write->target & ~MEMORY), write->value);
		else if (write->target)
			vmcs_set(vmcs, write->target, write->value);
	}
}

static bool
is_of_bochs(const struct rule *rule)
{
	return rule >= rules_of_bochs.rules && rule < rules_of_bochs.rules + rules_of_bochs.count;
}

/* Exactly the expected rule is violated; "": one that only Bochs has. */
static void
assert_violates(const char *expected, const struct rule_violation *violations, size_t count,
        const char *who, const struct state *state)
{
	if (count != (expected != NULL))
		fail_msg("%s on %s, %#x: %s finds %zu violations (%s), not %s", state->base,
		        model_names[state->model], state->writes[0].target, who, count,
		        count ? violations[0].rule->id : "none", expected ? expected : "none");
	if (!expected)
		return;
	assert_int_equal(is_of_bochs(violations[0].rule), expected[0] == '\0');
	if (expected[0])
		assert_string_equal(violations[0].rule->id, expected);
}

static void
judge(const struct state *state)
{
	struct rule_violation violations[COMPARE_ROOM];
	struct rule_input input;
	struct vmcs vmcs;
	size_t count;

	make_state(state, &vmcs);
	input = compare_input(&vmcs, &models[state->model], false);
	count = rules_check(&input, violations, COMPARE_ROOM);
	assert_violates(state->by_sdm, violations, count, "the SDM", state);
	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++) {
		count = rules_check_as_bochs(&input, i, violations, COMPARE_ROOM);
		assert_violates(
		        state->by_bochs[i], violations, count, bochs_version_name(i), state);
	}
}

static int
prepare(void **state)
{
	(void)state;
	models_derive();
	return 0;
}

/* Legal states, each next to an illegal one, break nothing in anybody's eyes. */
static void
legal_states_break_nothing(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT(legal); i++)
		judge(&legal[i]);
}

/* Where Bochs deviates the rules know both answers. */
static void
deviations_of_bochs_are_known(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT(deviations); i++)
		judge(&deviations[i]);
}

/* Entry to SMM is a wrong control for the SDM, for Bochs a wrong interruptibility state. */
static void
bochs_refuses_entry_to_smm_late(void **state)
{
	static const struct state entry = { PENRYN, "64-bit", { { VM_ENTRY_CONTROLS, 0x17ff } },
		"CTL-ENTRY-SMM", BOTH("INT-SMI-SMMENTRY") };
	struct rule_violation violations[COMPARE_ROOM];
	struct rule_input input;
	struct vmcs vmcs;

	(void)state;
	make_state(&entry, &vmcs);
	input = compare_input(&vmcs, &models[PENRYN], false);
	assert_int_equal(rules_check(&input, violations, COMPARE_ROOM), 2);
	assert_string_equal(violations[0].rule->id, entry.by_bochs[BOCHS_2_7]);
	assert_string_equal(violations[1].rule->id, entry.by_sdm);
	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++)
		assert_violates(entry.by_bochs[i], violations,
		        rules_check_as_bochs(&input, i, violations, COMPARE_ROOM),
		        bochs_version_name(i), &entry);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(legal_states_break_nothing),
		cmocka_unit_test(deviations_of_bochs_are_known),
		cmocka_unit_test(bochs_refuses_entry_to_smm_late),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}

/*
 * Unit tests of the judgement on dumps: which rules, which verdict, what is unknown and why.  The
 * rules themselves have tests of their own.
 */
#include "explain_check.h"

/* No false alarm. */
static void
valid_states_violate_nothing(void **state)
{
	static const char *const fixtures[] = { VALID, "explain/kvm-64.txt", "explain/kvm-pae.txt",
		"explain/kvm-reset.txt", "explain/kvm-v86.txt", "explain/qemu-64.txt",
		"explain/qemu-reset.txt", "explain/xen-64.txt" };
	struct judged judged;

	(void)state;
	for (size_t i = 0; i < COUNT(fixtures); i++) {
		checked = fixtures[i];
		judge_fixture(&judged, fixtures[i]);
		assert_violated(&judged, "");
		forget(&judged);
	}
}

/* clang-format off */
static const struct {
	const char *changes, *rules;
} broken[] = {
	{ "GUEST_CR0 = 0x80000001\n", "CR0-FIXED0" },
	{ "GUEST_CR4 = 0x2000\n", "IA32E-PAE" },
	{ "GUEST_CR4 = 0x20\n", "CR4-FIXED0" },
	{ "GUEST_CR3 = 0x10000000000000\n", "CR3-MAXPHY" },
	{ "GUEST_IA32_EFER = 0x400\n", "EFER-LMA-LME" },
	{ "GUEST_IA32_PAT = 0x0007040600070402\n", "PAT-BYTE0" },
	{ "GUEST_DR7 = 0x100000400\n", "DR7-HI" },
	{ "GUEST_ACTIVITY_STATE = 4\n", "ACT-RANGE" },
	{ "GUEST_PENDING_DEBUG_EXCEPTIONS = 0x10\n", "PDBG-RSVD-LOW" },
	{ "GUEST_INTERRUPTIBILITY_STATE = 1\n", "INT-STI-IF" },
	{ "VMCS_LINK_POINTER = 1\n", "LINK-ALIGN" },
	/* The two fields that break together are one mistake, and both rules are named. */
	{ "GUEST_CR0 = 0x21\nGUEST_CR4 = 0x2000\n", "IA32E-PG IA32E-PAE" },
	/* Controls come first. */
	{ "SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS = 0x80\nGUEST_CR4 = 0x2000\n", "CTL-URG-EPT IA32E-PAE" },
};
/* clang-format on */

static void
violated_rules_are_named(void **state)
{
	struct judged judged;

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		checked = broken[i].changes;
		judge(&judged, broken[i].changes);
		assert_violated(&judged, broken[i].rules);
		forget(&judged);
	}
}

/* A line that is missing makes rules unknown; it never makes one violated. */
static void
missing_fields_violate_nothing(void **state)
{
	size_t size;
	char *base = fixture(VALID, &size);
	struct judged judged;

	(void)state;
	for (char *line = base; (line = strchr(line, '\n')) && line[1]; line++) {
		char *end = strchr(line + 1, '\n');
		char *text = new_string("%.*s%s", (int)(line - base), base, end);

		checked = line + 1;
		judge_text(&judged, text);
		assert_violated(&judged, "");
		forget(&judged);
		free(text);
	}
	free(base);
}

/* Which field is missing is said, also when only a condition needs it. */
static void
missing_fields_are_named(void **state)
{
	static const struct {
		const char *text, *rule;
		uint32_t field;
	} missing[] = {
		{ HEADER "GUEST_CR4 = 0x2020\nVM_ENTRY_CONTROLS = 0\n", "CR3-MAXPHY", GUEST_CR3 },
		{ HEADER "GUEST_CR4 = 0x22020\n", "CR4-PCIDE-32", VM_ENTRY_CONTROLS },
		{ HEADER "GUEST_CR4 = 0x802020\n", "CR4-CET-WP", GUEST_CR0 },
		{ HEADER "GUEST_IA32_PAT = 2\n", "PAT-BYTE0", VM_ENTRY_CONTROLS },
		{ HEADER "VM_ENTRY_CONTROLS = 0x4000\n", "PAT-BYTE7", GUEST_IA32_PAT },
		{ HEADER "GUEST_CR0 = 1\n", "MSRL-RSVD", VM_ENTRY_MSR_LOAD_COUNT },
	};
	struct judged judged;

	(void)state;
	for (size_t i = 0; i < COUNT(missing); i++) {
		const struct unknown_rule *unknown;
		bool named = false;

		checked = missing[i].rule;
		judge_text(&judged, missing[i].text);
		unknown = find_unknown(&judged, missing[i].rule);
		assert_non_null(unknown);
		assert_int_equal(unknown->cause, CAUSE_FIELDS);
		for (int j = 0; j < unknown->field_count; j++)
			named |= unknown->fields[j] == missing[i].field;
		assert_true(named);
		forget(&judged);
	}
	/* Whether the guest is unrestricted is not known without the primary controls. */
	judge_text(&judged, HEADER "GUEST_CR0 = 0x20\n"
	                           "SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS = 0x82\n");
	assert_violated(&judged, "");
	assert_non_null(find_unknown(&judged, "CR0-FIXED0"));
	forget(&judged);
	/* What holds whatever the missing field may be is not unknown. */
	judge_text(&judged, HEADER "GUEST_CR4 = 0x2020\n");
	assert_null(find_unknown(&judged, "CR4-PCIDE-32"));
	forget(&judged);
}

/* The end of the entry decides what the verdict is about. */
static const struct {
	const char *changes;
	enum entry_end end;
	enum verdict verdict;
	const char *in_headline; /* and what must be in the headline */
	const char *in_remarks;  /* or in a remark; NULL: there must be none */
} ends[] = {
	{ "", END_UNKNOWN, VERDICT_NOTHING_FOUND, "no violated rule", NULL },
	{ "GUEST_CR4 = 0x2000\n", END_UNKNOWN, VERDICT_INVALID_GUEST_STATE,
	        "invalid guest state: 1 rule violated: IA32E-PAE", NULL },
	{ "GUEST_CR4 = 0x2000\nSECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS = 0x80\n",
	        END_UNKNOWN, VERDICT_INVALID_CONTROL,
	        "invalid control field and invalid guest state: 2 rules", "controls first" },
	{ "EXIT_REASON = 0x80000021\n", END_GUEST_STATE, VERDICT_NOTHING_FOUND,
	        "nothing visible in this dump", NULL },
	{ "EXIT_REASON = 0x80000021\nGUEST_CR4 = 0x2000\n", END_GUEST_STATE,
	        VERDICT_INVALID_GUEST_STATE, "IA32E-PAE", NULL },
	{ "EXIT_REASON = 0x80000021\nSECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS = 0x80\n",
	        END_GUEST_STATE, VERDICT_NOTHING_FOUND, "nothing visible",
	        "contradict exit reason 33" },
	{ "EXIT_REASON = 0x80000022\nEXIT_QUALIFICATION = 1\n", END_MSR_LOADING,
	        VERDICT_NOTHING_FOUND, "nothing visible", "not in this dump" },
	{ "EXIT_REASON = 0x80000022\nGUEST_CR4 = 0x2000\n", END_MSR_LOADING, VERDICT_NOTHING_FOUND,
	        "nothing visible", "contradict exit reason 34" },
	{ "EXIT_REASON = 0x80000029\n", END_OTHER_FAILURE, VERDICT_OTHER_FAILURE, "failed",
	        "machine check" },
	{ "EXIT_REASON = 0x8000ffff\n", END_OTHER_FAILURE, VERDICT_OTHER_FAILURE, "failed",
	        "65535" },
	{ "EXIT_REASON = 12\n", END_EXIT, VERDICT_NOT_A_FAILED_ENTRY, "was running",
	        "ordinary VM exit" },
	{ "EXIT_REASON = 12\nGUEST_CR4 = 0x2000\n", END_EXIT, VERDICT_INVALID_GUEST_STATE,
	        "IA32E-PAE", "stale" },
	{ "VM_INSTRUCTION_ERROR = 7\n", END_CONTROL, VERDICT_NOTHING_FOUND, "error 7",
	        "invalid control field" },
	{ "VM_INSTRUCTION_ERROR = 7\nSECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS = 0x80\n",
	        END_CONTROL, VERDICT_INVALID_CONTROL, "CTL-URG-EPT", "invalid control field" },
	{ "VM_INSTRUCTION_ERROR = 7\nGUEST_CR4 = 0x2000\n", END_CONTROL, VERDICT_NOTHING_FOUND,
	        "error 7", "did not get as far as the guest state" },
	{ "VM_INSTRUCTION_ERROR = 8\n", END_HOST_STATE, VERDICT_OTHER_FAILURE, "host state",
	        "is not judged" },
	{ "VM_INSTRUCTION_ERROR = 5\n", END_INSTRUCTION, VERDICT_OTHER_FAILURE, "VMRESUME",
	        "not launched" },
	/* Errors of other instructions, and older ones, say nothing. */
	{ "VM_INSTRUCTION_ERROR = 12\n", END_UNKNOWN, VERDICT_NOTHING_FOUND, "no violated", NULL },
	{ "VM_INSTRUCTION_ERROR = 7\nEXIT_REASON = 0x80000021\n", END_GUEST_STATE,
	        VERDICT_NOTHING_FOUND, "exit reason 33", NULL },
	/* The exit qualification narrows. */
	{ "EXIT_REASON = 0x80000021\nEXIT_QUALIFICATION = 4\nVMCS_LINK_POINTER = 1\n",
	        END_GUEST_STATE, VERDICT_INVALID_GUEST_STATE, "LINK-ALIGN", "come first" },
	{ "EXIT_REASON = 0x80000021\nEXIT_QUALIFICATION = 2\n", END_GUEST_STATE,
	        VERDICT_NOTHING_FOUND, "nothing visible", "PDPTEs" },
	{ "EXIT_REASON = 0x80000021\nEXIT_QUALIFICATION = 3\n", END_GUEST_STATE,
	        VERDICT_NOTHING_FOUND, "nothing visible", "NMI" },
	{ "EXIT_REASON = 0x80000021\nEXIT_QUALIFICATION = 0\nVMCS_LINK_POINTER = 1\n",
	        END_GUEST_STATE, VERDICT_INVALID_GUEST_STATE, "LINK-ALIGN", "something other" },
	{ "EXIT_REASON = 0x80000021\nEXIT_QUALIFICATION = 9\n", END_GUEST_STATE,
	        VERDICT_NOTHING_FOUND, "nothing visible", "not one that the SDM defines" },
};

static void
the_end_of_the_entry_is_honoured(void **state)
{
	struct judged judged;

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		const struct explanation *explanation = &judged.explanation;

		checked = ends[i].changes;
		judge(&judged, ends[i].changes);
		if (explanation->end != ends[i].end || explanation->verdict != ends[i].verdict ||
		        !strstr(explanation->headline, ends[i].in_headline))
			fail_msg("%s: end %d, %s, '%s'", checked, explanation->end,
			        verdict_word(explanation->verdict), explanation->headline);
		if (ends[i].in_remarks ? !is_in_remarks(explanation, ends[i].in_remarks)
		                       : explanation->remark_count > 0)
			fail_msg("%s: %d remarks, the first '%s'", checked,
			        explanation->remark_count,
			        explanation->remark_count ? explanation->remarks[0] : "");
		forget(&judged);
	}
}

/* What the qualification points at comes first, whatever the order of the table. */
static void
the_qualification_sorts(void **state)
{
	struct judged judged;

	(void)state;
	judge(&judged, "EXIT_REASON = 0x80000021\nEXIT_QUALIFICATION = 4\nVMCS_LINK_POINTER = 1\n"
	               "GUEST_CR4 = 0x2000\n");
	assert_violated(&judged, "LINK-ALIGN IA32E-PAE");
	forget(&judged);
	judge(&judged, "EXIT_REASON = 0x80000021\nEXIT_QUALIFICATION = 0\nVMCS_LINK_POINTER = 1\n"
	               "GUEST_CR4 = 0x2000\n");
	assert_violated(&judged, "IA32E-PAE LINK-ALIGN");
	forget(&judged);
	judge(&judged, "EXIT_REASON = 0x80000022\nEXIT_QUALIFICATION = 3\n"
	               "VM_ENTRY_MSR_LOAD_COUNT = 3\nMSR_LOAD[1] = 0xc0000100 0\n"
	               "MSR_LOAD[2] = 0x174 0\nMSR_LOAD[3] = 0xc0000101 0\n");
	assert_violated(&judged, "MSRL-FSGS-BASE MSRL-FSGS-BASE");
	assert_int_equal(judged.explanation.violations[0].index, 2);
	assert_int_equal(judged.explanation.violations[1].index, 0);
	assert_int_equal(judged.explanation.violated[MSR_LOAD_FAILS], 1);
	forget(&judged);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_states_violate_nothing),
		cmocka_unit_test(violated_rules_are_named),
		cmocka_unit_test(missing_fields_violate_nothing),
		cmocka_unit_test(missing_fields_are_named),
		cmocka_unit_test(the_end_of_the_entry_is_honoured),
		cmocka_unit_test(the_qualification_sorts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

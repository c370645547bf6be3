/*
 * Unit tests of what r33 explain makes of incomplete dumps, and of what it prints.
 */
#include "explain_check.h"

static bool
is_assumed(const struct judged *judged, const char *id)
{
	for (size_t i = 0; i < judged->explanation.assumed_count; i++) {
		if (strcmp(judged->explanation.assumed[i].rule->id, id) == 0)
			return true;
	}
	return false;
}

/* Some entries of an MSR-load area that nobody knows the address of. */
static void
msr_load_lists_need_no_address(void **state)
{
	struct judged judged;

	(void)state;
	judge_text(&judged, HEADER "MSR_LOAD[2] = 0x100000174 0x10\n");
	assert_violated(&judged, "MSRL-RSVD");
	assert_int_equal(judged.explanation.violations[0].index, 1);
	/* The first entry is not there; address and count are not known either. */
	assert_non_null(find_unknown(&judged, "MSRL-FSGS-BASE"));
	assert_int_equal(find_unknown(&judged, "MSRL-FSGS-BASE")->cause, CAUSE_MEMORY);
	assert_non_null(find_unknown(&judged, "CTL-MSRLOAD-ADDR"));
	assert_non_null(find_unknown(&judged, "MSRL-COUNT"));
	forget(&judged);
	/* With an address it is the same, and the rules on the address are judged. */
	judge_text(&judged, HEADER "VM_ENTRY_MSR_LOAD_ADDRESS = 0x1234500\n"
	                           "VM_ENTRY_MSR_LOAD_COUNT = 1\nMSR_LOAD[1] = 0xc0000101 0\n");
	assert_violated(&judged, "MSRL-FSGS-BASE");
	assert_null(find_unknown(&judged, "CTL-MSRLOAD-ADDR"));
	forget(&judged);
}

/* What QEMU shows otherwise is not held against the VMCS. */
static void
qemu_is_no_vmcs(void **state)
{
	struct judged judged;
	size_t size;
	char *text = fixture("explain/qemu-reset.txt", &size);

	(void)state;
	judge_text(&judged, text);
	/* NE and VMXE are missing in what the guest sees. */
	assert_int_equal(find_unknown(&judged, "CR0-FIXED0")->cause, CAUSE_GUEST_VIEW);
	assert_int_equal(find_unknown(&judged, "CR4-FIXED0")->cause, CAUSE_GUEST_VIEW);
	assert_int_equal(find_unknown(&judged, "CR3-MAXPHY")->cause, CAUSE_CUT);
	assert_null(find_unknown(&judged, "IA32E-PG"));
	assert_false(is_in_remarks(&judged.explanation, "RIP-HI-32"));
	forget(&judged);
	/* The classic: registers of a 64-bit guest, cut, in the state after reset. */
	memcpy(strstr(text, "EIP=0000fff0"), "EIP=81a2c3d4", 12);
	judge_text(&judged, text);
	assert_true(is_in_remarks(&judged.explanation, "RIP-HI-32"));
	forget(&judged);
	free(text);
	judge_fixture(&judged, "qemu-real-mode.txt");
	assert_violated(&judged, "");
	assert_int_equal(find_unknown(&judged, "CR0-PG-PE")->cause, CAUSE_MIXTURE);
	assert_non_null(find_unknown(&judged, "SEG-CS-BASE-HI"));
	assert_int_equal(find_unknown(&judged, "SEG-CS-BASE-HI")->cause, CAUSE_MIXTURE);
	assert_int_equal(find_unknown(&judged, "TR-TYPE-32")->cause, CAUSE_MIXTURE);
	assert_null(find_unknown(&judged, "LDTR-TYPE"));
	forget(&judged);
	judge_fixture(&judged, "qemu-amd.txt");
	assert_int_equal(judged.explanation.verdict, VERDICT_NOT_VMX);
	assert_int_equal(judged.explanation.unknown_count, 0);
	forget(&judged);
	/* From EFER.LMA it is known that the guest is in IA-32e mode. */
	judge_fixture(&judged, "explain/qemu-64.txt");
	assert_null(find_unknown(&judged, "IA32E-PAE"));
	assert_null(find_unknown(&judged, "PDPTE-VMCS-2-1"));
	forget(&judged);
}

/* Only what depends on the processor in this state is said to depend on it. */
static void
assumptions_are_named(void **state)
{
	static const char narrow[] =
	        "# reason33 capabilities 1\nCPUID[0x80000008,0] = 0x3024 0 0 0";
	struct judged judged;

	(void)state;
	judge(&judged, "GUEST_CR4 = 0x102020\nGUEST_CR3 = 0x2000000000\n");
	assert_violated(&judged, "");
	assert_true(is_assumed(&judged, "CR4-FIXED1"));
	assert_true(is_assumed(&judged, "CR3-MAXPHY"));
	assert_false(is_assumed(&judged, "CR0-FIXED0"));
	explanation_free(&judged.explanation);
	/* The same dump, for a processor of which something is told. */
	assert_null(caps_read(&judged.caps, narrow, strlen(narrow)));
	assert_int_equal(judged.caps.capabilities.physical_address_width, 36);
	explain(&judged.explanation, &judged.file.dumps[0], &judged.caps);
	assert_violated(&judged, "CR3-MAXPHY");
	assert_true(is_assumed(&judged, "CR4-FIXED1"));
	assert_false(is_assumed(&judged, "CR3-MAXPHY"));
	forget(&judged);
}

static char *
text_of(const struct judged *judged, bool all_rules)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	explain_text(out, &judged->explanation, all_rules);
	fclose(out);
	return text;
}

/* The text has all that a person needs, and nothing that a terminal obeys. */
static void
texts_are_complete_and_clean(void **state)
{
	static const char *const parts[] = { "invalid guest state: 1 rule violated: CR4-CET-WP\n",
		"GUEST_CR4 = 0x802020 (line 2): PAE, VMXE, CET", "CET (bit 23)",
		"GUEST_CR0 = 0x80000021 (line ", "CR0.WP = 1 where CR4.CET = 1", "27.3.1.1 Checks",
		"r33 rules CR4-CET-WP", "\\x1b[2J" };
	struct judged judged;
	char *text;

	(void)state;
	judge(&judged, "GUEST_CR4 = 0x802020\n");
	free(judged.file.dumps[0].title);
	judged.file.dumps[0].title = copy_string("\x1b[2J\x07");
	text = text_of(&judged, false);
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (!strstr(text, parts[i]))
			fail_msg("'%s' is missing in:\n%s", parts[i], text);
	}
	for (const char *at = text; *at; at++)
		assert_true(*at == '\n' || (unsigned char)*at >= ' ');
	free(text);
	forget(&judged);
}

/* Families are shortened, on request all are named. */
static void
unknown_rules_are_named_on_request(void **state)
{
	struct judged judged;
	char *text;

	(void)state;
	judge_fixture(&judged, "explain/kvm-64.txt");
	text = text_of(&judged, false);
	assert_non_null(strstr(text, "VMCS_LINK_POINTER. Rules: LINK-* ("));
	assert_null(strstr(text, "LINK-ALIGN"));
	free(text);
	text = text_of(&judged, true);
	assert_null(strstr(text, "LINK-*"));
	assert_non_null(strstr(text, "LINK-ALIGN"));
	assert_non_null(strstr(text, "LINK-MAXPHY"));
	free(text);
	forget(&judged);
}

static void
json_has_what_is_documented(void **state)
{
	struct judged judged;
	json_t *report, *violation;
	const char *value;

	(void)state;
	judge(&judged, "EXIT_REASON = 0x80000021\nGUEST_CR4 = 0x802020\n");
	report = explain_json(&judged.explanation);
	assert_non_null(report);
	assert_string_equal(object_string(report, "verdict"), "invalid-guest-state");
	assert_string_equal(object_string(report, "format"), "reason33");
	assert_string_equal(object_string(report, "exit_reason"), "0x80000021");
	assert_true(json_is_null(json_object_get(report, "exit_qualification")));
	assert_true(json_is_array(json_object_get(report, "unknown")));
	assert_true(json_is_array(json_object_get(report, "assumed")));
	violation = json_array_get(json_object_get(report, "violations"), 0);
	assert_string_equal(object_string(violation, "id"), "CR4-CET-WP");
	assert_string_equal(object_string(violation, "field"), "GUEST_CR4");
	assert_string_equal(object_string(violation, "value"), "0x802020");
	assert_string_equal(object_string(violation, "decoded"), "PAE, VMXE, CET");
	assert_int_equal(json_integer_value(json_object_get(violation, "line")), 3);
	value = json_string_value(json_array_get(json_object_get(violation, "offending_bits"), 0));
	assert_string_equal(value, "CET (bit 23)");
	json_decref(report);
	forget(&judged);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(msr_load_lists_need_no_address),
		cmocka_unit_test(qemu_is_no_vmcs),
		cmocka_unit_test(assumptions_are_named),
		cmocka_unit_test(texts_are_complete_and_clean),
		cmocka_unit_test(unknown_rules_are_named_on_request),
		cmocka_unit_test(json_has_what_is_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

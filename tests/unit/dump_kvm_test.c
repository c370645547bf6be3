/* Linux KVM's dumps: three generations of them, and what can be wrong in one. */
#include <r33/array.h>

#include "dump_check.h"

/* The lines that change from one generation to the next, and those around them. */
#define GUEST "*** Guest State ***\nCR3 = 0x0000000000001000\n"
#define CONTROL \
	"*** Control State ***\nPinBased=0000003f CPUBased=b5a06dfa SecondaryExec=00000002\n" \
	"EntryControls=000053ff ExitControls=002fefff\n" \
	"        reason=80000021 qualification=0000000000000004\n"

/* Linux 4.3 to 5.12: EFER and PAT in one line, CR3 targets. */
static void
old_dump_is_read(void **state)
{
	struct dump_file file = read_fixture("kvm-old.txt");

	(void)state;
	check_fixture("kvm-old", DUMP_KVM, 0);
	check_value(&file.dumps[0], GUEST_IA32_EFER, 0xd01);
	check_value(&file.dumps[0], GUEST_IA32_PAT, 0x0407050600070106);
	check_value(&file.dumps[0], CR3_TARGET_VALUE1, 0x2222000);
	check_value(&file.dumps[0], VM_ENTRY_INTERRUPTION_INFORMATION, 0x800000ec);
	check_value(&file.dumps[0], GUEST_RFLAGS, 0x46);
	assert_null(file.dumps[0].title);
	assert_int_equal(file.dumps[0].first_line, 1);
	assert_int_equal(file.dumps[0].last_line, 50);
	dump_file_free(&file);
}

/* From 5.13: EFER and PAT apart, where EFER comes from, the MSR-load list. */
static void
middle_dump_is_read(void **state)
{
	struct dump_file file = read_fixture("kvm-middle.txt");
	struct dump *dump = &file.dumps[0];

	(void)state;
	check_fixture("kvm-middle", DUMP_KVM, 1);
	check_note(dump, "not the VMCS field");
	assert_null(dump_value(dump, GUEST_IA32_EFER));
	check_value(dump, GUEST_RIP, 0x0000800012345678);
	check_value(dump, GUEST_PENDING_DEBUG_EXCEPTIONS, 0x1008);
	check_value(dump, VM_ENTRY_CONTROLS, 0x53ff);
	assert_string_equal(dump->title, "VMCS 00000000c0ffee11 on CPU 5");
	assert_int_equal(dump->msr_load_count, 3);
	assert_int_equal(dump->msr_load[2].entry, 3);
	assert_int_equal(dump->msr_load[2].index_number, 0x600);
	assert_int_equal(dump->msr_load[2].value, 0xfffffe0000043000);
	assert_int_equal(dump->fields[0].field, GUEST_CR0);
	assert_int_equal(dump->fields[0].line, 3);
	dump_file_free(&file);
}

/* From 6.0: other control lines, tertiary controls, CET state of guest and host. */
static void
new_dump_is_read(void **state)
{
	struct dump_file file = read_fixture("kvm-new.txt");

	(void)state;
	check_fixture("kvm-new", DUMP_KVM, 0);
	check_value(&file.dumps[0], GUEST_TR_ACCESS_RIGHTS, 0x83);
	check_value(&file.dumps[0], GUEST_SSP, 0xffffc90000133ff8);
	check_value(&file.dumps[0], TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0x30);
	check_value(&file.dumps[0], PIN_BASED_VM_EXECUTION_CONTROLS, 0xff);
	dump_file_free(&file);
}

/* The exit reason is what the dump says, also where it is that of an earlier exit. */
static void
exit_reason_is_kept_as_it_is(void **state)
{
	struct dump_file file = read_fixture("kvm-valid.txt");

	(void)state;
	check_fixture("kvm-valid", DUMP_KVM, 0);
	assert_true(file.dumps[0].has_exit_reason);
	assert_int_equal(file.dumps[0].exit_reason, 0x30);
	assert_true(file.dumps[0].has_qualification);
	assert_int_equal(file.dumps[0].exit_qualification, 0x182);
	assert_false(file.dumps[0].has_instruction_error);
	dump_file_free(&file);
}

/* A line of a dump, a field, its value (NULL: left out), and a part of the note. */
static const struct {
	const char *line;
	uint32_t field;
	const char *value, *note;
} lines[] = {
	{ "CR3 = 0x000000001fd2a000\n", GUEST_CR3, "1000", "which is used" },
	{ "RIP = 0x00000000001012??\n", GUEST_RIP, NULL, "is not a valid value for GUEST_RIP" },
	{ "RIP = ????\n", GUEST_RIP, NULL, "is not a valid value for GUEST_RIP" },
	{ "RIP = 0x1234\n", GUEST_RIP, NULL, "is not a valid value for GUEST_RIP" },
	{ "RIP = 0x00000000000000001\n", GUEST_RIP, NULL, "is not a valid value for GUEST_RIP" },
	{ "RIP = 0000000000001234\n", GUEST_RIP, NULL, "is not a valid value for GUEST_RIP" },
	{ "RIP = 0x000000000000123[ 12.5] x\n", GUEST_RIP, NULL,
	        "is not a valid value for GUEST_RIP" },
	{ "RIP = [ 12.5] 0x0000000000001234\n", GUEST_RIP, NULL,
	        "is not a valid value for GUEST_RIP" },
	{ "RIP =\nEFER= 0x0000000000000500\n", GUEST_RIP, NULL,
	        "is not a valid value for GUEST_RIP" },
	{ "RIP =\nEFER= 0x0000000000000500\n", GUEST_IA32_EFER, "500", "for GUEST_RIP" },
	{ "EFER= 0x0000000000000500\n", GUEST_IA32_EFER, "500", NULL },
	{ "EFER= 0x0000000000000500 (autoload)\n", GUEST_IA32_EFER, NULL, "not the VMCS field" },
	{ "EFER= 0x0000000000000500\n(autoload)\n", GUEST_IA32_EFER, NULL, "not the VMCS field" },
	{ "EFER= 0x0000000000000500 (whatever)\n", GUEST_IA32_EFER, NULL, "unknown" },
	{ "CS:   sel=0x0008, attr=0x0????, limit=0xffffffff, base=0x0000000000000000\n",
	        GUEST_CS_ACCESS_RIGHTS, NULL, "not a valid value for GUEST_CS_ACCESS_RIGHTS" },
	{ "CS:   sel=0x0008, attr=0x0????, limit=0xffffffff, base=0x0000000000000000\n",
	        GUEST_CS_LIMIT, "ffffffff", "not a valid value for GUEST_CS_ACCESS_RIGHTS" },
	{ "CS:   sel=0x0008, attr=0xfffe0a09b, limit=0xffffffff\n", GUEST_CS_ACCESS_RIGHTS, NULL,
	        "not a valid value for GUEST_CS_ACCESS_RIGHTS" },
	{ "CS:   sel=0x0008, attr=0xffe0a09b, limit=0xffffffff\n", GUEST_CS_ACCESS_RIGHTS,
	        "ffe0a09b", NULL },
	{ "RFLAGS=0x8000000000000002         DR7 = 0x0000000000000400\n", GUEST_RFLAGS,
	        "8000000000000002", NULL },
	{ "RIP: 0010:0x0000000000001234 CS: 0010 DS: 0000\n", GUEST_RIP, NULL, NULL },
};

/* An unreadable value is left out with a note, and nothing else suffers. */
static void
unreadable_values_are_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		char *text = new_string("%s%s%s", GUEST, lines[i].line, CONTROL);
		struct dump_file file = read_text(text);
		struct dump *dump = &file.dumps[0];

		checked = lines[i].line;
		assert_int_equal(file.count, 1);
		if (lines[i].value)
			check_value(dump, lines[i].field, strtoull(lines[i].value, NULL, 16));
		else
			assert_null(dump_value(dump, lines[i].field));
		if (lines[i].note)
			check_note(dump, lines[i].note);
		else
			assert_int_equal(dump->note_count, 0);
		check_value(dump, VM_ENTRY_CONTROLS, 0x53ff);
		check_value(dump, EXIT_QUALIFICATION, 4);
		dump_file_free(&file);
		free(text);
	}
}

/* Host state has labels of the guest state: nothing of it is taken, even without its heading. */
static void
host_state_is_left_out(void **state)
{
	static const char host[] =
	        "CS=0010 SS=0018 DS=0000 ES=0000 FS=0000 GS=0000 TR=0040\n"
	        "FSBase=0000000000000000 GSBase=0000000000000000\n"
	        "Sysenter RSP=1111111111111111 CS:RIP=0010:2222222222222222\n"
	        "EFER= 0x0000000000000d01\nPAT = 0x0407050600070106\n"
	        "CR0=0000000080050033 CR3=00000001234e6002 CR4=00000000003626e0\n";

	(void)state;
	for (int heading = 0; heading < 2; heading++) {
		char *text = new_string("%s%s%s%s", GUEST,
		        heading ? "*** Host State ***\nRIP = 0xffffffffc0b1c2d0\n" : "", host,
		        CONTROL);
		struct dump_file file = read_text(text);
		struct dump *dump = &file.dumps[0];

		assert_int_equal(file.count, 1);
		assert_null(dump_value(dump, GUEST_RIP));
		assert_null(dump_value(dump, GUEST_IA32_PAT));
		assert_null(dump_value(dump, GUEST_IA32_SYSENTER_ESP));
		check_value(dump, GUEST_CR3, 0x1000);
		check_value(dump, VM_ENTRY_CONTROLS, 0x53ff);
		assert_int_equal(dump->note_count, 0);
		dump_file_free(&file);
		free(text);
	}
}

/* Lines of others in the middle, with words that the control state has as well. */
static void
other_lines_do_not_end_the_guest_state(void **state)
{
	struct dump_file file = read_text(GUEST
	        "audit: type=1701 comm=\"qemu\" reason=\"memory violation\" sig=6 reason=00000003\n"
	        "RIP = 0x0000000000001234\nPinBased=0000003f CPUBased=b5a06dfa\n"
	        "audit: reason=memory target1 Window\n" CONTROL);
	struct dump_file early = read_text(
	        GUEST "EPT pointer = 0x0000000000000001\nRIP = 0x0000000000001234\n" CONTROL);
	struct dump *dump = &file.dumps[0];

	(void)state;
	assert_int_equal(file.count, 1);
	check_value(dump, GUEST_RIP, 0x1234);
	check_value(dump, PIN_BASED_VM_EXECUTION_CONTROLS, 0x3f);
	check_value(dump, EXIT_REASON, 0x80000021);
	assert_int_equal(dump->note_count, 0);
	assert_null(dump_value(&early.dumps[0], EPT_POINTER));
	check_value(&early.dumps[0], GUEST_RIP, 0x1234);
	dump_file_free(&file);
	dump_file_free(&early);
}

/* Much later than the last line of a dump, nothing belongs to it any more. */
static void
dumps_end_some_time(void **state)
{
	struct dump_file file;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	fputs(GUEST CONTROL, out);
	for (int i = 0; i < 400; i++)
		fputs("[ 99.0] something else happens\n", out);
	fputs("TSC Offset = 0x0000000000000001\n", out);
	fclose(out);
	file = read_text(text);
	assert_int_equal(file.count, 1);
	assert_null(dump_value(&file.dumps[0], TSC_OFFSET));
	dump_file_free(&file);
	free(text);
}

/* A dump that ends early is used as far as it goes, and says so. */
static void
cut_dumps_say_so(void **state)
{
	struct dump_file file = read_text(GUEST);

	(void)state;
	assert_int_equal(file.count, 1);
	check_value(&file.dumps[0], GUEST_CR3, 0x1000);
	check_note(&file.dumps[0], "ends before its control state");
	dump_file_free(&file);

	file = read_text(GUEST "*** Control State ***\nEntryControls=000053ff\n");
	check_note(&file.dumps[0], "ends before its exit reason");
	dump_file_free(&file);

	file = read_text(GUEST "RIP = 0x00000000");
	assert_null(dump_value(&file.dumps[0], GUEST_RIP));
	check_note(&file.dumps[0], "the input ends at the value of GUEST_RIP");
	dump_file_free(&file);

	file = read_text(GUEST "EFER= 0x0000000000000500\n(autoloa");
	assert_null(dump_value(&file.dumps[0], GUEST_IA32_EFER));
	check_note(&file.dumps[0], "EFER is ignored");
	dump_file_free(&file);

	file = read_text(GUEST GUEST CONTROL);
	assert_int_equal(file.count, 2);
	check_note(&file.dumps[0], "ends before its control state");
	assert_int_equal(file.dumps[1].note_count, 0);
	dump_file_free(&file);
}

/* The first heading can be missing; a heading without fields is no dump. */
static void
headings_are_not_all(void **state)
{
	struct dump_file file =
	        read_text("CR0: actual=0x0000000080050033, shadow=0x0000000080050033, "
	                  "gh_mask=fffffffffffffff7\n" CONTROL
	                  "CR0: actual=0x0000000080050031, shadow=0x0000000080050033, "
	                  "gh_mask=fffffffffffffff7\n" CONTROL);

	(void)state;
	assert_int_equal(file.count, 2);
	check_value(&file.dumps[0], GUEST_CR0, 0x80050033);
	check_value(&file.dumps[1], GUEST_CR0, 0x80050031);
	dump_file_free(&file);

	file = read_text("pr_err(\"*** Guest State ***\\n\");\n\tpr_err(\"CR3 = 0x%016lx\\n\"");
	assert_int_equal(file.count, 0);
	assert_non_null(file.error);
	dump_file_free(&file);
}

/* The MSR-load list of the guest is taken, that of the host and the store list are not. */
static void
only_the_entry_list_is_taken(void **state)
{
	struct dump_file file = read_text(
	        GUEST "MSR guest autostore:\n    0: msr=0x00000010 value=0x0000000000000001\n"
	              "*** Host State ***\nMSR host autoload:\n"
	              "    0: msr=0x00000600 value=0x0000000000000002\n" CONTROL);

	(void)state;
	assert_int_equal(file.dumps[0].msr_load_count, 0);
	dump_file_free(&file);

	file = read_text(GUEST "MSR guest autoload:\n    0: msr=0x00000600 value=0x00000000000000\n"
	                       "    1: msr=0x00000601 value=0x0000000000000003\n" CONTROL);
	assert_int_equal(file.dumps[0].msr_load_count, 1);
	assert_int_equal(file.dumps[0].msr_load[0].entry, 2);
	dump_file_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_dump_is_read),
		cmocka_unit_test(middle_dump_is_read),
		cmocka_unit_test(new_dump_is_read),
		cmocka_unit_test(exit_reason_is_kept_as_it_is),
		cmocka_unit_test(unreadable_values_are_left_out),
		cmocka_unit_test(host_state_is_left_out),
		cmocka_unit_test(other_lines_do_not_end_the_guest_state),
		cmocka_unit_test(dumps_end_some_time),
		cmocka_unit_test(cut_dumps_say_so),
		cmocka_unit_test(headings_are_not_all),
		cmocka_unit_test(only_the_entry_list_is_taken),
	};

	return cmocka_run_group_tests_name("dumps of KVM", tests, NULL, NULL);
}

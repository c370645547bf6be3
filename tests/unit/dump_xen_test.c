/* Xen's dumps: the segment table, where EFER comes from, and what is said before a dump. */
#include <r33/array.h>

#include "dump_check.h"

#define HEADING "(XEN) *** Guest State ***\n"
#define CONTROL \
	"(XEN) *** Control State ***\n" \
	"(XEN) PinBased=0000003f CPUBased=b5a06dfa SecondaryExec=00000002\n" \
	"(XEN) EntryControls=000053ff ExitControls=002fefff\n" \
	"(XEN)         reason=80000021 qualification=0000000000000000\n"
#define BODY HEADING "(XEN) CR3 = 0x0000000000001000\n" CONTROL

/* After a failed VM entry: each field, the title, and nothing of what follows the dump. */
static void
failed_entry_is_read(void **state)
{
	struct dump_file file = read_fixture("xen.txt");
	struct dump *dump = &file.dumps[0];

	(void)state;
	check_fixture("xen", DUMP_XEN, 0);
	check_value(dump, GUEST_CS_ACCESS_RIGHTS, 0xe09b);
	check_value(dump, GUEST_RSP, 0xffffc9000012fe40);
	check_value(dump, GUEST_RIP, 0xffffffff81a2c3d4);
	check_value(dump, GUEST_RFLAGS, 0x246);
	check_value(dump, GUEST_IA32_EFER, 0xd01);
	check_value(dump, VMX_PREEMPTION_TIMER_VALUE, 0x1d5);
	check_value(dump, GUEST_SMBASE, 0x30000);
	assert_string_equal(dump->title, "d12v1");
	assert_int_equal(dump->first_line, 1);
	assert_int_equal(dump->exit_reason, 0x80000021);
	dump_file_free(&file);
}

/* Exit reason 34: which MSR it was, counted from 1 as the exit qualification counts. */
static void
msr_loading_is_read(void **state)
{
	struct dump_file file = read_fixture("xen-msr-loading.txt");
	struct dump *dump = &file.dumps[0];

	(void)state;
	check_fixture("xen-msr-loading", DUMP_XEN, 1);
	check_note(dump, "loaded from the MSR-load list");
	assert_int_equal(dump->exit_reason, 0x80000022);
	assert_int_equal(dump->exit_qualification, 2);
	assert_int_equal(dump->msr_load_count, 1);
	assert_int_equal(dump->msr_load[0].entry, 2);
	assert_int_equal(dump->msr_load[0].index_number, 0x1dd);
	assert_int_equal(dump->msr_load[0].value, 0xfffff80a12345678);
	assert_null(dump_value(dump, GUEST_IA32_EFER));
	dump_file_free(&file);
}

/* VMfail: the error before the dump, and the exit reason in it is an old one. */
static void
instruction_error_is_read(void **state)
{
	struct dump_file file = read_fixture("xen-vmlaunch.txt");
	struct dump *dump = &file.dumps[0];

	(void)state;
	check_fixture("xen-vmlaunch", DUMP_XEN, 1);
	check_note(dump, "of an earlier VM exit");
	assert_true(dump->has_instruction_error);
	assert_int_equal(dump->vm_instruction_error, 7);
	assert_int_equal(dump->exit_reason, 0x1c);
	assert_string_equal(dump->title, "d2v0");
	dump_file_free(&file);
}

/* The debug key prints all virtual processors. */
static void
debug_key_is_read(void **state)
{
	struct dump_file file = read_fixture("xen-key.txt");

	(void)state;
	check_fixture("xen-key", DUMP_XEN, 2);
	assert_string_equal(file.dumps[0].title, "d3v0");
	assert_string_equal(file.dumps[1].title, "d3v1");
	check_note(&file.dumps[0], "debug key");
	check_value(&file.dumps[1], GUEST_ACTIVITY_STATE, 1);
	dump_file_free(&file);
}

/* Before 4.9: another sentence before the dump, EFER without its origin. */
static void
old_dump_is_read(void **state)
{
	struct dump_file file = read_fixture("xen-old.txt");

	(void)state;
	check_fixture("xen-old", DUMP_XEN, 0);
	check_value(&file.dumps[0], GUEST_IA32_EFER, 0);
	check_value(&file.dumps[0], GUEST_SS_ACCESS_RIGHTS, 0xc0f3);
	dump_file_free(&file);
}

/* What stands before a dump: exit reason, qualification, instruction error (-1: unknown), title. */
static const struct {
	const char *before;
	int64_t reason, qualification, error;
	const char *title;
} announcements[] = {
	{ "(XEN) d1v0 vmentry failure (reason 0x80000021): Invalid guest state (4)\n", 0x80000021,
	        4, -1, "d1v0" },
	{ "(XEN) d65535v127 vmentry failure (reason 0x80000022): MSR loading (entry 0)\n",
	        0x80000022, 1, -1, "d65535v127" },
	{ "(XEN) d1v0 vmentry failure (reason 0x80000029): MCE\n", 0x80000029, -1, -1, "d1v0" },
	{ "(XEN) Failed vm entry (exit reason 0x80000021) caused by invalid guest state (2).\n",
	        0x80000021, 2, -1, NULL },
	{ "(XEN) Failed vm entry (exit reason 0x80000022) caused by MSR entry 3 loading.\n",
	        0x80000022, 3, -1, NULL },
	{ "(XEN) d2v3 VMRESUME error: 0x5\n", -1, -1, 5, "d2v3" },
	{ "(XEN) d2v3 VMRESUME error: 0\n", -1, -1, 0, "d2v3" },
	{ "(XEN) dv33 VMRESUME error: 0x5\n", -1, -1, -1, NULL },
	{ "(XEN) d2v VMRESUME error: 0x5\n", -1, -1, -1, NULL },
	{ "(XEN) d2v3x VMRESUME error: 0x5\n", -1, -1, -1, NULL },
	{ "(XEN) d2v3 is fine\n", -1, -1, -1, NULL },
};

/* What is said before a dump is taken, in all its forms. */
static void
announcements_are_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(announcements); i++) {
		char *text = new_string(
		        "%s%s(XEN) CR3 = 0x0000000000001000\n", announcements[i].before, HEADING);
		struct dump_file file = read_text(text);
		struct dump *dump = &file.dumps[0];

		checked = announcements[i].before;
		assert_int_equal(file.count, 1);
		assert_int_equal(dump->format, DUMP_XEN);
		assert_int_equal(dump->has_exit_reason, announcements[i].reason >= 0);
		if (dump->has_exit_reason)
			assert_int_equal(dump->exit_reason, announcements[i].reason);
		assert_int_equal(dump->has_qualification, announcements[i].qualification >= 0);
		if (dump->has_qualification)
			assert_int_equal(dump->exit_qualification, announcements[i].qualification);
		assert_int_equal(dump->has_instruction_error, announcements[i].error >= 0);
		if (dump->has_instruction_error)
			assert_int_equal(dump->vm_instruction_error, announcements[i].error);
		if (announcements[i].title)
			assert_string_equal(dump->title, announcements[i].title);
		else
			assert_null(dump->title);
		dump_file_free(&file);
		free(text);
	}
	checked = "";
}

/* It belongs to the next dump only, and not to one far away. */
static void
announcements_belong_to_one_dump(void **state)
{
	static const char said[] = "(XEN) d2v0 VMLAUNCH error: 0x7\n";
	struct dump_file file;
	char far[4000] = "";

	(void)state;
	for (int i = 0; i < 60; i++)
		strcat(far, "(XEN) something else happens here\n");
	for (int distant = 0; distant < 2; distant++) {
		char *text = new_string("%s%s%s%s", said, distant ? far : "", BODY, BODY);

		file = read_text(text);
		assert_int_equal(file.count, 2);
		assert_int_equal(file.dumps[0].has_instruction_error, !distant);
		assert_int_equal(file.dumps[0].title != NULL, !distant);
		assert_false(file.dumps[1].has_instruction_error);
		assert_null(file.dumps[1].title);
		dump_file_free(&file);
		free(text);
	}
}

/* The row of stars ends a dump; a failure ends the debug key's list. */
static void
dumps_end_where_they_end(void **state)
{
	struct dump_file file = read_text(
	        "(XEN) >>> Domain 3 <<<\n(XEN)   VCPU 0\n" BODY
	        "(XEN) **************************************\n"
	        "(XEN) TSC Offset = 0x0000000000000001\n"
	        "(XEN) d7v1 vmentry failure (reason 0x80000021): Invalid guest state (0)\n"
	        "(XEN) VCPU 4\n" BODY);

	(void)state;
	assert_int_equal(file.count, 2);
	assert_null(dump_value(&file.dumps[0], TSC_OFFSET));
	assert_string_equal(file.dumps[0].title, "d3v0");
	assert_string_equal(file.dumps[1].title, "d7v1");
	assert_int_equal(file.dumps[1].note_count, 0);
	dump_file_free(&file);
}

/* The reserved bits of an MSR-load entry may be what is wrong with it. */
static void
reserved_bits_of_an_entry_are_taken(void **state)
{
	struct dump_file file =
	        read_text("(XEN) d1v0 vmentry failure (reason 0x80000022): MSR loading (entry 4)\n"
	                  "(XEN)   msr 00000176 val 0000000000000007 (mbz 0x20)\n" BODY);

	(void)state;
	assert_int_equal(file.dumps[0].msr_load_count, 1);
	assert_int_equal(file.dumps[0].msr_load[0].entry, 5);
	assert_int_equal(file.dumps[0].msr_load[0].index_number, 0x176);
	assert_int_equal(file.dumps[0].msr_load[0].reserved, 0x20);
	dump_file_free(&file);
}

/* Registers that Xen prints after the dump, or an oops in the middle of it, are no rows. */
static void
other_registers_are_left_out(void **state)
{
	struct dump_file file = read_text(
	        HEADING "(XEN) RIP:    0010:[<ffffffff81a2c3d6>]\n"
	                "(XEN) CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033\n"
	                "(XEN) ds: 0000   es: 0000   fs: 0000   gs: 0000   ss: 0018   cs: 0010\n"
	                "(XEN)   CS: 0010 0a09b ffffffff\n"
	                "(XEN) GDTR:            ???????? fffffe0000001000\n"
	                "(XEN) PDPTE1 = 0x0000000000002001\n" CONTROL);
	struct dump *dump = &file.dumps[0];

	(void)state;
	assert_int_equal(file.count, 1);
	assert_null(dump_value(dump, GUEST_CS_SELECTOR));
	assert_null(dump_value(dump, GUEST_DS_SELECTOR));
	assert_null(dump_value(dump, GUEST_CR0));
	assert_null(dump_value(dump, GUEST_RIP));
	assert_null(dump_value(dump, GUEST_GDTR_LIMIT));
	check_value(dump, GUEST_GDTR_BASE, 0xfffffe0000001000);
	check_note(dump, "is not a valid value for GUEST_GDTR_LIMIT");
	check_value(dump, GUEST_PDPTE1, 0x2001);
	dump_file_free(&file);
}

/* Without the prefix it is known by its rows. */
static void
prefix_is_not_needed(void **state)
{
	struct dump_file file = read_text("*** Guest State ***\n"
	                                  "  CS: 0010 0a09b ffffffff 0000000000000000\n" CONTROL);

	(void)state;
	assert_int_equal(file.count, 1);
	assert_int_equal(file.dumps[0].format, DUMP_XEN);
	check_value(&file.dumps[0], GUEST_CS_ACCESS_RIGHTS, 0xa09b);
	dump_file_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failed_entry_is_read),
		cmocka_unit_test(msr_loading_is_read),
		cmocka_unit_test(instruction_error_is_read),
		cmocka_unit_test(debug_key_is_read),
		cmocka_unit_test(old_dump_is_read),
		cmocka_unit_test(announcements_are_taken),
		cmocka_unit_test(announcements_belong_to_one_dump),
		cmocka_unit_test(dumps_end_where_they_end),
		cmocka_unit_test(reserved_bits_of_an_entry_are_taken),
		cmocka_unit_test(other_registers_are_left_out),
		cmocka_unit_test(prefix_is_not_needed),
	};

	return cmocka_run_group_tests_name("dumps of Xen", tests, NULL, NULL);
}

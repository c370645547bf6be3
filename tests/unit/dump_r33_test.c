/* Our own format, read and written; and what is said where there is no dump. */
#include <r33/array.h>

#include "dump_check.h"

#define HEADER "# reason33 dump 1\n"

/* Every key of docs/dump-format.md. */
static void
every_key_is_read(void **state)
{
	static const struct {
		uint32_t field;
		uint64_t value;
	} values[] = {
		{ GUEST_CR0, 0x80000031 },
		{ GUEST_CR3, 0x1210020 },
		{ GUEST_CR4, 0x2020 },
		{ GUEST_RFLAGS, 2 },
		{ GUEST_RIP, 0x1000000 },
		{ GUEST_CS_SELECTOR, 8 },
		{ GUEST_CS_ACCESS_RIGHTS, 0xc09b },
		{ GUEST_ACTIVITY_STATE, 0 },
		{ VMCS_LINK_POINTER, UINT64_MAX },
		{ GUEST_PDPTE0, 0x1211001 },
		{ GUEST_PDPTE2, 0x1213007 },
		{ VM_ENTRY_CONTROLS, 0x11ff },
		{ VM_ENTRY_MSR_LOAD_COUNT, 2 },
		{ EXIT_REASON, 0x80000021 },
		{ EXIT_QUALIFICATION, 2 },
		{ VM_INSTRUCTION_ERROR, 0 },
	};
	struct dump_file file = read_fixture("r33.txt");
	struct dump *dump = &file.dumps[0];

	(void)state;
	assert_int_equal(file.count, 1);
	assert_int_equal(dump->format, DUMP_R33);
	assert_int_equal(dump->note_count, 0);
	for (size_t i = 0; i < COUNT(values); i++)
		check_value(dump, values[i].field, values[i].value);
	assert_int_equal(dump->field_count, COUNT(values));
	assert_string_equal(dump->title, "pdpte-reserved");
	assert_string_equal(dump->cpu, "corei7_skylake_x");
	assert_true(dump->has_current_vmcs);
	assert_int_equal(dump->current_vmcs, 0x1100000);
	assert_true(dump->has_exit_reason);
	assert_int_equal(dump->exit_reason, 0x80000021);
	assert_true(dump->has_qualification);
	assert_int_equal(dump->exit_qualification, 2);
	assert_true(dump->has_instruction_error);
	assert_int_equal(dump->vm_instruction_error, 0);
	assert_int_equal(dump->msr_load_count, 2);
	assert_int_equal(dump->msr_load[1].entry, 2);
	assert_int_equal(dump->msr_load[1].index_number, 0x176);
	assert_int_equal(dump->msr_load[1].reserved, 1);
	assert_int_equal(dump->msr_load[1].value, 0xffffffff81c01770);
	assert_int_equal(dump->memory_count, 2);
	assert_int_equal(dump->memory[1].address, 0x1210030);
	assert_int_equal(dump->memory[1].value, 0x1213007);
	dump_file_free(&file);
}

/* Words for two fields, the others have none. */
static size_t
words_of(char *text, size_t size, uint32_t field, uint64_t value)
{
	text[0] = '\0';
	if (field != GUEST_CR0 && field != GUEST_SS_ACCESS_RIGHTS)
		return 0;
	return (size_t)snprintf(text, size, "a value of %#" PRIx64, value);
}

/* What is read from any format can be written and read again. */
static void
written_dumps_are_read_again(void **state)
{
	static const char *const names[] = { "kvm-old.txt", "kvm-middle.txt", "kvm-new.txt",
		"xen.txt", "xen-key.txt", "xen-msr-loading.txt", "qemu-32.txt", "qemu-64.txt",
		"r33.txt", "several.txt" };

	(void)state;
	for (size_t n = 0; n < COUNT(names); n++) {
		struct dump_file file = read_fixture(names[n]);
		struct dump_file again;
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		checked = names[n];
		for (size_t i = 0; i < file.count; i++)
			dump_write(out, &file.dumps[i], n % 2 ? words_of : NULL);
		fclose(out);
		dump_read(&again, text, size);
		assert_int_equal(again.count, file.count);
		for (size_t i = 0; i < file.count; i++) {
			check_same(&again.dumps[i], &file.dumps[i]);
			assert_int_equal(again.dumps[i].note_count, 0);
			assert_int_equal(again.dumps[i].title != NULL, file.dumps[i].title != NULL);
			if (file.dumps[i].title)
				assert_string_equal(again.dumps[i].title, file.dumps[i].title);
			assert_int_equal(
			        again.dumps[i].has_current_vmcs, file.dumps[i].has_current_vmcs);
			assert_int_equal(again.dumps[i].current_vmcs, file.dumps[i].current_vmcs);
		}
		dump_file_free(&file);
		dump_file_free(&again);
		free(text);
	}
	checked = "";
}

/* Every field has its own width in what is written. */
static void
numbers_are_written_in_full(void **state)
{
	struct dump_file file = read_text(HEADER "GUEST_CS_SELECTOR = 8\nGUEST_CS_LIMIT = 9\n"
	                                         "GUEST_CS_BASE = 10\nGUEST_PDPTE0 = 11\n");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	dump_write(out, &file.dumps[0], NULL);
	fclose(out);
	assert_string_equal(text, HEADER "GUEST_CS_SELECTOR = 0x0008\nGUEST_CS_LIMIT = 0x00000009\n"
	                                 "GUEST_CS_BASE = 0x000000000000000a\n"
	                                 "GUEST_PDPTE0 = 0x000000000000000b\n");
	dump_file_free(&file);
	free(text);
}

/* In words, what a field holds stands in a comment; plain numbers have none. */
static void
fields_are_written_in_words(void **state)
{
	struct dump_file file = read_text(HEADER "GUEST_CR0 = 0x80000021\nGUEST_RIP = 0x1000\n"
	                                         "GUEST_SS_ACCESS_RIGHTS = 0x10000\n");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	dump_write(out, &file.dumps[0], words_of);
	fclose(out);
	assert_string_equal(text,
	        HEADER "GUEST_CR0 = 0x0000000080000021  # a value of 0x80000021\n"
	               "GUEST_RIP = 0x0000000000001000\n"
	               "GUEST_SS_ACCESS_RIGHTS = 0x00010000  # a value of 0x10000\n");
	dump_file_free(&file);
	free(text);
}

/* A line behind the header that is not taken, and a part of its note. */
static const struct {
	const char *line, *note;
} refused[] = {
	{ "GUEST_CR0 = \n", "the value of GUEST_CR0 cannot be read" },
	{ "GUEST_CR0 = 0x\n", "line 2: the value of GUEST_CR0" },
	{ "GUEST_CR0 = 0x8005003g\n", "the value of GUEST_CR0" },
	{ "GUEST_CR0 = 80050033h\n", "the value of GUEST_CR0" },
	{ "GUEST_CR0 = ????????\n", "the value of GUEST_CR0" },
	{ "GUEST_CR0 = -1\n", "the value of GUEST_CR0" },
	{ "GUEST_CR0 = 0x1 0x2\n", "the value of GUEST_CR0" },
	{ "GUEST_CR0 = 0x10000000000000000\n", "the value of GUEST_CR0" },
	{ "GUEST_CR0 = 18446744073709551616\n", "the value of GUEST_CR0" },
	{ "GUEST_CS_SELECTOR = 0x10000\n", "the value of GUEST_CS_SELECTOR" },
	{ "GUEST_CS_LIMIT = 4294967296\n", "the value of GUEST_CS_LIMIT" },
	{ "GUEST_CR0 = 0x80050033", "the value of GUEST_CR0" },
	{ "GUEST_CR0 = 2147811379", "the value of GUEST_CR0" },
	{ "GUEST_CRO = 0x80050033\n", "GUEST_CRO is not the name of a VMCS field" },
	{ "CR0 = 0x80050033\n", "CR0 is not the name of a VMCS field" },
	{ "GUEST_CR0[1] = 0x80050033\n", "GUEST_CR0 is not the name" },
	{ "MSR_LOAD = 0x174 0x1\n", "the value of MSR_LOAD" },
	{ "MSR_LOAD[0] = 0x174 0x1\n", "the value of MSR_LOAD" },
	{ "MSR_LOAD[5000] = 0x174 0x1\n", "the value of MSR_LOAD" },
	{ "MSR_LOAD[1] = 0x174\n", "the value of MSR_LOAD" },
	{ "MSR_LOAD[1] = 0x174 0x1 0x2\n", "the value of MSR_LOAD" },
	{ "MEMORY[0x1000] = \n", "the value of MEMORY" },
	{ "MEMORY[0x1000] = 0x1 0x2\n", "the value of MEMORY" },
	{ "CURRENT_VMCS = here\n", "the value of CURRENT_VMCS" },
	{ "CPU = \n", "the value of CPU" },
	{ "CPU = haswell\nCPU = penryn\n", "the value of CPU" },
	{ "CPU = \x1b[31mred\x01\n", NULL },
	{ "CPU = <script>\n", "the value of CPU" },
	{ "CPU = haswell", "the value of CPU" },
	{ "TITLE = a\"b\n", "the value of TITLE" },
};

/* What cannot be read is left out, with the line and the name. */
static void
unreadable_lines_are_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		char *text = new_string("%s%s", HEADER, refused[i].line);
		struct dump_file file = read_text(text);
		struct dump *dump = &file.dumps[0];

		checked = refused[i].line;
		assert_int_equal(file.count, 1);
		assert_int_equal(dump->field_count, 0);
		assert_int_equal(dump->msr_load_count, 0);
		assert_int_equal(dump->memory_count, 0);
		assert_false(dump->has_current_vmcs);
		assert_null(dump->title);
		if (refused[i].note)
			check_note(dump, refused[i].note);
		else
			assert_int_equal(dump->note_count, 0);
		dump_file_free(&file);
		free(text);
	}
	checked = "";
}

/* Of what is there twice, the first counts. */
static void
first_values_count(void **state)
{
	struct dump_file file = read_text(
	        HEADER "GUEST_CR0 = 1\nGUEST_CR0 = 2\nGUEST_CR3 = 3\nGUEST_CR3 = 0x3\n"
	               "MSR_LOAD[1] = 1 2\nMSR_LOAD[1] = 1 3\nMEMORY[8] = 1\nMEMORY[8] = 2\n");
	struct dump *dump = &file.dumps[0];

	(void)state;
	check_value(dump, GUEST_CR0, 1);
	check_value(dump, GUEST_CR3, 3);
	assert_int_equal(dump->field_count, 2);
	assert_int_equal(dump->msr_load_count, 1);
	assert_int_equal(dump->msr_load[0].value, 2);
	assert_int_equal(dump->memory_count, 1);
	assert_int_equal(dump->memory[0].value, 1);
	assert_int_equal(dump->note_count, 3);
	check_note(dump, "line 3: 0x2 for GUEST_CR0, but line 2 has 0x1");
	dump_file_free(&file);
}

/* Without its header, three fields make a dump; remarks and other assignments do not. */
static void
three_lines_are_a_dump(void **state)
{
	struct dump_file file = read_text("GUEST_CR0 = 1\nA = b\nPATH = /bin\nGUEST_CR3 = 2\n");

	(void)state;
	assert_int_equal(file.count, 0);
	assert_non_null(file.error);
	dump_file_free(&file);

	file = read_text("GUEST_CR0 = 1\nA = b\nPATH = /bin\nGUEST_CR3 = 2\nGUEST_CR4 = 3\n");
	assert_int_equal(file.count, 1);
	assert_int_equal(file.dumps[0].field_count, 3);
	assert_int_equal(file.dumps[0].note_count, 0);
	dump_file_free(&file);

	file = read_text("# GUEST_CR0 = 1\n# GUEST_CR3 = 2\n# GUEST_CR4 = 3\n");
	assert_int_equal(file.count, 0);
	dump_file_free(&file);
}

/* On a web page or from a terminal, the lines are the same. */
static void
tags_and_escapes_do_not_matter(void **state)
{
	struct dump_file file = read_text("<pre>" HEADER "&gt; \x1b]0;title\x07GUEST_CR0 = 1<br>\n"
	                                  "\x1b[1mGUEST_CR3\x1b[0m = <b>0x2</b></pre>\n");

	(void)state;
	assert_int_equal(file.count, 1);
	assert_int_equal(file.dumps[0].note_count, 0);
	check_value(&file.dumps[0], GUEST_CR0, 1);
	check_value(&file.dumps[0], GUEST_CR3, 2);
	dump_file_free(&file);
}

/* QEMU's registers behind a dump are no lines of it. */
static void
registers_end_a_dump(void **state)
{
	struct dump_file file =
	        read_text(HEADER "GUEST_CR0 = 1\nEAX=00000000 EBX=00000000\n"
	                         "EIP=0000fff0 EFL=00000002\nEFER=0000000000000000\n");

	(void)state;
	assert_int_equal(file.count, 2);
	assert_int_equal(file.dumps[0].note_count, 0);
	assert_int_equal(file.dumps[1].format, DUMP_QEMU);
	assert_int_equal(file.dumps[1].first_line, 3);
	dump_file_free(&file);
}

/* A header begins a dump; one of a newer version says what that means. */
static void
headers_begin_dumps(void **state)
{
	struct dump_file file = read_text(HEADER "GUEST_CR0 = 1\n" HEADER "GUEST_CR0 = 2\n"
	                                         "# reason33 dump 2\nGUEST_CR0 = 3\n");

	(void)state;
	assert_int_equal(file.count, 3);
	check_value(&file.dumps[0], GUEST_CR0, 1);
	check_value(&file.dumps[1], GUEST_CR0, 2);
	check_value(&file.dumps[2], GUEST_CR0, 3);
	check_note(&file.dumps[2], "version 2");
	assert_int_equal(file.dumps[1].first_line, 3);
	assert_int_equal(file.dumps[1].last_line, 4);
	dump_file_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(written_dumps_are_read_again),
		cmocka_unit_test(numbers_are_written_in_full),
		cmocka_unit_test(fields_are_written_in_words),
		cmocka_unit_test(unreadable_lines_are_left_out),
		cmocka_unit_test(first_values_count),
		cmocka_unit_test(three_lines_are_a_dump),
		cmocka_unit_test(tags_and_escapes_do_not_matter),
		cmocka_unit_test(registers_end_a_dump),
		cmocka_unit_test(headers_begin_dumps),
	};

	return cmocka_run_group_tests_name("our own dumps", tests, NULL, NULL);
}

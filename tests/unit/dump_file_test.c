/* Whole files: several dumps of several formats, none at all, too much of all. */
#include <r33/array.h>

#include "dump_check.h"

/* Dumps of different formats in one file, with text around them, in their order. */
static void
several_dumps_are_found(void **state)
{
	struct dump_file file = read_fixture("several.txt");
	struct dump_file kvm = read_fixture("kvm-new.txt");
	struct dump_file xen = read_fixture("xen.txt");
	struct dump_file qemu = read_fixture("qemu-64.txt");

	(void)state;
	assert_int_equal(file.count, 3);
	check_same(&file.dumps[0], &kvm.dumps[0]);
	check_same(&file.dumps[1], &xen.dumps[0]);
	check_same(&file.dumps[2], &qemu.dumps[0]);
	assert_int_equal(file.dumps[0].format, DUMP_KVM);
	assert_int_equal(file.dumps[1].format, DUMP_XEN);
	assert_int_equal(file.dumps[2].format, DUMP_QEMU);
	assert_int_equal(file.dumps[0].first_line, 3);
	assert_int_equal(file.dumps[1].first_line, 63);
	dump_file_free(&file);
	dump_file_free(&kvm);
	dump_file_free(&xen);
	dump_file_free(&qemu);
}

/* A journal mixes the kernel's lines with QEMU's: each goes to its own dump. */
static void
mixed_lines_are_told_apart(void **state)
{
	struct dump_file kvm = read_fixture("kvm-new.txt");
	struct dump_file qemu = read_fixture("qemu-32.txt");
	struct dump_file file;
	size_t size, length;
	char *kernel = fixture("kvm-new.txt", &size);
	char *user = fixture("qemu-32.txt", &size);
	char *text = NULL;
	FILE *out = open_memstream(&text, &length);
	const char *one = kernel;
	const char *other = user;

	(void)state;
	while (*one || *other) {
		if (*one)
			fprintf(out, "kernel: %.*s\n", (int)strcspn(one, "\n"), one);
		if (*other)
			fprintf(out, "QEMU[99]: %.*s\n", (int)strcspn(other, "\n"), other);
		one = *one ? strchr(one, '\n') + 1 : one;
		other = *other ? strchr(other, '\n') + 1 : other;
	}
	fclose(out);
	dump_read(&file, text, length);
	assert_int_equal(file.count, 2);
	check_same(&file.dumps[0], &kvm.dumps[0]);
	check_same(&file.dumps[1], &qemu.dumps[0]);
	dump_file_free(&file);
	dump_file_free(&kvm);
	dump_file_free(&qemu);
	free(kernel);
	free(user);
	free(text);
}

/* QEMU's exit reason is not given to the kernel's dump before it. */
static void
hardware_error_belongs_to_the_registers(void **state)
{
	size_t size;
	char *kernel = fixture("kvm-valid.txt", &size);
	char *user = fixture("qemu-64.txt", &size);
	char *text = new_string("%s%s", kernel, user);
	struct dump_file file = read_text(text);

	(void)state;
	assert_int_equal(file.count, 2);
	assert_false(file.dumps[0].has_instruction_error);
	assert_int_equal(file.dumps[0].exit_reason, 0x30);
	assert_true(file.dumps[1].has_instruction_error);
	assert_false(file.dumps[1].has_exit_reason);
	dump_file_free(&file);
	free(kernel);
	free(user);
	free(text);
}

/* A text without a dump, and a part of what is said of it. */
static const struct {
	const char *text, *words;
	bool switched_off;
} nothing[] = {
	{ "", "*** Guest State ***", false },
	{ "\n\n", "EAX=", false },
	{ "Dear all, my guest does not start.\n", "# reason33 dump 1", false },
	{ "set kvm_intel.dump_invalid_vmcs=1 to dump internal KVM state.\n",
	        "modprobe kvm_intel dump_invalid_vmcs=1", true },
	{ "kvm_intel: set kvm_intel.dump_invalid_vmcs=1\n", "dmesg", true },
	{ "KVM: entry failed, hardware error 0xffffffff\n", "AMD", false },
	{ "SVM: KVM: FAILED VMRUN WITH VMCB:\n", "AMD", false },
	{ "kvm_amd: VMCB 000000001234, last attempted VMRUN on CPU 1\nVMCB Control Area:\n", "AMD",
	        false },
	{ "KVM: entry failed, hardware error 0x80000021\n", "neither the registers", false },
	{ "*** Guest State ***\n*** Host State ***\n*** Control State ***\n", "Guest State",
	        false },
};

/* Nothing found: it is said what was looked for, and what helps. */
static void
nothing_found_is_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(nothing); i++) {
		struct dump_file file = read_text(nothing[i].text);

		checked = nothing[i].text;
		assert_int_equal(file.count, 0);
		assert_non_null(file.error);
		if (!strstr(file.error, nothing[i].words))
			fail_msg("\"%s\" does not say \"%s\"", file.error, nothing[i].words);
		assert_int_equal(file.kvm_dump_switched_off, nothing[i].switched_off);
		dump_file_free(&file);
	}
	checked = "";
}

/* AMD's registers are read, and marked as no VMCS. */
static void
amd_is_no_vmcs(void **state)
{
	struct dump_file file = read_fixture("qemu-amd.txt");

	(void)state;
	assert_int_equal(file.count, 1);
	assert_true(file.dumps[0].not_vmx);
	assert_false(file.dumps[0].has_exit_reason);
	check_note(&file.dumps[0], "AMD");
	dump_file_free(&file);
}

/* More than 16 MiB are refused; as much is read. */
static void
size_is_limited(void **state)
{
	static const char last[] = "\n# reason33 dump 1\nGUEST_CR0 = 1\n";
	char *text = allocate(DUMP_INPUT_LIMIT + 1, 1);
	struct dump_file file;

	(void)state;
	memset(text, 'x', DUMP_INPUT_LIMIT + 1);
	memcpy(text + DUMP_INPUT_LIMIT - strlen(last), last, strlen(last));
	dump_read(&file, text, DUMP_INPUT_LIMIT);
	assert_int_equal(file.count, 1);
	check_value(&file.dumps[0], GUEST_CR0, 1);
	dump_file_free(&file);

	dump_read(&file, text, DUMP_INPUT_LIMIT + 1);
	assert_int_equal(file.count, 0);
	assert_non_null(strstr(file.error, "16777217 bytes"));
	dump_file_free(&file);
	free(text);
}

/* So is the number of dumps, and of entries in a list, and of notes. */
static void
numbers_are_limited(void **state)
{
	struct dump_file file;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (int i = 0; i < DUMP_LIMIT + 5; i++)
		fprintf(out, "*** Guest State ***\nCR3 = 0x%016x\n", i);
	fclose(out);
	dump_read(&file, text, size);
	assert_int_equal(file.count, DUMP_LIMIT);
	check_value(&file.dumps[DUMP_LIMIT - 1], GUEST_CR3, DUMP_LIMIT - 1);
	check_note(&file.dumps[DUMP_LIMIT - 1], "only the first 1000");
	dump_file_free(&file);
	free(text);

	out = open_memstream(&text, &size);
	fputs("# reason33 dump 1\n", out);
	for (int i = 0; i < DUMP_LIST_LIMIT + 20; i++)
		fprintf(out, "MEMORY[0x%x] = %d\n", 8 * i, i);
	fclose(out);
	dump_read(&file, text, size);
	assert_int_equal(file.dumps[0].memory_count, DUMP_LIST_LIMIT);
	assert_int_equal(file.dumps[0].note_count, DUMP_NOTE_LIMIT);
	assert_int_equal(file.dumps[0].notes_left_out, 20 - DUMP_NOTE_LIMIT);
	dump_file_free(&file);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_dumps_are_found),
		cmocka_unit_test(mixed_lines_are_told_apart),
		cmocka_unit_test(hardware_error_belongs_to_the_registers),
		cmocka_unit_test(nothing_found_is_explained),
		cmocka_unit_test(amd_is_no_vmcs),
		cmocka_unit_test(size_is_limited),
		cmocka_unit_test(numbers_are_limited),
	};

	return cmocka_run_group_tests_name("files with dumps", tests, NULL, NULL);
}

/* QEMU's registers: both forms, what becomes of descriptors, and what is known of the failure. */
#include <r33/array.h>

#include "dump_check.h"

/* The smallest dumps: in real mode, and in 64-bit mode. */
#define EFER32 "EFER=0000000000000000\n"
#define SMALL  "EIP=0000fff0 EFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0\n" EFER32

struct value {
	uint32_t field;
	uint64_t value;
};

/* Every field of the first dump of a fixture, and no other one. */
static struct dump_file
check_fields(const char *name, const struct value *values, size_t count)
{
	struct dump_file file = read_fixture(name);

	assert_int_equal(file.count, 1);
	assert_int_equal(file.dumps[0].format, DUMP_QEMU);
	assert_true(file.dumps[0].guest_view_of_control_registers);
	for (size_t i = 0; i < count; i++)
		check_value(&file.dumps[0], values[i].field, values[i].value);
	assert_int_equal(file.dumps[0].field_count, count);
	return file;
}

/* The 32-bit form. */
static void
registers_of_32_bit_code_are_read(void **state)
{
	static const struct value values[] = {
		{ EXIT_REASON, 0x80000021 },
		{ GUEST_RSP, 0x9fbf0 },
		{ GUEST_RIP, 0x101234 },
		{ GUEST_RFLAGS, 0x86 },
		{ GUEST_ES_SELECTOR, 0x10 },
		{ GUEST_ES_BASE, 0 },
		{ GUEST_ES_LIMIT, 0xffffffff },
		{ GUEST_ES_ACCESS_RIGHTS, 0xc093 },
		{ GUEST_CS_SELECTOR, 0x8 },
		{ GUEST_CS_BASE, 0x1000 },
		{ GUEST_CS_LIMIT, 0xfffffffe },
		{ GUEST_CS_ACCESS_RIGHTS, 0xc09b },
		{ GUEST_SS_SELECTOR, 0x18 },
		{ GUEST_SS_BASE, 0x2000 },
		{ GUEST_SS_LIMIT, 0xfffffffd },
		{ GUEST_SS_ACCESS_RIGHTS, 0xc093 },
		{ GUEST_DS_SELECTOR, 0x2b },
		{ GUEST_DS_BASE, 0x3000 },
		{ GUEST_DS_LIMIT, 0xfffffffc },
		{ GUEST_DS_ACCESS_RIGHTS, 0xc0f3 },
		{ GUEST_FS_SELECTOR, 0 },
		{ GUEST_FS_BASE, 0 },
		{ GUEST_FS_LIMIT, 0 },
		{ GUEST_FS_ACCESS_RIGHTS, 0x10000 },
		{ GUEST_GS_SELECTOR, 0x33 },
		{ GUEST_GS_BASE, 0xb7c6d740 },
		{ GUEST_GS_LIMIT, 0xffff },
		{ GUEST_GS_ACCESS_RIGHTS, 0x1c000 },
		{ GUEST_LDTR_SELECTOR, 0 },
		{ GUEST_LDTR_BASE, 0 },
		{ GUEST_LDTR_LIMIT, 0xffff },
		{ GUEST_LDTR_ACCESS_RIGHTS, 0x82 },
		{ GUEST_TR_SELECTOR, 0x40 },
		{ GUEST_TR_BASE, 0x4e651000 },
		{ GUEST_TR_LIMIT, 0x67 },
		{ GUEST_TR_ACCESS_RIGHTS, 0x8b },
		{ GUEST_GDTR_BASE, 0x4e64f000 },
		{ GUEST_GDTR_LIMIT, 0x7f },
		{ GUEST_IDTR_BASE, 0x4e64e000 },
		{ GUEST_IDTR_LIMIT, 0x7ff },
		{ GUEST_CR0, 0x80000011 },
		{ GUEST_CR3, 0x1fd2a000 },
		{ GUEST_CR4, 0x620 },
		{ GUEST_DR7, 0x403 },
		{ GUEST_IA32_EFER, 0 },
	};
	struct dump_file file = check_fields("qemu-32.txt", values, COUNT(values));

	(void)state;
	assert_true(file.dumps[0].truncated_addresses);
	check_note(&file.dumps[0], "32 bits");
	assert_true(file.dumps[0].derived_ia32e_mode);
	assert_false(file.dumps[0].ia32e_mode);
	assert_false(file.dumps[0].real_mode_as_virtual_8086);
	assert_false(file.dumps[0].not_vmx);
	assert_false(file.dumps[0].has_instruction_error);
	assert_int_equal(file.dumps[0].exit_reason, 0x80000021);
	dump_file_free(&file);
}

/* The 64-bit form, after a VM-instruction error. */
static void
registers_of_64_bit_code_are_read(void **state)
{
	static const struct value values[] = {
		{ VM_INSTRUCTION_ERROR, 7 },
		{ GUEST_RSP, 0xffffc90000143e78 },
		{ GUEST_RIP, 0xffffffff8120a9ce },
		{ GUEST_RFLAGS, 0x246 },
		{ GUEST_ES_SELECTOR, 0 },
		{ GUEST_ES_BASE, 0 },
		{ GUEST_ES_LIMIT, 0 },
		{ GUEST_ES_ACCESS_RIGHTS, 0x10000 },
		{ GUEST_CS_SELECTOR, 0x10 },
		{ GUEST_CS_BASE, 0 },
		{ GUEST_CS_LIMIT, 0xffffffff },
		{ GUEST_CS_ACCESS_RIGHTS, 0xa09b },
		{ GUEST_SS_SELECTOR, 0x18 },
		{ GUEST_SS_BASE, 0 },
		{ GUEST_SS_LIMIT, 0xfffffffd },
		{ GUEST_SS_ACCESS_RIGHTS, 0xc093 },
		{ GUEST_DS_SELECTOR, 0 },
		{ GUEST_DS_BASE, 0 },
		{ GUEST_DS_LIMIT, 0 },
		{ GUEST_DS_ACCESS_RIGHTS, 0x10000 },
		{ GUEST_FS_SELECTOR, 0 },
		{ GUEST_FS_BASE, 0x7f12c3a45740 },
		{ GUEST_FS_LIMIT, 0xfffff },
		{ GUEST_FS_ACCESS_RIGHTS, 0x10000 },
		{ GUEST_GS_SELECTOR, 0 },
		{ GUEST_GS_BASE, 0xffff88813bc00000 },
		{ GUEST_GS_LIMIT, 0xffffe },
		{ GUEST_GS_ACCESS_RIGHTS, 0x10000 },
		{ GUEST_LDTR_SELECTOR, 0 },
		{ GUEST_LDTR_BASE, 0 },
		{ GUEST_LDTR_LIMIT, 0 },
		{ GUEST_LDTR_ACCESS_RIGHTS, 0x10000 },
		{ GUEST_TR_SELECTOR, 0x40 },
		{ GUEST_TR_BASE, 0xfffffe0000003000 },
		{ GUEST_TR_LIMIT, 0x4087 },
		{ GUEST_TR_ACCESS_RIGHTS, 0x8b },
		{ GUEST_GDTR_BASE, 0xfffffe0000001000 },
		{ GUEST_GDTR_LIMIT, 0x7f },
		{ GUEST_IDTR_BASE, 0xfffffe0000000000 },
		{ GUEST_IDTR_LIMIT, 0xfff },
		{ GUEST_CR0, 0x80050033 },
		{ GUEST_CR3, 0x2a10000 },
		{ GUEST_CR4, 0x3606e0 },
		{ GUEST_DR7, 0x400 },
		{ GUEST_IA32_EFER, 0xd01 },
	};
	struct dump_file file = check_fields("qemu-64.txt", values, COUNT(values));

	(void)state;
	assert_false(file.dumps[0].truncated_addresses);
	assert_true(file.dumps[0].derived_ia32e_mode);
	assert_true(file.dumps[0].ia32e_mode);
	assert_false(file.dumps[0].has_exit_reason);
	assert_true(file.dumps[0].has_instruction_error);
	check_note(&file.dumps[0], "II=1");
	check_note(&file.dumps[0], "SMM=1");
	dump_file_free(&file);
}

/* Real mode that KVM ran as virtual-8086 mode; virtual-8086 mode itself is none. */
static void
real_mode_is_told_from_virtual_8086(void **state)
{
	struct dump_file file = read_fixture("qemu-real-mode.txt");
	size_t size;
	char *text = fixture("qemu-real-mode.txt", &size);

	(void)state;
	assert_true(file.dumps[0].real_mode_as_virtual_8086);
	check_note(&file.dumps[0], "virtual-8086");
	dump_file_free(&file);

	memcpy(strstr(text, "EFL=00000002"), "EFL=00020002", 12);
	file = read_text(text);
	assert_int_equal(file.count, 1);
	assert_false(file.dumps[0].real_mode_as_virtual_8086);
	dump_file_free(&file);
	free(text);
}

/* A segment that is not present: code and task stay what they are, the others are unusable. */
static void
missing_segments_are_unusable(void **state)
{
	struct dump_file file = read_text(
	        "EIP=0000fff0 EFL=00000002 [-------]\nES =0000 00000000 00000000 00000300\n"
	        "CS =0000 00000000 00000000 00c01b00\nTR =0000 00000000 00000000 00000b00\n"
	        "LDT=0000 00000000 00000000 000f0200\nEFER=0000000000000100\n");
	struct dump *dump = &file.dumps[0];

	(void)state;
	check_value(dump, GUEST_ES_ACCESS_RIGHTS, 0x10003);
	check_value(dump, GUEST_CS_ACCESS_RIGHTS, 0xc01b);
	check_value(dump, GUEST_TR_ACCESS_RIGHTS, 0x0b);
	check_value(dump, GUEST_LDTR_ACCESS_RIGHTS, 0x10002);
	assert_true(dump->derived_ia32e_mode);
	assert_false(dump->ia32e_mode); /* LME without LMA */
	dump_file_free(&file);
}

/* What is said before, and what it means: exit reason, instruction error, AMD, a note. */
static const struct {
	const char *before;
	int64_t reason, error;
	bool amd;
	const char *note;
} announcements[] = {
	{ "KVM: entry failed, hardware error 0x80000021\n", 0x80000021, -1, false, NULL },
	{ "(qemu) KVM: entry failed, hardware error 0x80000022\n", 0x80000022, -1, false, NULL },
	{ "KVM: entry failed, hardware error 0x0\n", -1, 0, false, NULL },
	{ "KVM: entry failed, hardware error 0x7\n", -1, 7, false, NULL },
	{ "KVM: entry failed, hardware error 0xffffffff\n", -1, -1, true, "AMD" },
	{ "KVM: entry failed, hardware error 0x1234\n", -1, -1, false, "neither" },
	{ "KVM internal error. Suberror: 1\n", -1, -1, false, "suberror 1" },
	{ "KVM: entry failed, hardware error 0x80000021\nKVM internal error. Suberror: 3\n", -1, -1,
	        false, "suberror 3" },
	{ "", -1, -1, false, NULL },
};

/* How the VM entry failed is said before the registers. */
static void
announcements_are_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(announcements); i++) {
		char *text = new_string("%s%s", announcements[i].before, SMALL);
		struct dump_file file = read_text(text);
		struct dump *dump = &file.dumps[0];

		checked = announcements[i].before;
		assert_int_equal(file.count, 1);
		assert_int_equal(dump->has_exit_reason, announcements[i].reason >= 0);
		if (dump->has_exit_reason)
			assert_int_equal(dump->exit_reason, announcements[i].reason);
		assert_int_equal(dump->has_instruction_error, announcements[i].error >= 0);
		if (dump->has_instruction_error)
			assert_int_equal(dump->vm_instruction_error, announcements[i].error);
		assert_int_equal(dump->not_vmx, announcements[i].amd);
		if (announcements[i].note)
			check_note(dump, announcements[i].note);
		dump_file_free(&file);
		free(text);
	}
	checked = "";
}

/* Several processors, each with its own registers; a dump that ends early says so. */
static void
processors_are_told_apart(void **state)
{
	struct dump_file file = read_text("CPU#0\nEAX=00000000 EBX=00000000 ECX=0 EDX=0\n" SMALL
	                                  "CPU#11\nEAX=00000000 EBX=00000000 ECX=0 EDX=0\n"
	                                  "EIP=00001234 EFL=00000002\nEIP=00005678 EFL=00000002\n");

	(void)state;
	assert_int_equal(file.count, 3);
	assert_string_equal(file.dumps[0].title, "CPU 0");
	assert_string_equal(file.dumps[1].title, "CPU 11");
	check_value(&file.dumps[1], GUEST_RIP, 0x1234);
	check_note(&file.dumps[1], "ends before EFER");
	assert_false(file.dumps[1].derived_ia32e_mode);
	assert_null(file.dumps[2].title);
	check_value(&file.dumps[2], GUEST_RIP, 0x5678);
	dump_file_free(&file);
}

/* Values of the wrong length, and labels that are another line's. */
static void
other_lines_are_left_out(void **state)
{
	struct dump_file file = read_text(
	        "EIP=0000fff0 EFL=00000002\nCS=0010 SS=0018 DS=0000 ES=0000 FS=0000 GS=0000 "
	        "TR=0040\n"
	        "CR0=0000000080050033 CR3=00000001234e6002 CR4=00000000003626e0\n"
	        "ES =0010 0000000 ffffffff 00c09300\nDS =0010 000000000 ffffffff 00c0930\n"
	        "EFER=000000000000000\n");
	struct dump *dump = &file.dumps[0];

	(void)state;
	assert_int_equal(file.count, 1);
	assert_null(dump_value(dump, GUEST_CS_SELECTOR));
	assert_null(dump_value(dump, GUEST_CR0));
	assert_null(dump_value(dump, GUEST_ES_BASE));
	check_value(dump, GUEST_ES_LIMIT, 0xffffffff);
	check_value(dump, GUEST_ES_ACCESS_RIGHTS, 0xc093);
	assert_null(dump_value(dump, GUEST_DS_BASE));
	assert_null(dump_value(dump, GUEST_DS_ACCESS_RIGHTS));
	assert_null(dump_value(dump, GUEST_IA32_EFER));
	check_note(dump, "GUEST_ES_BASE");
	dump_file_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_of_32_bit_code_are_read),
		cmocka_unit_test(registers_of_64_bit_code_are_read),
		cmocka_unit_test(real_mode_is_told_from_virtual_8086),
		cmocka_unit_test(missing_segments_are_unusable),
		cmocka_unit_test(announcements_are_taken),
		cmocka_unit_test(processors_are_told_apart),
		cmocka_unit_test(other_lines_are_left_out),
	};

	return cmocka_run_group_tests_name("dumps of QEMU", tests, NULL, NULL);
}

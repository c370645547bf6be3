/*
 * Unit tests of names for numbers: exit reasons (against the numbers in Linux' <asm/vmx.h>),
 * VM-instruction errors, exceptions, VMCS fields and the bits of control registers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <asm/vmx.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "rules/names.h"
#include "rules/rules.h"

/* A number, and words that its name must contain. */
struct expectation {
	unsigned number;
	const char *words;
};

/* By Linux' numbers: <r33/exit_reasons.h>, which has names that are the same, comes after it. */
static const struct expectation exit_reasons[] = {
	{ EXIT_REASON_EXCEPTION_NMI, "exception" },
	{ EXIT_REASON_EXTERNAL_INTERRUPT, "external interrupt" },
	{ EXIT_REASON_TRIPLE_FAULT, "triple fault" },
	{ EXIT_REASON_INIT_SIGNAL, "INIT" },
	{ EXIT_REASON_SIPI_SIGNAL, "SIPI" },
	{ EXIT_REASON_INTERRUPT_WINDOW, "interrupt window" },
	{ EXIT_REASON_NMI_WINDOW, "NMI window" },
	{ EXIT_REASON_TASK_SWITCH, "task switch" },
	{ EXIT_REASON_CPUID, "CPUID" },
	{ EXIT_REASON_HLT, "HLT" },
	{ EXIT_REASON_INVD, "INVD" },
	{ EXIT_REASON_INVLPG, "INVLPG" },
	{ EXIT_REASON_RDPMC, "RDPMC" },
	{ EXIT_REASON_RDTSC, "RDTSC" },
	{ EXIT_REASON_VMCALL, "VMCALL" },
	{ EXIT_REASON_VMCLEAR, "VMCLEAR" },
	{ EXIT_REASON_VMLAUNCH, "VMLAUNCH" },
	{ EXIT_REASON_VMPTRLD, "VMPTRLD" },
	{ EXIT_REASON_VMPTRST, "VMPTRST" },
	{ EXIT_REASON_VMREAD, "VMREAD" },
	{ EXIT_REASON_VMRESUME, "VMRESUME" },
	{ EXIT_REASON_VMWRITE, "VMWRITE" },
	{ EXIT_REASON_VMOFF, "VMXOFF" },
	{ EXIT_REASON_VMON, "VMXON" },
	{ EXIT_REASON_CR_ACCESS, "control-register" },
	{ EXIT_REASON_DR_ACCESS, "MOV DR" },
	{ EXIT_REASON_IO_INSTRUCTION, "I/O instruction" },
	{ EXIT_REASON_MSR_READ, "RDMSR" },
	{ EXIT_REASON_MSR_WRITE, "WRMSR" },
	{ EXIT_REASON_INVALID_STATE, "VM-entry failure due to invalid guest state" },
	{ EXIT_REASON_MSR_LOAD_FAIL, "VM-entry failure due to MSR loading" },
	{ EXIT_REASON_MWAIT_INSTRUCTION, "MWAIT" },
	{ EXIT_REASON_MONITOR_TRAP_FLAG, "monitor trap flag" },
	{ EXIT_REASON_MONITOR_INSTRUCTION, "MONITOR" },
	{ EXIT_REASON_PAUSE_INSTRUCTION, "PAUSE" },
	{ EXIT_REASON_MCE_DURING_VMENTRY, "VM-entry failure due to machine-check" },
	{ EXIT_REASON_TPR_BELOW_THRESHOLD, "TPR below threshold" },
	{ EXIT_REASON_APIC_ACCESS, "APIC access" },
	{ EXIT_REASON_EOI_INDUCED, "EOI" },
	{ EXIT_REASON_GDTR_IDTR, "GDTR or IDTR" },
	{ EXIT_REASON_LDTR_TR, "LDTR or TR" },
	{ EXIT_REASON_EPT_VIOLATION, "EPT violation" },
	{ EXIT_REASON_EPT_MISCONFIG, "EPT misconfiguration" },
	{ EXIT_REASON_INVEPT, "INVEPT" },
	{ EXIT_REASON_RDTSCP, "RDTSCP" },
	{ EXIT_REASON_PREEMPTION_TIMER, "VMX-preemption timer" },
	{ EXIT_REASON_INVVPID, "INVVPID" },
	{ EXIT_REASON_WBINVD, "WBINVD" },
	{ EXIT_REASON_XSETBV, "XSETBV" },
	{ EXIT_REASON_APIC_WRITE, "APIC write" },
	{ EXIT_REASON_RDRAND, "RDRAND" },
	{ EXIT_REASON_INVPCID, "INVPCID" },
	{ EXIT_REASON_VMFUNC, "VMFUNC" },
	{ EXIT_REASON_ENCLS, "ENCLS" },
	{ EXIT_REASON_RDSEED, "RDSEED" },
	{ EXIT_REASON_PML_FULL, "log full" },
	{ EXIT_REASON_XSAVES, "XSAVES" },
	{ EXIT_REASON_XRSTORS, "XRSTORS" },
};

#include <r33/exit_reasons.h>
#include <r33/vmcs_fields.h>

#include "rules/names.h"
#include "rules/rules.h"

/* SDM 3C 31.4, by what a VMM's author meets first. */
static const struct expectation instruction_errors[] = {
	{ 2, "VMCLEAR with invalid physical address" },
	{ 3, "VMCLEAR with VMXON pointer" },
	{ 4, "VMLAUNCH with non-clear VMCS" },
	{ 5, "VMRESUME with non-launched VMCS" },
	{ 7, "invalid control field" },
	{ 8, "invalid host-state field" },
	{ 9, "VMPTRLD with invalid physical address" },
	{ 10, "VMPTRLD with VMXON pointer" },
	{ 11, "VMPTRLD with incorrect VMCS revision identifier" },
	{ 12, "unsupported VMCS component" },
	{ 13, "read-only VMCS component" },
	{ 15, "VMXON executed in VMX root operation" },
	{ 26, "blocked by MOV SS" },
	{ 28, "INVEPT/INVVPID" },
};

/* SDM 3A table 6-1, "Exceptions and Interrupts": * after those that push an error code. */
static const char *const exceptions[32] = { "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM",
	"#DF*", NULL, "#TS*", "#NP*", "#SS*", "#GP*", "#PF*", NULL, "#MF", "#AC*", "#MC", "#XM",
	"#VE", "#CP*" };

/* Exit reasons bear the names that belong to their numbers. */
static void
exit_reasons_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(exit_reasons); i++) {
		const char *name = exit_reason_name(exit_reasons[i].number);

		if (strstr(name, exit_reasons[i].words) == NULL)
			fail_msg("%u is \"%s\"", exit_reasons[i].number, name);
	}
}

/* Those whose names differ from the other system's have its numbers, too. */
static void
the_kernels_numbers_are_right(void **state)
{
	(void)state;
	assert_int_equal(EXIT_REASON_EXCEPTION_OR_NMI, EXIT_REASON_EXCEPTION_NMI);
	assert_int_equal(EXIT_REASON_CONTROL_REGISTER, EXIT_REASON_CR_ACCESS);
	assert_int_equal(EXIT_REASON_RDMSR, EXIT_REASON_MSR_READ);
	assert_int_equal(EXIT_REASON_WRMSR, EXIT_REASON_MSR_WRITE);
	assert_int_equal(EXIT_REASON_INVALID_GUEST_STATE, EXIT_REASON_INVALID_STATE);
	assert_int_equal(EXIT_REASON_MSR_LOADING, EXIT_REASON_MSR_LOAD_FAIL);
	assert_int_equal(EXIT_REASON_ENTRY_MACHINE_CHECK, EXIT_REASON_MCE_DURING_VMENTRY);
	assert_true(EXIT_REASON_ENTRY_FAILURE == VMX_EXIT_REASONS_FAILED_VMENTRY);
}

/* VM-instruction errors bear the names that belong to their numbers. */
static void
instruction_errors_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(instruction_errors); i++) {
		const char *name = vm_instruction_error_name(instruction_errors[i].number);

		if (strstr(name, instruction_errors[i].words) == NULL)
			fail_msg("%u is \"%s\"", instruction_errors[i].number, name);
	}
}

/* The numbers without a meaning are exactly these; no two others share a name. */
static void
assert_names(const char *(*name)(unsigned), unsigned end, const unsigned *nameless, size_t count)
{
	const char *otherwise = name(UINT32_MAX);

	assert_non_null(otherwise);
	for (unsigned number = 0; number < end + 1000; number++) {
		bool expected = number < end;

		for (size_t i = 0; i < count; i++)
			expected = expected && nameless[i] != number;
		assert_non_null(name(number));
		if ((strcmp(name(number), otherwise) != 0) != expected)
			fail_msg("%u is \"%s\"", number, name(number));
		for (unsigned other = 0; expected && other < number; other++)
			assert_string_not_equal(name(number), name(other));
	}
}

/* Numbers the SDM leaves out, and all large ones, have one substitute; the others a name each. */
static void
unknown_numbers_have_a_substitute(void **state)
{
	static const unsigned no_reason[] = { 35, 38, 42, 71 }, no_error[] = { 0, 14, 21, 27 },
	                      no_exception[] = { 9, 15 };

	(void)state;
	assert_names(exit_reason_name, 78, no_reason, COUNT(no_reason));
	assert_names(vm_instruction_error_name, 29, no_error, COUNT(no_error));
	assert_names(exception_name, 22, no_exception, COUNT(no_exception));
}

/* Exceptions have their mnemonics, and those that push an error code are known. */
static void
exceptions_are_named(void **state)
{
	(void)state;
	for (unsigned vector = 0; vector < 1000; vector++) {
		const char *expected = vector < 32 ? exceptions[vector] : NULL;

		assert_int_equal(exception_has_error_code(vector),
		        expected != NULL && expected[strlen(expected) - 1] == '*');
		if (expected != NULL) {
			assert_int_equal(strlen(exception_name(vector)), 3);
			assert_memory_equal(exception_name(vector), expected, 3);
		}
	}
}

/* Each VMCS field has the name of its constant; encodings between them have none. */
static void
fields_are_named(void **state)
{
	size_t named = 0, listed = 0;

	(void)state;
#define ASSERT_NAME(name, encoding) \
	listed++; \
	assert_string_equal(vmcs_field_name(encoding), #name);
	VMCS_FIELDS(ASSERT_NAME)
	for (uint32_t encoding = 0; encoding < 0x20000; encoding++)
		named += vmcs_field_name(encoding) != NULL;
	assert_int_equal(named, listed); /* so no encoding is listed twice, either */
	assert_null(vmcs_field_name(UINT32_MAX));
	assert_string_equal(vmcs_field_name(0x6800), "GUEST_CR0");
	assert_string_equal(vmcs_field_name(0x681e), "GUEST_RIP");
	assert_string_equal(vmcs_field_name(0x4402), "EXIT_REASON");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(exit_reasons_are_named),
		cmocka_unit_test(the_kernels_numbers_are_right),
		cmocka_unit_test(instruction_errors_are_named),
		cmocka_unit_test(unknown_numbers_have_a_substitute),
		cmocka_unit_test(exceptions_are_named),
		cmocka_unit_test(fields_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

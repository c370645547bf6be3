/* Unit tests of kernel/vmx/svm/step.c: steps, and debug exceptions that are due. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/exit_reasons.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "svm_fixture.h"

#define VALID SVM_EVENT_VALID

static void
set(uint32_t field, uint64_t value)
{
	vmcs_set(&vmcs, field, value);
}

static void
assert_exits(enum svm_verdict verdict, uint32_t reason)
{
	assert_int_equal(verdict, SVM_VM_EXIT);
	assert_int_equal(guest.exit.reason, reason);
}

/* Blocking by STI and MOV SS lasts for one instruction, which is stepped over; what is pending is due behind it. */
static void
steps(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x90);
	guest.interruptibility = BLOCKING_BY_MOV_SS | BLOCKING_BY_NMI;
	guest.pending_debug = PENDING_BS;
	assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
	assert_true(guest.stepping && (vmcb.rflags & RFLAGS_TF));
	assert_int_equal(vmcb.intercept_exceptions, ~0u);
	vmcb.rip++;
	vmcb.dr6 |= PENDING_BS;
	assert_int_equal(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_DB, 0, 0), SVM_GO_ON);
	assert_true(!guest.stepping && !(vmcb.rflags & RFLAGS_TF));
	assert_int_equal(guest.interruptibility, BLOCKING_BY_NMI);
	assert_true((vmcb.event_injection & EVENT_VECTOR) == VECTOR_DB && (vmcb.dr6 & PENDING_BS));
	/* Nothing pending: nothing is raised.  With the guest's own TF it is. */
	for (unsigned traps = 0; traps < 2; traps++) {
		fixture_fresh(LONG_MODE);
		CODE_BYTES(0x90);
		guest.interruptibility = BLOCKING_BY_STI;
		vmcb.rflags |= traps ? RFLAGS_TF : 0;
		svm_before_instruction(&guest);
		vmcb.dr6 |= PENDING_BS;
		fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_DB, 0, 0);
		assert_int_equal(!!vmcb.event_injection, traps);
		assert_int_equal(!!(vmcb.rflags & RFLAGS_TF), traps);
	}
	/* An exit in the middle gives TF back and leaves the blocking. */
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x0f, 0xa2);
	guest.interruptibility = BLOCKING_BY_STI;
	svm_before_instruction(&guest);
	assert_exits(fixture_leaves(SVM_EXIT_CPUID, 0, 0), EXIT_REASON_CPUID);
	assert_true(!(vmcb.rflags & RFLAGS_TF) && guest.interruptibility == BLOCKING_BY_STI);
	/* PUSHF has pushed a TF that is ours. */
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x9c);
	guest.interruptibility = BLOCKING_BY_STI;
	svm_before_instruction(&guest);
	guest.registers[4] -= 8;
	*(uint64_t *)guest.registers[4] = vmcb.rflags;
	fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_DB, 0, 0);
	assert_true(*(uint64_t *)guest.registers[4] == RFLAGS_ONE);
}

/* The monitor trap flag leaves behind each instruction. */
static void
monitor_trap_flag(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x90);
	guest.primary = PRIMARY_MONITOR_TRAP_FLAG;
	assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
	assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_DB, 0, 0),
	        EXIT_REASON_MONITOR_TRAP_FLAG);
	assert_true(guest.exit.instruction_length == 0 && !(vmcb.rflags & RFLAGS_TF));
}

/* Pending debug exceptions at VM entry: BS, or a breakpoint that is enabled. */
static void
pending_debug_exceptions(void **state)
{
	static const struct {
		uint64_t pending, raised;
	} cases[] = { { PENDING_BS, PENDING_BS }, { 1, 0 }, { PENDING_ENABLED_BREAKPOINT | 5, 5 },
		{ PENDING_BS | 1, PENDING_BS } };

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(LONG_MODE);
		set(EXCEPTION_BITMAP, BIT(VECTOR_DB));
		guest.pending_debug = cases[i].pending;
		assert_int_equal(
		        svm_before_instruction(&guest), cases[i].raised ? SVM_VM_EXIT : SVM_GO_ON);
		if (cases[i].raised)
			assert_true(guest.exit.qualification == cases[i].raised);
	}
}

/* The #DB of a step is delivered right after STI: what STI blocked is blocked no longer, or the next VM entry, with
 * IF = 0 in the handler, would be refused. */
static void
delivery_ends_blocking(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	guest.pending_debug = PENDING_BS;
	guest.interruptibility = BLOCKING_BY_STI | BLOCKING_BY_NMI;
	assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
	assert_int_equal(vmcb.event_injection & EVENT_VECTOR, VECTOR_DB);
	assert_int_equal(guest.interruptibility, BLOCKING_BY_NMI);
}

/* Data breakpoints: TCG ends when the delivery of an event meets one twice, so none meets any. */
static void
data_breakpoints(void **state)
{
	static const struct {
		uint64_t dr7, for_delivery;
		bool watches;
	} cases[] = {
		{ 0x400, 0x400, false },
		{ 0x455, 0x455, false },     /* for execution */
		{ 0xf0400, 0xf0400, false }, /* not enabled */
		{ 0x10401, 0x10400, true },
		{ 0x10402, 0x10400, true },
		{ 0x300407, 0x300403, true }, /* the first is for execution */
		{ 0xdddd04ff, 0xdddd0400, true },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(LONG_MODE);
		vmcb.dr7 = cases[i].dr7;
		assert_int_equal(svm_watches_data(&vmcb), cases[i].watches);
		assert_true(svm_dr7_for_delivery(cases[i].dr7) == cases[i].for_delivery);
		assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
		assert_int_equal(vmcb.intercept_exceptions == ~0u, cases[i].watches);
		assert_int_equal(!!(vmcb.intercepts & INTERCEPT_INTN), cases[i].watches);
		assert_int_equal(fake_interrupts_to_self, 0);
		vmcb.event_injection = VALID | SVM_EVENT_NMI | 2;
		assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
		assert_int_equal(fake_interrupts_to_self, cases[i].watches);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps),
		cmocka_unit_test(monitor_trap_flag),
		cmocka_unit_test(pending_debug_exceptions),
		cmocka_unit_test(delivery_ends_blocking),
		cmocka_unit_test(data_breakpoints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Unit tests of kernel/vmx/svm/events.c, raise.c and virtual_interrupts.c: injection, exceptions, windows. */
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

/* VM entry's event in AMD-V's words, and how far RIP moves. */
static void
injection(void **state)
{
	static const struct {
		uint32_t information, error_code;
		uint64_t injected;
		unsigned rip;
	} cases[] = {
		{ EVENT_EXTERNAL_INTERRUPT | 0x20, 0, VALID | SVM_EVENT_INTERRUPT | 0x20, 0 },
		{ EVENT_NMI | 2, 0, VALID | SVM_EVENT_NMI | 2, 0 },
		{ EVENT_HARDWARE_EXCEPTION | 6, 0, VALID | SVM_EVENT_EXCEPTION | 6, 0 },
		{ EVENT_HARDWARE_EXCEPTION | EVENT_ERROR_CODE | 13, 0x18,
		        VALID | SVM_EVENT_EXCEPTION | SVM_EVENT_ERROR_CODE | 13 | 0x18ull << 32,
		        0 },
		/* Without the error code that TCG would push. */
		{ EVENT_HARDWARE_EXCEPTION | 13, 0x18, VALID | SVM_EVENT_INTERRUPT | 13, 0 },
		/* Those that VMRUN refuses as exceptions. */
		{ EVENT_HARDWARE_EXCEPTION | 2, 0, VALID | SVM_EVENT_INTERRUPT | 2, 0 },
		{ EVENT_HARDWARE_EXCEPTION | 31, 0, VALID | SVM_EVENT_INTERRUPT | 31, 0 },
		{ EVENT_HARDWARE_EXCEPTION | 30, 0, VALID | SVM_EVENT_EXCEPTION | 30, 0 },
		{ EVENT_PRIVILEGED_SOFTWARE_EXCEPTION | 255, 0, VALID | SVM_EVENT_INTERRUPT | 255,
		        3 },
		{ EVENT_PRIVILEGED_SOFTWARE_EXCEPTION | 1, 0, VALID | SVM_EVENT_EXCEPTION | 1, 3 },
		{ EVENT_SOFTWARE_INTERRUPT | 0x80, 0, VALID | SVM_EVENT_SOFTWARE | 0x80, 3 },
		{ EVENT_SOFTWARE_EXCEPTION | 3, 0, VALID | SVM_EVENT_SOFTWARE | 3, 3 },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(LONG_MODE);
		set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | cases[i].information);
		set(VM_ENTRY_EXCEPTION_ERROR_CODE, cases[i].error_code);
		set(VM_ENTRY_INSTRUCTION_LENGTH, 3);
		guest.activity = ACTIVITY_HLT;
		guest.pending_debug = PENDING_BS;
		guest.interruptibility = BLOCKING_BY_STI;
		svm_begin_events(&guest);
		if (vmcb.event_injection != cases[i].injected)
			fail_msg("case %u: %#lx", i, (unsigned long)vmcb.event_injection);
		assert_true(vmcb.rip == CODE + cases[i].rip);
		assert_int_equal(guest.activity, ACTIVITY_ACTIVE);
		assert_int_equal(guest.pending_debug, 0);
		assert_int_equal(guest.interruptibility,
		        (cases[i].information & EVENT_TYPE) == EVENT_NMI ? BLOCKING_BY_NMI : 0);
	}
	/* Not valid: nothing; type 7: the exit of the monitor trap flag, before any instruction. */
	fixture_fresh(LONG_MODE);
	set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_NMI | 2);
	svm_begin_events(&guest);
	assert_true(vmcb.event_injection == 0);
	set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | EVENT_OTHER);
	svm_begin_events(&guest);
	assert_exits(svm_before_instruction(&guest), EXIT_REASON_MONITOR_TRAP_FLAG);
}

/* The exception bitmap, and for #PF mask and match (SDM 3C 26.2). */
static void
exception_bitmap(void **state)
{
	static const struct {
		bool bit;
		uint32_t mask, match, error_code;
		bool exits;
	} cases[] = {
		{ true, 0, 0, 7, true },
		{ false, 0, 0, 7, false },
		{ true, 1, 1, 7, true },
		{ true, 1, 1, 6, false },
		{ false, 1, 1, 7, false },
		{ false, 1, 1, 6, true },
		{ true, 0, ~0u, 7, false },
		{ false, 0, ~0u, 7, true },
		{ true, ~0u, 4, 4, true },
		{ true, ~0u, 4, 5, false },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(LONG_MODE);
		set(EXCEPTION_BITMAP, cases[i].bit ? BIT(VECTOR_PF) : 0);
		set(PAGE_FAULT_ERROR_CODE_MASK, cases[i].mask);
		set(PAGE_FAULT_ERROR_CODE_MATCH, cases[i].match);
		assert_int_equal(svm_exception_exits(&guest, VECTOR_PF, cases[i].error_code),
		        cases[i].exits);
		assert_int_equal(
		        fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_PF, cases[i].error_code, 0x1234),
		        cases[i].exits ? SVM_VM_EXIT : SVM_GO_ON);
		if (cases[i].exits) {
			assert_int_equal(
			        guest.exit.interruption, EVENT_VALID | EVENT_HARDWARE_EXCEPTION |
			                                         EVENT_ERROR_CODE | VECTOR_PF);
			assert_int_equal(guest.exit.interruption_error, cases[i].error_code);
			assert_true(guest.exit.qualification == 0x1234 && vmcb.cr2 == 0);
		} else {
			assert_true(vmcb.cr2 == 0x1234);
			assert_true(vmcb.event_injection ==
			            (VALID | SVM_EVENT_EXCEPTION | SVM_EVENT_ERROR_CODE |
			                    VECTOR_PF | (uint64_t)cases[i].error_code << 32));
		}
	}
	fixture_fresh(REAL_MODE);
	set(EXCEPTION_BITMAP, BIT(VECTOR_GP));
	assert_exits(
	        fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_GP, 0, 0), EXIT_REASON_EXCEPTION_OR_NMI);
	assert_int_equal(
	        guest.exit.interruption, EVENT_VALID | EVENT_HARDWARE_EXCEPTION | VECTOR_GP);
}

/* An exception in delivering another: SDM 3A, "Conditions for Generating a Double Fault". */
static void
double_faults(void **state)
{
	enum { SERIAL, DOUBLE, TRIPLE };
	static const struct {
		uint64_t first;
		unsigned second, outcome;
	} cases[] = {
		{ SVM_EVENT_EXCEPTION | VECTOR_GP, VECTOR_GP, DOUBLE },
		{ SVM_EVENT_EXCEPTION | VECTOR_DE, VECTOR_NP, DOUBLE },
		{ SVM_EVENT_EXCEPTION | VECTOR_GP, VECTOR_PF, SERIAL },
		{ SVM_EVENT_EXCEPTION | VECTOR_PF, VECTOR_PF, DOUBLE },
		{ SVM_EVENT_EXCEPTION | VECTOR_PF, VECTOR_GP, DOUBLE },
		{ SVM_EVENT_EXCEPTION | VECTOR_UD, VECTOR_GP, SERIAL },
		{ SVM_EVENT_EXCEPTION | VECTOR_GP, VECTOR_DB, SERIAL },
		{ SVM_EVENT_EXCEPTION | VECTOR_DF, VECTOR_GP, TRIPLE },
		{ SVM_EVENT_EXCEPTION | VECTOR_DF, VECTOR_PF, TRIPLE },
		{ SVM_EVENT_INTERRUPT | VECTOR_GP, VECTOR_GP, SERIAL },
		{ SVM_EVENT_SOFTWARE | VECTOR_GP, VECTOR_GP, SERIAL },
		{ SVM_EVENT_NMI | VECTOR_NMI, VECTOR_PF, SERIAL },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		enum svm_verdict verdict;

		fixture_fresh(LONG_MODE);
		vmcb.exit_interrupt_info = VALID | cases[i].first;
		verdict = fixture_leaves(SVM_EXIT_EXCEPTION + cases[i].second, 0, 0);
		if (cases[i].outcome == TRIPLE) {
			assert_exits(verdict, EXIT_REASON_TRIPLE_FAULT);
			continue;
		}
		assert_int_equal(verdict, SVM_GO_ON);
		if ((vmcb.event_injection & EVENT_VECTOR) !=
		        (cases[i].outcome == DOUBLE ? VECTOR_DF : cases[i].second))
			fail_msg("case %u: vector %lu", i,
			        (unsigned long)(vmcb.event_injection & 0xff));
		/* If it exits, the event that was being delivered is told. */
		fixture_fresh(LONG_MODE);
		vmcb.exit_interrupt_info = VALID | cases[i].first;
		set(EXCEPTION_BITMAP, BIT(cases[i].second));
		if (cases[i].second == VECTOR_DB)
			continue;
		assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + cases[i].second, 0, 0),
		        EXIT_REASON_EXCEPTION_OR_NMI);
		assert_int_equal(guest.exit.idt_vectoring, EVENT_VALID | cases[i].first);
	}
	/* #DF itself may exit. */
	fixture_fresh(LONG_MODE);
	set(EXCEPTION_BITMAP, BIT(VECTOR_DF));
	vmcb.exit_interrupt_info = VALID | SVM_EVENT_EXCEPTION | VECTOR_GP;
	assert_exits(
	        fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_GP, 0, 0), EXIT_REASON_EXCEPTION_OR_NMI);
	assert_int_equal(guest.exit.interruption & EVENT_VECTOR, VECTOR_DF);
}

/* IDT-vectoring information has the error code; a software event's RIP is that of its instruction. */
static void
idt_vectoring(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	vmcb.exit_interrupt_info =
	        VALID | SVM_EVENT_EXCEPTION | SVM_EVENT_ERROR_CODE | VECTOR_GP | 0x33ull << 32;
	set(EXCEPTION_BITMAP, BIT(VECTOR_PF));
	assert_exits(
	        fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_PF, 0, 0), EXIT_REASON_EXCEPTION_OR_NMI);
	assert_int_equal(guest.exit.idt_vectoring,
	        EVENT_VALID | EVENT_HARDWARE_EXCEPTION | EVENT_ERROR_CODE | VECTOR_GP);
	assert_int_equal(guest.exit.idt_vectoring_error, 0x33);
	fixture_fresh(LONG_MODE);
	set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | EVENT_SOFTWARE_INTERRUPT | 0x80);
	set(VM_ENTRY_INSTRUCTION_LENGTH, 2);
	set(EXCEPTION_BITMAP, BIT(VECTOR_NP));
	svm_begin_events(&guest);
	vmcb.exit_interrupt_info = VALID | SVM_EVENT_SOFTWARE | 0x80;
	assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_NP, 0x402, 0),
	        EXIT_REASON_EXCEPTION_OR_NMI);
	assert_true(vmcb.rip == CODE && guest.exit.instruction_length == 2);
	assert_int_equal(guest.exit.idt_vectoring, EVENT_VALID | EVENT_SOFTWARE_INTERRUPT | 0x80);
	assert_int_equal(guest.exit.interruption_error, 0x402);
	/* QEMU 7.2 has the vector times 16 in IA-32e mode. */
	assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_NP, 0x802, 0),
	        EXIT_REASON_EXCEPTION_OR_NMI);
	assert_int_equal(guest.exit.interruption_error, 0x402);
}

/* ... and it is the event as VM entry was told it, though AMD-V got another. */
static void
idt_vectoring_types(void **state)
{
	static const uint32_t events[] = {
		EVENT_HARDWARE_EXCEPTION | 2,
		EVENT_HARDWARE_EXCEPTION | 13,
		EVENT_HARDWARE_EXCEPTION | EVENT_ERROR_CODE | 13,
		EVENT_PRIVILEGED_SOFTWARE_EXCEPTION | 1,
		EVENT_SOFTWARE_EXCEPTION | 3,
		EVENT_SOFTWARE_INTERRUPT | 3,
		EVENT_EXTERNAL_INTERRUPT | 0x20,
		EVENT_NMI | 2,
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(events); i++) {
		uint32_t type = events[i] & EVENT_TYPE;
		bool software = type >= EVENT_SOFTWARE_INTERRUPT;

		fixture_fresh(LONG_MODE);
		set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | events[i]);
		set(VM_ENTRY_EXCEPTION_ERROR_CODE, 0x55);
		set(VM_ENTRY_INSTRUCTION_LENGTH, 4);
		set(EXCEPTION_BITMAP, BIT(VECTOR_SS));
		svm_begin_events(&guest);
		vmcb.exit_interrupt_info = vmcb.event_injection;
		assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_SS, 0, 0),
		        EXIT_REASON_EXCEPTION_OR_NMI);
		assert_int_equal(guest.exit.idt_vectoring, EVENT_VALID | events[i]);
		assert_int_equal(
		        guest.exit.idt_vectoring_error, events[i] & EVENT_ERROR_CODE ? 0x55 : 0);
		assert_true(
		        vmcb.rip == CODE && guest.exit.instruction_length == (software ? 4 : 0));
		/* Not in the exception bitmap: #GP without an error code makes a double fault as well. */
		fixture_fresh(LONG_MODE);
		set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | events[i]);
		set(VM_ENTRY_INSTRUCTION_LENGTH, 4);
		svm_begin_events(&guest);
		vmcb.exit_interrupt_info = vmcb.event_injection;
		assert_int_equal(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_SS, 0, 0), SVM_GO_ON);
		assert_int_equal(vmcb.event_injection & EVENT_VECTOR,
		        type == EVENT_HARDWARE_EXCEPTION && (events[i] & 0xff) == 13 ? VECTOR_DF
		                                                                     : VECTOR_SS);
		/* That it was once injected is over with it, and RIP at its instruction. */
		assert_true(vmcb.rip == CODE);
		vmcb.exit_interrupt_info = VALID | SVM_EVENT_EXCEPTION | VECTOR_UD;
		set(EXCEPTION_BITMAP, BIT(VECTOR_NP));
		assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_NP, 0, 0),
		        EXIT_REASON_EXCEPTION_OR_NMI);
		assert_int_equal(guest.exit.idt_vectoring,
		        EVENT_VALID | EVENT_HARDWARE_EXCEPTION | VECTOR_UD);
	}
}

/* INT3 and INTO are exceptions, INT n is an interrupt. */
static void
idt_vectoring_of_instructions(void **state)
{
	static const uint8_t code[3][2] = { { 0xcc }, { 0xce }, { 0xcd, 3 } };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		fixture_fresh(PROTECTED_MODE);
		fixture_code(code[i], 2);
		set(EXCEPTION_BITMAP, BIT(VECTOR_NP));
		vmcb.exit_interrupt_info = VALID | SVM_EVENT_SOFTWARE | (i == 1 ? 4 : 3);
		assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_NP, 0, 0),
		        EXIT_REASON_EXCEPTION_OR_NMI);
		assert_int_equal(guest.exit.idt_vectoring & EVENT_TYPE,
		        i < 2 ? EVENT_SOFTWARE_EXCEPTION : EVENT_SOFTWARE_INTERRUPT);
		assert_int_equal(guest.exit.instruction_length, i < 2 ? 1 : 2);
	}
}

/* INT3, INTO and INT n, which TCG has behind one intercept. */
static void
software_events(void **state)
{
	static const struct {
		uint8_t code[2];
		unsigned length, vector;
	} cases[] = { { { 0xcc }, 1, VECTOR_BP }, { { 0xce }, 1, VECTOR_OF },
		{ { 0xcd, 0x03 }, 2, 3 }, { { 0xcd, 0x80 }, 2, 0x80 } };

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(PROTECTED_MODE);
		fixture_code(cases[i].code, 2);
		assert_int_equal(fixture_leaves(SVM_EXIT_INTN, 0, 0), SVM_GO_ON);
		assert_true(vmcb.event_injection == (VALID | SVM_EVENT_SOFTWARE | cases[i].vector));
		assert_true(vmcb.rip == CODE + cases[i].length);
		fixture_fresh(PROTECTED_MODE);
		set(EXCEPTION_BITMAP, BIT(VECTOR_BP) | BIT(VECTOR_OF));
		fixture_code(cases[i].code, 2);
		if (i >= 2) {
			assert_int_equal(fixture_leaves(SVM_EXIT_INTN, 0, 0), SVM_GO_ON);
			continue;
		}
		assert_exits(fixture_leaves(SVM_EXIT_INTN, 0, 0), EXIT_REASON_EXCEPTION_OR_NMI);
		assert_int_equal(guest.exit.interruption,
		        EVENT_VALID | EVENT_SOFTWARE_EXCEPTION | cases[i].vector);
		assert_true(vmcb.rip == CODE && guest.exit.instruction_length == cases[i].length);
	}
	for (unsigned vector = 0; vector < 32; vector++) {
		fixture_fresh(PROTECTED_MODE);
		set(EXCEPTION_BITMAP, BIT(vector));
		assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
		assert_int_equal(!!(vmcb.intercepts & INTERCEPT_INTN),
		        vector == VECTOR_BP || vector == VECTOR_OF);
		assert_int_equal(
		        vmcb.intercept_exceptions, BIT(vector) | BIT(VECTOR_UD) | BIT(VECTOR_PF));
	}
}

/* Interrupt window: IF and no blocking.  NMI window: no blocking. */
static void
windows(void **state)
{
	(void)state;
	for (unsigned blocking = 0; blocking < 16; blocking++)
		for (unsigned flag = 0; flag < 2; flag++) {
			bool by_instruction = blocking & (BLOCKING_BY_STI | BLOCKING_BY_MOV_SS);
			bool open = flag && !by_instruction;

			if ((blocking & 3) == 3 || (blocking & BLOCKING_BY_SMI))
				continue;
			fixture_fresh(LONG_MODE);
			guest.interruptibility = blocking;
			guest.primary = PRIMARY_INTERRUPT_WINDOW_EXITING;
			vmcb.rflags |= flag ? RFLAGS_IF : 0;
			assert_int_equal(
			        svm_before_instruction(&guest), open ? SVM_VM_EXIT : SVM_GO_ON);
			if (open)
				assert_int_equal(guest.exit.reason, EXIT_REASON_INTERRUPT_WINDOW);
			else if (!by_instruction)
				assert_true(vmcb.intercepts & INTERCEPT_VINTR);
			else
				assert_true(guest.stepping && (vmcb.rflags & RFLAGS_TF));

			fixture_fresh(LONG_MODE);
			guest.interruptibility = blocking;
			guest.primary = PRIMARY_NMI_WINDOW_EXITING;
			assert_int_equal(
			        svm_before_instruction(&guest), blocking ? SVM_GO_ON : SVM_VM_EXIT);
			if (!blocking)
				assert_int_equal(guest.exit.reason, EXIT_REASON_NMI_WINDOW);
		}
	/* Behind an injected event they wait for an interrupt of ours. */
	fixture_fresh(LONG_MODE);
	guest.primary = PRIMARY_NMI_WINDOW_EXITING;
	set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | EVENT_EXTERNAL_INTERRUPT | 0x20);
	svm_begin_events(&guest);
	assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
	assert_int_equal(fake_interrupts_to_self, 1);
	assert_exits(fixture_leaves(SVM_EXIT_INTR, 0, 0), EXIT_REASON_NMI_WINDOW);
}

/* The timer that has run out, before the first instruction and behind an injected event. */
static void
preemption_timer(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	guest.pin = PIN_PREEMPTION_TIMER;
	svm_begin_events(&guest);
	assert_exits(svm_before_instruction(&guest), EXIT_REASON_PREEMPTION_TIMER);
	set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | EVENT_NMI | 2);
	svm_begin_events(&guest);
	assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
	assert_int_equal(fake_interrupts_to_self, 1);
	assert_exits(fixture_leaves(SVM_EXIT_INTR, 0, 0), EXIT_REASON_PREEMPTION_TIMER);
	/* An interrupt of the machine's exits if the control says so, and only then. */
	fixture_fresh(LONG_MODE);
	assert_int_equal(fixture_leaves(SVM_EXIT_INTR, 0, 0), SVM_GO_ON);
	assert_int_equal(fake_interrupts_taken, 1);
}

/* Virtual interrupts: above PPR they are delivered, IRR to ISR, and the next is RVI. */
static void
virtual_interrupts(void **state)
{
	uint32_t *apic = (uint32_t *)DATA;

	(void)state;
	fixture_fresh(LONG_MODE);
	guest.secondary = SECONDARY_VIRTUAL_INTERRUPT_DELIVERY;
	set(VIRTUAL_APIC_ADDRESS, DATA);
	set(GUEST_INTERRUPT_STATUS, 0x3000 | 0x45);
	apic[0x200 / 4 + 2 * 4] = BIT32(0x45 % 32) | BIT32(0x41 % 32);
	vmcb.rflags |= RFLAGS_IF;
	assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON);
	assert_true(vmcb.event_injection == (VALID | SVM_EVENT_INTERRUPT | 0x45));
	assert_int_equal(vmcs_get(&vmcs, GUEST_INTERRUPT_STATUS), 0x4541);
	assert_int_equal(apic[0x100 / 4 + 2 * 4], BIT32(0x45 % 32));
	assert_int_equal(apic[0x200 / 4 + 2 * 4], BIT32(0x41 % 32));
	assert_int_equal(apic[0xa0 / 4], 0x40);
	vmcb.event_injection = 0;
	assert_int_equal(svm_before_instruction(&guest), SVM_GO_ON); /* not above what is served */
	assert_true(vmcb.event_injection == 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(injection),
		cmocka_unit_test(exception_bitmap),
		cmocka_unit_test(double_faults),
		cmocka_unit_test(idt_vectoring),
		cmocka_unit_test(idt_vectoring_types),
		cmocka_unit_test(idt_vectoring_of_instructions),
		cmocka_unit_test(software_events),
		cmocka_unit_test(windows),
		cmocka_unit_test(preemption_timer),
		cmocka_unit_test(virtual_interrupts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

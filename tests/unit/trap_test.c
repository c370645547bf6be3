/* Unit tests of who gets a trap that comes while a lab runs: the lab, or nobody but the kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <r33/array.h>

#include "cpu/fault.h"
#include "cpu/trap.h"
#include "vmx/entry.h"

#define USER_CS 0x23

/* The exceptions of SDM 3A table 6-1 that an instruction raises by itself: #DE, #DB, #BP, #OF, #BR, #UD, #NM,
 * #TS, #NP, #SS, #GP, #PF, #MF, #AC, #XM, #CP. */
static const unsigned of_the_code[] = { 0, 1, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 16, 17, 19, 21 };

enum receiver { NOBODY, LAB, KERNEL };

static enum receiver receiver;
static struct trap_frame entered;
static unsigned ticks;
static jmp_buf left;

/* No place in the kernel expects a fault here. */
__asm__(".globl exception_table_start, exception_table_end\n"
        "exception_table_start:\nexception_table_end:\n");

void trap_dispatch(struct trap_frame *frame);

__attribute__((noreturn)) void
kernel_fault(const struct trap_frame *frame)
{
	(void)frame;
	receiver = KERNEL;
	longjmp(left, 1);
}

__attribute__((noreturn)) void
trap_leave_cpl3(void)
{
	longjmp(left, 1);
}

static void
timer_interrupt(void)
{
	ticks++;
}

/* The lab runs, and this comes. */
void
trap_enter_cpl3(struct trap_frame *frame)
{
	frame->vector = entered.vector;
	frame->cs |= USER_CS;
	if (setjmp(left) == 0)
		trap_dispatch(frame);
}

static bool
lab_handler(struct trap_frame *frame)
{
	(void)frame;
	receiver = LAB;
	return false;
}

static enum receiver
receiver_of(unsigned vector)
{
	struct trap_frame frame = { 0 };

	receiver = NOBODY;
	entered.vector = vector;
	run_at_cpl3(&frame, lab_handler);
	return receiver;
}

/* What the lab's own code raised, its calls and the timer are for the lab's handler; NMI, machine check,
 * double fault and interrupts that nobody asked for are the machine's. */
static void
labs_get_what_they_raise(void **state)
{
	(void)state;
	trap_on_timer(timer_interrupt);
	for (unsigned vector = 0; vector < TRAP_VECTOR_COUNT; vector++) {
		enum receiver expected = KERNEL;

		for (size_t i = 0; i < COUNT(of_the_code); i++)
			if (of_the_code[i] == vector)
				expected = LAB;
		if (vector == TRAP_TIMER || vector == TRAP_LAB_CPUID || vector == TRAP_LAB_SERVICE)
			expected = LAB;
		if (vector == TRAP_SPURIOUS_IRQ7 || vector == TRAP_SPURIOUS_APIC)
			expected = NOBODY;
		if (receiver_of(vector) != expected)
			fail_msg("vector %u comes to %u", vector, receiver);
		assert_int_equal(ticks, vector >= TRAP_TIMER);
	}
}

/* A guest's exceptions are its own, but for #MC; an NMI that makes it exit is not. */
static void
guests_get_what_they_raise(void **state)
{
	const uint32_t valid = 1u << 31, entry_failed = 1u << 31;

	(void)state;
	for (uint32_t vector = 0; vector < 32; vector++) {
		assert_int_equal(exit_is_the_machines(0, valid | 3u << 8 | vector), vector == 18);
		assert_true(exit_is_the_machines(0, valid | 2u << 8 | vector));
	}
	for (uint32_t reason = 1; reason < 80; reason++) {
		assert_int_equal(exit_is_the_machines(reason, 0), reason == 41);
		assert_int_equal(exit_is_the_machines(entry_failed | reason, 0), reason == 41);
	}
}

static unsigned apic_interrupts;

static void
apic_interrupt(void)
{
	apic_interrupts++;
}

/* The local APIC's interrupt is the kernel's, once it waits for one. */
static void
apic_interrupts_are_the_kernels(void **state)
{
	(void)state;
	assert_int_equal(receiver_of(TRAP_APIC), KERNEL);
	trap_on_apic(apic_interrupt);
	assert_int_equal(receiver_of(TRAP_APIC), NOBODY);
	assert_int_equal(apic_interrupts, 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(labs_get_what_they_raise),
		cmocka_unit_test(apic_interrupts_are_the_kernels),
		cmocka_unit_test(guests_get_what_they_raise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

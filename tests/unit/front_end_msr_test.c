/* Unit tests of kernel/lab/front_end.c: RDMSR for a lab. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/msr.h>

#include "dev/timer.h"
#include "lab/front_end.h"
#include "lab/module.h"
#include "vmx/timed_entry.h"

#define FRAMEBUFFER_PAT 0x0007040100070406ull /* what the kernel has where it draws */
#define AFTER_RESET     0x0007040600070406ull
#define A_VALUE         0x0123456789abcdefull

/* The processor that the kernel runs on. */
static bool
read_processor(uint32_t msr, uint64_t *value)
{
	*value = msr == IA32_PAT ? FRAMEBUFFER_PAT : A_VALUE;
	return true;
}

static const struct vmx_backend fake = { .read_msr = read_processor };
const struct vmx_backend *vmx = &fake;

/* The lab's memory: RDMSR, wherever one looks. */
bool
copy_from_user(struct address_space space, void *to, uint64_t from, size_t size_bytes)
{
	(void)space;
	(void)from;
	memset(to, 0x90, size_bytes);
	memcpy(to, "\x0f\x32", 2);
	return true;
}

bool
copy_to_user(struct address_space space, uint64_t to, const void *from, size_t size_bytes)
{
	(void)space;
	(void)to;
	(void)from;
	(void)size_bytes;
	return false;
}

/* What other instructions need, and RDMSR does not. */
bool
vmcs_address_is_malformed(uint64_t address)
{
	fail_msg("not RDMSR: the address %#lx", address);
	return true;
}

enum vmx_result
vmx_enter_until(
        struct guest_registers *registers, bool resume, uint64_t deadline_ticks, bool *timed_out)
{
	(void)registers;
	(void)resume;
	(void)deadline_ticks;
	(void)timed_out;
	fail_msg("not RDMSR, but an entry");
	return VMX_FAIL_INVALID;
}

void
timer_unmask(void)
{
	fail_msg("not RDMSR: the timer");
}

/* What the lab finds in EDX:EAX. */
static uint64_t
rdmsr_of_lab(uint32_t msr)
{
	static const struct module module = { .present = true };
	const struct vmcs_pool pool = { { 0x1000, 0x2000 }, 0 };
	struct trap_frame frame = { .rip = 0x40000000 };
	struct front_end front_end;
	struct lab_log log = { 0 };

	frame.registers[REGISTER_RCX] = msr;
	front_end_init(&front_end, &module, &part_register_context, &pool, &log);
	assert_true(front_end_perform(&front_end, &frame));
	assert_int_equal(log.violation_count, 0);
	return frame.registers[REGISTER_RDX] << 32 | frame.registers[REGISTER_RAX];
}

static void
an_open_msr_is_the_processors(void **state)
{
	(void)state;
	assert_true(rdmsr_of_lab(IA32_EFER) == A_VALUE);
	assert_true(rdmsr_of_lab(IA32_SYSENTER_EIP) == A_VALUE);
}

/* What a lab copies from there does not depend on the screen. */
static void
pat_is_that_after_reset(void **state)
{
	(void)state;
	assert_true(rdmsr_of_lab(IA32_PAT) == AFTER_RESET);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_open_msr_is_the_processors),
		cmocka_unit_test(pat_is_that_after_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

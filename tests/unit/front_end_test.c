/* Unit tests of VM entry for a lab, on a processor that no engine here has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/rflags.h>

#include "dev/timer.h"
#include "lab/front_end.h"
#include "lab/module.h"
#include "vmx/timed_entry.h"

#define WIDEST          57 /* linear-address bits, with 5-level paging */
#define KERNEL_WIDTH    48 /* with 4-level paging, which is what the kernel uses */
#define LAST_OF_LOWER   ((1ull << (KERNEL_WIDTH - 1)) - 1)
#define FIRST_OF_HIGHER (-1ull << (KERNEL_WIDTH - 1))

const struct vmx_backend *vmx;
struct capabilities vmx_capabilities = { .linear_address_width = WIDEST };

static bool entered;

/* Where the front end would enter the guest. */
static bool
note_entry(const struct guest_registers *registers, uint64_t deadline_ticks)
{
	(void)registers;
	(void)deadline_ticks;
	entered = true;
	return false;
}

/* The lab's memory: VMLAUNCH, wherever one looks. */
bool
copy_from_user(struct address_space space, void *to, uint64_t from, size_t size_bytes)
{
	(void)space;
	(void)from;
	memset(to, 0x90, size_bytes);
	memcpy(to, "\x0f\x01\xc2", 3);
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

bool
vmcs_address_is_malformed(uint64_t address)
{
	return address == 0;
}

enum vmx_result
vmx_enter_until(
        struct guest_registers *registers, bool resume, uint64_t deadline_ticks, bool *timed_out)
{
	(void)registers;
	(void)resume;
	(void)deadline_ticks;
	(void)timed_out;
	return VMX_FAIL_INVALID;
}

void
timer_unmask(void)
{
}

/* VMLAUNCH with this HOST_RIP: VMfail, and nothing is entered? */
static bool
is_refused(uint64_t host_rip)
{
	static const struct entry_watch watch = { .before = note_entry };
	static const struct module module = { .present = true };
	const struct vmcs_pool pool = { { 0x1000, 0x2000 }, 0 };
	struct lab_log log = { 0 };
	struct front_end front_end;
	struct trap_frame frame = { .rip = 0x40000000 };
	bool performed;

	entered = false;
	front_end_watch = &watch;
	front_end_init(&front_end, &module, &part_register_context, &pool, &log);
	front_end.host_rip = host_rip;
	performed = front_end_perform(&front_end, &frame);
	assert_int_equal(performed, !entered);
	assert_int_equal(log.violation_count, 0);
	return !entered && (frame.rflags & RFLAGS_ZF);
}

/* The kernel goes to the lab's HOST_RIP by IRETQ, in its own paging mode: where that is no address, IRETQ
 * faults in the kernel, however wide the processor's addresses could be. */
static void
host_rip_is_an_address_of_the_kernels_paging(void **state)
{
	(void)state;
	assert_false(is_refused(0x40000000));
	assert_false(is_refused(LAST_OF_LOWER));
	assert_false(is_refused(FIRST_OF_HIGHER));
	for (unsigned bit = KERNEL_WIDTH - 1; bit < 64; bit++) {
		assert_true(is_refused(0x40000000 | 1ull << bit));
		assert_true(is_refused(~0ull ^ 1ull << bit));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_rip_is_an_address_of_the_kernels_paging),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

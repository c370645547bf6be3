/* Ways for a run to end badly. */
#include "grade/self_test.h"

#include <stddef.h>
#include <stdint.h>

#include <r33/array.h>

#include "cpu/fault.h"
#include "cpu/x86.h"
#include "dev/power.h"
#include "lib/string.h"

extern uint8_t kernel_start[];

/* Not inlined and not a tail call: the backtrace must show a chain of names. */
static __attribute__((noinline)) void
write_to_code(void)
{
	*(volatile uint8_t *)kernel_start = 0;
}

static void
end_by_fault(void)
{
	write_to_code();
	kernel_panic("the kernel's code is writable");
}

static __attribute__((noinline)) unsigned
use_up_stack(unsigned depth)
{
	volatile uint8_t space[512];

	space[0] = (uint8_t)depth;
	if (depth == UINT32_MAX) /* never reached; the compiler wants to see an end */
		return 0;
	return use_up_stack(depth + 1) + space[0];
}

static void
end_by_stack_overflow(void)
{
	kernel_panic("the stack has no end: %u", use_up_stack(0));
}

static void
end_by_panic(void)
{
	kernel_panic("as the command line wanted it");
}

static void
end_by_triple_fault(void)
{
	lidt(&(struct table_register){ 0, 0 });
	__asm__ volatile("ud2");
}

static void
end_by_hanging(void)
{
	for (;;)
		__asm__ volatile("pause");
}

static void
end_without_end_line(void)
{
	power_off(END_DONE);
}

void
self_test_end(const char *name)
{
	static const struct {
		const char *name;
		void (*end)(void);
	} ends[] = {
		{ "fault", end_by_fault },
		{ "stack-overflow", end_by_stack_overflow },
		{ "panic", end_by_panic },
		{ "triple-fault", end_by_triple_fault },
		{ "hang", end_by_hanging },
		{ "cut", end_without_end_line },
	};

	for (size_t i = 0; i < COUNT(ends); i++)
		if (strcmp(name, ends[i].name) == 0)
			ends[i].end();
}

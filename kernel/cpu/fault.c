/*
 * The end of a kernel that made a mistake: say where, as a debugger would, and stop with a
 * status of its own, so that it is not taken for a student's mistake.
 */
#include "cpu/fault.h"

#include <stdarg.h>
#include <stddef.h>

#include "cpu/x86.h"
#include "lib/format.h"
#include "rules/names.h"

#define BACKTRACE_MAX 16

struct symbol {
	uint64_t address;
	const char *name;
};
extern const struct symbol symbols_start[], symbols_end[];
extern const uint8_t kernel_start[], kernel_text_end[], kernel_stack_guard[], kernel_stack_top[];

static const struct last_words *say;

void
kernel_fault_tells(const struct last_words *last_words)
{
	say = last_words;
}

/* The name of the function that holds address, or NULL; *offset gets the distance from its start. */
static const char *
function_at(uint64_t address, uint64_t *offset)
{
	const struct symbol *found = NULL;

	if (address < (uint64_t)kernel_start || address >= (uint64_t)kernel_text_end)
		return NULL;
	for (const struct symbol *symbol = symbols_start;
	        symbol < symbols_end && symbol->address <= address; symbol++)
		found = symbol;
	if (found)
		*offset = address - found->address;
	return found ? found->name : NULL;
}

static void
print_place(uint64_t address, uint64_t inside)
{
	uint64_t offset = 0;
	const char *name = function_at(inside, &offset);

	if (name)
		say->print("  %#018lx %s+%#lx\n", address, name, offset + (address - inside));
	else
		say->print("  %#018lx\n", address);
}

/* Follow the frame pointers as long as they stay on the kernel's stack and go upwards.  A return
 * address may be the first byte of the next function: the call is the byte before it. */
static void
print_backtrace(uint64_t frame_pointer)
{
	say->print("called from:\n");
	for (unsigned depth = 0; depth < BACKTRACE_MAX; depth++) {
		const uint64_t *link = (const uint64_t *)frame_pointer;

		if (frame_pointer < (uint64_t)kernel_stack_guard + 4096 ||
		        frame_pointer > (uint64_t)kernel_stack_top - 16 || frame_pointer % 8)
			break;
		print_place(link[1], link[1] - 1);
		if (link[0] <= frame_pointer)
			break;
		frame_pointer = link[0];
	}
}

static void
print_registers(const struct trap_frame *frame)
{
	static const char names[16][4] = { "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI",
		"R8 ", "R9 ", "R10", "R11", "R12", "R13", "R14", "R15" };

	for (unsigned i = 0; i < 16; i++)
		say->print("%s=%016lx%s", names[i],
		        i == REGISTER_RSP ? frame->rsp : frame->registers[i],
		        i % 4 == 3 ? "\n" : " ");
	say->print("RIP=%016lx RFLAGS=%08lx CS=%04lx SS=%04lx\n", frame->rip, frame->rflags,
	        frame->cs, frame->ss);
	say->print("CR0=%08lx CR2=%016lx CR3=%08lx CR4=%08lx\n", read_cr0(), read_cr2(), read_cr3(),
	        read_cr4());
}

void
kernel_fault(const struct trap_frame *frame)
{
	char sentence[160];
	uint64_t offset = 0;
	const char *name = function_at(frame->rip, &offset);

	format_string(sentence, sizeof(sentence),
	        "kernel fault: %s (error code %#lx) at %#lx in %s",
	        exception_name((unsigned)frame->vector), frame->error_code, frame->rip,
	        name ? name : "no function");
	say->print("\n%s\n", sentence);
	print_registers(frame);
	print_place(frame->rip, frame->rip);
	print_backtrace(frame->registers[REGISTER_RBP]);
	say->end(sentence);
}

void
kernel_panic(const char *format, ...)
{
	char sentence[200];
	va_list arguments;

	va_start(arguments, format);
	format_string_va(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	say->print("\nkernel panic: %s\n", sentence);
	print_backtrace((uint64_t)__builtin_frame_address(0));
	say->end(sentence);
}

/*
 * What happens, in order: devices that can tell about failures first, then the processor, then
 * memory, VMX and the modules; then the cases; then off.
 */
#include "boot/multiboot2.h"
#include "boot/options.h"
#include "cpu/descriptors.h"
#include "cpu/extended_state.h"
#include "cpu/fault.h"
#include "cpu/frames.h"
#include "cpu/paging.h"
#include "cpu/x86.h"
#include "dev/console.h"
#include "dev/power.h"
#include "dev/screen.h"
#include "dev/serial.h"
#include "dev/timer.h"
#include "grade/bench.h"
#include "grade/grade.h"
#include "grade/guest_memory.h"
#include "grade/record.h"
#include "grade/self_test.h"
#include "grade/states.h"
#include "grade/summary.h"
#include "grade/vmcs_layout.h"
#include "lab/module.h"
#include "vmx/backend.h"
#include "vmx/deviations.h"
#include "vmx/profile.h"

#define PROBE_BYTES 8 /* of the boot information, to learn its size */

void kernel_main(uint32_t magic, const void *information) __attribute__((noreturn));

/* The end, if error is a sentence. */
static void
stop_on(const char *error, enum end_status status)
{
	if (!error)
		return;
	console_printf("\nReason 33 cannot run here: %s.\n", error);
	record_bail_out(status, error);
	power_off(status);
}

__attribute__((noreturn)) static void
end_of_kernel(const char *sentence)
{
	record_bail_out(END_KERNEL_FAULT, sentence);
	power_off(END_KERNEL_FAULT);
}

static const char *
read_boot_information(uint32_t magic, const void *information, struct boot_information *boot)
{
	uint32_t size;
	const char *error;

	boot->command_line = "";
	if (magic != MULTIBOOT2_LOADER_MAGIC)
		return "the boot loader does not speak multiboot2";
	if ((uint64_t)information > MEMORY_LIMIT - PROBE_BYTES)
		return "the boot information is above 1 GiB";
	size = multiboot2_total_size(information);
	if (size > MEMORY_LIMIT - (uint64_t)information)
		return "the boot information is larger than memory";
	error = multiboot2_parse(information, size, boot);
	if (!error)
		return frames_init(boot, information, size);
	/* What was found before the mistake is worth nothing. */
	*boot = (struct boot_information){ .command_line = "" };
	return error;
}

static void
announce_machine(void)
{
	const struct capabilities *c = &vmx_capabilities;

	record_line("# machine backend=%s revision=%#x ept=%d unrestricted_guest=%d "
	            "preemption_timer=%d physical_address_width=%d",
	        vmx->name, (uint32_t)c->vmx_basic & 0x7fffffff, c->ept, c->unrestricted_guest,
	        c->preemption_timer, c->physical_address_width);
	console_printf("VMX: EPT %s, unrestricted guest %s, %d physical address bits\n",
	        c->ept ? "yes" : "no", c->unrestricted_guest ? "yes" : "no",
	        c->physical_address_width);
}

void
kernel_main(uint32_t magic, const void *information)
{
	static struct boot_information boot;
	static struct options options;
	static const struct last_words last_words = { console_printf, end_of_kernel };
	struct case_selection cases;
	enum end_status status = END_DONE;
	const char *boot_error, *options_error, *screen_error;

	serial_init();
	record_begin();
	kernel_fault_tells(&last_words);
	descriptors_init();
	disable_breakpoints();
	boot_error = read_boot_information(magic, information, &boot);
	/* hold= comes before whatever can end the run: on a real machine the end writes to no port. */
	options_error = options_parse(boot.command_line, &options);
	if (options.hold)
		power_stay_on();
	/* Without memory there is none for a framebuffer's page tables, and boot_error says so. */
	if (boot.memory_range_count == 0)
		boot.framebuffer.kind = BOOT_SCREEN_UNKNOWN;
	screen_error = screen_init(&boot.framebuffer);
	console_printf("Reason 33\n");
	if (screen_error)
		console_printf("No screen: %s.\n", screen_error);
	stop_on(boot_error, END_UNUSABLE_BOOT);
	stop_on(options_error, END_UNUSABLE_BOOT);
	stop_on(timer_init(), END_UNSUITABLE_PROCESSOR);
	stop_on(paging_init(), END_UNSUITABLE_PROCESSOR);
	extended_state_init();
	deviations_of_bochs(options.bochs);
	stop_on(profile_load(&boot), END_UNUSABLE_BOOT);
	stop_on(vmx_init(), END_UNSUITABLE_PROCESSOR);
	vmcs_layout_show();
	stop_on(guest_memory_init(&vmx_capabilities), END_UNUSABLE_BOOT);
	stop_on(modules_load(&boot), END_UNUSABLE_BOOT);
	announce_machine();
	cases = (struct case_selection){ options.all_labs, options.lab, options.only_case };
	if (module_states.size_bytes)
		stop_on(states_run((const uint8_t *)module_states.start, module_states.size_bytes),
		        END_UNUSABLE_BOOT);
	else if (options.bench_round_trips)
		bench_round_trips(options.bench_round_trips);
	else
		status = (enum end_status)grade_run(&cases);
	if (options.bad_end[0])
		self_test_end(options.bad_end);
	if (options.hold)
		summary_print();
	console_printf(options.hold
	                       ? "Done. The machine stays on: switch it off, or end the emulator.\n"
	                       : "Done.\n");
	record_end(status);
	power_off(status);
}

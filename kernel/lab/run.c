/* Call one part of a module at CPL 3. */
#include "lab/run.h"

#include "cpu/extended_state.h"
#include "cpu/trap.h"
#include "cpu/x86.h"
#include "dev/console.h"
#include "dev/timer.h"
#include "lab/front_end.h"
#include "lib/string.h"
#include "vmx/backend.h"

/* INT 33h, RAX = service (labs/runtime/start.S and printf.c). */
#define SERVICE_RETURN 0 /* RDI = the part's answer */
#define SERVICE_PRINT  1 /* RDI = text, RSI = bytes */

#define RFLAGS_FIXED_AND_IF 0x202
#define PRINT_CHUNK         256

/* How long a part may run: 2 s of the machine's time, 2 million instructions in Bochs.  r33 gdb
 * writes more here: what is debugged has no limit. */
static volatile uint64_t lab_limit_ticks = 200;

static struct front_end current;

/* How much of size bytes fits, when used of limit are taken. */
static size_t
room(size_t used, size_t limit, size_t size)
{
	size_t left = used < limit ? limit - used : 0;

	return size < left ? size : left;
}

/* What the lab printed: the first bytes into the log, some more onto the console, the rest away. */
static void
keep_output(struct lab_log *log, const char *bytes, size_t size)
{
	size_t logged = room(log->output_bytes, LAB_OUTPUT_BYTES, size);
	size_t shown = room(log->output_bytes, LAB_CONSOLE_BYTES, size);

	if (logged > 0)
		memcpy(&log->output[log->output_bytes], bytes, logged);
	console_write(bytes, shown);
	if (shown < size && log->output_bytes <= LAB_CONSOLE_BYTES)
		console_printf("\n[the lab printed more than %d bytes: the rest is dropped]\n",
		        LAB_CONSOLE_BYTES);
	log->output_bytes += size;
}

/* False when the text is not all in the lab's memory. */
static bool
print_service(uint64_t text, uint64_t size)
{
	char chunk[PRINT_CHUNK];

	/* One call prints one buffer of the runtime: who asks for more gets the first of it. */
	if (size > PRINT_CHUNK)
		size = PRINT_CHUNK;
	if (!copy_from_user(current.module->space, chunk, text, size))
		return false;
	keep_output(current.log, chunk, size);
	return true;
}

static bool
record_fault(const struct trap_frame *frame)
{
	current.log->end = LAB_FAULTED;
	current.log->fault.vector = (unsigned)frame->vector;
	current.log->fault.error_code = frame->error_code;
	current.log->fault.rip = frame->rip;
	if (frame->vector == VECTOR_PF)
		current.log->fault.address = read_cr2();
	return false;
}

/* Has the part used up its time?  Then this is where it ends. */
static bool
is_out_of_time(const struct trap_frame *frame)
{
	if (timer_ticks() < current.deadline_ticks &&
	        read_time_stamp_counter() < current.deadline_tsc)
		return false;
	current.log->end = LAB_TIMED_OUT;
	current.log->last_rip = frame->rip;
	return true;
}

static bool
service(struct trap_frame *frame)
{
	const uint64_t *registers = frame->registers;

	if (current.return_rip) {
		if (frame->rip == current.return_rip) {
			current.log->end = LAB_RETURNED;
			*current.returned = *frame;
			return false;
		}
	} else if (registers[REGISTER_RAX] == SERVICE_RETURN) {
		current.log->end = LAB_RETURNED;
		current.log->returned = registers[REGISTER_RDI];
		return false;
	}
	/* While the kernel prints no tick arrives: the counter tells how long that took. */
	if (is_out_of_time(frame))
		return false;
	if (registers[REGISTER_RAX] == SERVICE_PRINT &&
	        print_service(registers[REGISTER_RDI], registers[REGISTER_RSI]))
		return true;
	return record_fault(frame);
}

/* CPUID as <r33/cpuid.h> executes it for labs, INT 32h: EAX and ECX in, the four registers out. */
static bool
perform_cpuid(struct trap_frame *frame)
{
	uint64_t *registers = frame->registers;
	uint32_t result[4];

	vmx->cpuid((uint32_t)registers[REGISTER_RAX], (uint32_t)registers[REGISTER_RCX], result);
	registers[REGISTER_RAX] = result[0];
	registers[REGISTER_RBX] = result[1];
	registers[REGISTER_RCX] = result[2];
	registers[REGISTER_RDX] = result[3];
	return !is_out_of_time(frame);
}

/* Every trap from lab code comes here. */
static bool
handle_lab_trap(struct trap_frame *frame)
{
	switch (frame->vector) {
	case TRAP_TIMER: return !is_out_of_time(frame);
	case TRAP_LAB_CPUID: return perform_cpuid(frame);
	case TRAP_LAB_SERVICE: return service(frame);
	case VECTOR_GP:
	case VECTOR_UD:
		if (front_end_perform(&current, frame))
			return true;
		/* The front end may have found a worse fault than the trap it came from. */
		return current.log->end == LAB_FAULTED ? false : record_fault(frame);
	default: return record_fault(frame);
	}
}

struct front_end *
lab_begin(const struct module *module, const struct part *part, const struct guest *guest,
        const struct vmcs_pool *pool, uint64_t limit_ticks, struct lab_log *log)
{
	memset(log, 0, sizeof(*log));
	front_end_init(&current, module, part, pool, log);
	module_reset(module);
	*module->guest_page = *guest;
	extended_state_clear();
	clear_segments_and_cr2();
	current.last_tick = timer_ticks() + limit_ticks;
	return &current;
}

static void
go_on(struct trap_frame *frame)
{
	uint64_t now = timer_ticks();
	uint64_t left = current.last_tick > now ? current.last_tick - now : 0;

	if (left > lab_limit_ticks)
		left = lab_limit_ticks;
	current.deadline_ticks = now + left;
	current.deadline_tsc = read_time_stamp_counter() + left * timer_tsc_per_tick();
	address_space_load(current.module->space);
	timer_unmask();
	run_at_cpl3(frame, handle_lab_trap);
	timer_mask();
	address_space_load_kernel();
}

void
lab_call(struct trap_frame *frame)
{
	frame->rip = current.module->elf.entry + LAB_CALL_OFFSET;
	current.return_rip = current.module->elf.entry + LAB_CALL_RETURN;
	current.returned = frame;
	go_on(frame);
}

void
lab_run(const struct module *module, const struct part *part, const struct guest *guest,
        const struct vmcs_pool *pool, struct lab_log *log)
{
	struct trap_frame frame = {
		.rip = module->elf.entry,
		.rsp = LAB_STACK_TOP,
		.rflags = RFLAGS_FIXED_AND_IF,
	};

	lab_begin(module, part, guest, pool, lab_limit_ticks, log);
	frame.registers[REGISTER_RDI] = part->number;
	frame.registers[REGISTER_RSI] = GUEST_PAGE;
	go_on(&frame);
}

/* Lab 7: one call of vmenter(). */
#include "calls.h"

#include "cpu/frames.h"
#include "cpu/x86.h"
#include "dev/timer.h"
#include "grade/extended_registers.h"
#include "grade/guest_memory.h"
#include "lab/front_end.h"
#include "lab/run.h"
#include "lib/string.h"

#define CONTEXT_ADDRESS (LAB_STACK_TOP - 2 * CONTEXT_BYTES)
#define CALLER_FRAME    128 /* bytes of the caller's, above vmenter()'s return address */
#define CALL_RSP        (CONTEXT_ADDRESS - CALLER_FRAME)

/* IF, and the status flags as no comparison leaves them all; DF is 0, as the ABI demands. */
#define CALL_RFLAGS 0xad7

static const struct {
	bool enters;
	bool resumes;
	enum vmenter_result result;
	uint32_t error; /* SDM 3C 31.4, "VM Instruction Error Numbers" */
	const char *circumstances;
} kinds[] = {
	[LAUNCH] = { true, false, VMENTER_EXIT, 0, "" },
	[RESUME] = { true, true, VMENTER_EXIT, 0, "" },
	[NO_VMCS] = { false, false, VMENTER_FAIL_INVALID, 0, " without a current VMCS" },
	[RESUME_CLEAR] = { false, true, VMENTER_FAIL_VALID, 5, " with a VMCS that is clear" },
	[LAUNCH_AGAIN] = { false, false, VMENTER_FAIL_VALID, 4, " with a VMCS that is launched" },
	[INVALID_GUEST] = { false, false, VMENTER_EXIT, 0, " with a guest whose RFLAGS are 0" },
};

bool
call_enters(enum call_kind kind)
{
	return kinds[kind].enters;
}

bool
call_resumes(enum call_kind kind)
{
	return kinds[kind].resumes;
}

enum vmenter_result
call_result(enum call_kind kind)
{
	return kinds[kind].result;
}

uint32_t
call_error(enum call_kind kind)
{
	return kinds[kind].error;
}

const char *
call_circumstances(enum call_kind kind)
{
	return kinds[kind].circumstances;
}

/* The caller's registers into the processor, but the general ones, and the context and the frame
 * of the caller into the lab's memory. */
static void
load_caller(struct call *call)
{
	uint8_t frame[CALLER_FRAME];

	memset(frame, OWNER_CALLER, sizeof(frame));
	copy_to_user(call->module->space, CALL_RSP, frame, sizeof(frame));
	copy_to_user(call->module->space, CONTEXT_ADDRESS, &call->guest_before,
	        sizeof(call->guest_before));
	memcpy(call->front_end->dr, call->caller.dr, sizeof(call->front_end->dr));
	call->front_end->dr6 = call->caller.dr6;
	write_cr2(call->caller.cr2);
	extended_state_load(call->caller.extended);
}

/* What is there afterwards; first of all the registers that the kernel does not know how to use. */
static void
store_all(struct call *call)
{
	uint8_t frame[CALLER_FRAME];

	extended_registers_store((struct extended_registers *)call->after.extended);
	call->after.cr2 = read_cr2();
	memcpy(call->after.dr, call->front_end->dr, sizeof(call->after.dr));
	call->after.dr6 = call->front_end->dr6;
	memcpy(call->after.general, call->returned.registers, sizeof(call->after.general));
	memcpy(&call->guest_found, (const void *)(GUEST_WINDOW + FOUND_OFFSET),
	        sizeof(call->guest_found));
	copy_from_user(call->module->space, &call->context, CONTEXT_ADDRESS, sizeof(call->context));
	copy_from_user(call->module->space, frame, CALL_RSP, sizeof(frame));
	call->stack_changed = false;
	for (size_t i = 0; i < sizeof(frame); i++)
		call->stack_changed |= frame[i] != OWNER_CALLER;
}

void
call_vmenter(struct call *call, uint32_t seed)
{
	uint64_t features = extended_state_features();

	context_fill(&call->caller, OWNER_CALLER, seed, features);
	context_fill(&call->guest_before, OWNER_BEFORE, seed, features);
	context_fill(&call->guest_leaves, OWNER_AFTER, seed, features);
	memset((void *)(GUEST_WINDOW + FOUND_OFFSET), 0, CONTEXT_BYTES);
	memcpy((void *)(GUEST_WINDOW + LEAVE_OFFSET), &call->guest_leaves, CONTEXT_BYTES);
	call->returned = (struct trap_frame){ .rsp = CALL_RSP, .rflags = CALL_RFLAGS };
	memcpy(call->returned.registers, call->caller.general, sizeof(call->caller.general));
	call->returned.registers[REGISTER_RDI] = CONTEXT_ADDRESS;
	call->returned.registers[REGISTER_RSI] &= ~0xffull; /* a bool is a byte (ABI) */
	call->returned.registers[REGISTER_RSI] |= call_resumes(call->kind);
	call->rsp = CALL_RSP;
	load_caller(call);
	lab_call(&call->returned);
	store_all(call);
}

/* FNV-1a, by words.  A page that was not written is what it was at the beginning. */
static uint64_t
hash_page(const struct call *call, uint64_t page, uint64_t hash)
{
	const uint64_t *words =
	        (const uint64_t *)address_space_translate(call->module->space, page, false);

	if (!address_space_is_dirty(call->module->space, page))
		return hash;
	hash ^= page;
	for (size_t i = 0; i < PAGE_BYTES / sizeof(*words); i++)
		hash = (hash ^ words[i]) * 0x100000001b3;
	return hash;
}

uint64_t
call_memory_hash(const struct call *call)
{
	const struct elf_image *elf = &call->module->elf;
	uint64_t hash = 0xcbf29ce484222325;
	uint64_t begin = read_time_stamp_counter();

	for (uint64_t page = LAB_STACK_TOP - LAB_STACK_BYTES; page < LAB_STACK_TOP;
	        page += PAGE_BYTES)
		hash = hash_page(call, page, hash);
	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct elf_segment *segment = &elf->segments[i];
		uint64_t end = segment->address + segment->memory_bytes;

		for (uint64_t page = segment->address & -PAGE_BYTES;
		        segment->writable && page < end; page += PAGE_BYTES)
			hash = hash_page(call, page, hash);
	}
	call->front_end->last_tick -= (read_time_stamp_counter() - begin) / timer_tsc_per_tick();
	return hash;
}

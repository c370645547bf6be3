/* The trap front end: fields, MSRs and registers; then the instructions that manage a VMCS and enter a guest. */
#include "lab/front_end.h"

#include <r33/events.h>
#include <r33/msr.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "cpu/paging.h"
#include "cpu/x86.h"
#include "dev/timer.h"
#include "lib/string.h"
#include "vmx/timed_entry.h"

/* A VM exit clears all but bit 1; the lab itself runs with IF = 1. */
#define RFLAGS_AFTER_EXIT (RFLAGS_ONE | RFLAGS_IF)

#define PAGE_FAULT_USER_WRITE (PAGE_FAULT_USER | PAGE_FAULT_WRITE)

#define FIRST_CAPABILITY_MSR IA32_VMX_BASIC
#define LAST_CAPABILITY_MSR  0x491
#define KNOWN_INSTRUCTIONS   256

const struct entry_watch *front_end_watch;

void
front_end_init(struct front_end *front_end, const struct module *module, const struct part *part,
        const struct vmcs_pool *pool, struct lab_log *log)
{
	*front_end = (struct front_end){
		.module = module,
		.part = part,
		.pool = pool,
		.log = log,
		.current_vmcs = pool->regions[0],
		.dr6 = DR6_FIXED,
	};
}

/* Note that the part tried what is not its own. */
static void
note_violation(struct front_end *front_end, const struct trap_frame *frame,
        const struct instruction *instruction, uint32_t field, uint64_t value, const char *reason)
{
	struct lab_log *log = front_end->log;

	if (log->violation_count < LAB_MAX_VIOLATIONS)
		log->violations[log->violation_count] = (struct lab_violation){ instruction->kind,
			frame->rip, field, value, reason };
	log->violation_count++;
}

/* Set CF, ZF and the other status flags by result; error_number counts for VMX_FAIL_VALID. */
static void
set_flags(struct front_end *front_end, struct trap_frame *frame, enum vmx_result result,
        uint32_t error_number)
{
	/* Without a current VMCS there is no field to put the number in (SDM 3C 31.2, VMfail). */
	if (result == VMX_FAIL_VALID && front_end->current_vmcs == NO_CURRENT_VMCS)
		result = VMX_FAIL_INVALID;
	frame->rflags &= ~RFLAGS_STATUS;
	if (result == VMX_FAIL_INVALID) {
		frame->rflags |= RFLAGS_CF;
	} else if (result == VMX_FAIL_VALID) {
		frame->rflags |= RFLAGS_ZF;
		front_end->instruction_error = error_number;
	}
}

/* A memory operand outside the lab's memory: the page fault that the lab's own access would take. */
static bool
operand_fault(struct front_end *front_end, const struct trap_frame *frame, uint64_t address,
        uint32_t error_code)
{
	front_end->log->end = LAB_FAULTED;
	front_end->log->fault.vector = VECTOR_PF;
	front_end->log->fault.error_code = error_code;
	front_end->log->fault.rip = frame->rip;
	front_end->log->fault.address = address;
	return false;
}

/* Read or write the 8-byte operand; false (and the log has a #PF) when memory is not the lab's. */
static bool
read_operand(struct front_end *front_end, const struct trap_frame *frame,
        const struct instruction *instruction, uint64_t *value)
{
	uint64_t address;

	if (!instruction->rm_is_memory) {
		*value = frame->registers[instruction->rm];
		return true;
	}
	address = memory_operand_address(&instruction->memory, frame->registers);
	return copy_from_user(front_end->module->space, value, address, sizeof(*value)) ||
	       operand_fault(front_end, frame, address, PAGE_FAULT_USER);
}

static bool
write_operand(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction, uint64_t value)
{
	uint64_t address;

	if (!instruction->rm_is_memory) {
		frame->registers[instruction->rm] = value;
		return true;
	}
	address = memory_operand_address(&instruction->memory, frame->registers);
	return copy_to_user(front_end->module->space, address, &value, sizeof(value)) ||
	       operand_fault(front_end, frame, address, PAGE_FAULT_USER_WRITE);
}

/* Remember the last write to each field, for the report. */
static void
log_write(struct lab_log *log, uint32_t field, uint64_t value, uint64_t rip)
{
	size_t i = 0;

	while (i < log->write_count && log->writes[i].field != field)
		i++;
	if (i == LAB_MAX_WRITES)
		return;
	if (i == log->write_count)
		log->write_count++;
	log->writes[i] = (struct lab_write){ field, value, rip };
}

/* The lab's own HOST_RIP or HOST_RSP, if the part has one; else NULL. */
static uint64_t *
own_host_field(struct front_end *front_end, uint64_t field)
{
	if (!front_end->part->may_enter)
		return NULL;
	return field == HOST_RIP   ? &front_end->host_rip
	       : field == HOST_RSP ? &front_end->host_rsp
	                           : NULL;
}

static bool
perform_vmwrite(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	uint64_t field = frame->registers[instruction->reg];
	uint64_t value, scaled, *host_field = own_host_field(front_end, field);
	enum vmx_result result;

	if (!read_operand(front_end, frame, instruction, &value))
		return false;
	if (front_end->current_vmcs == NO_CURRENT_VMCS) {
		set_flags(front_end, frame, VMX_FAIL_INVALID, 0);
		return true;
	}
	if (field > UINT32_MAX || !part_owns(front_end->part, (uint32_t)field)) {
		note_violation(front_end, frame, instruction, (uint32_t)field, value,
		        "the field is not one that your function may write");
		set_flags(front_end, frame, VMX_FAIL_VALID, VM_ERROR_READ_ONLY_FIELD);
		return true;
	}
	if (host_field) {
		*host_field = value;
		result = VMX_SUCCEED;
	} else if (field == VMX_PREEMPTION_TIMER_VALUE) {
		/* The processor's timer is to last as long as the lab's does. */
		scaled = (uint64_t)(uint32_t)value << front_end->pool->timer_shift;
		result = vmx->write(field, scaled < UINT32_MAX ? scaled : UINT32_MAX);
	} else {
		result = vmx->write((uint32_t)field, value);
	}
	if (result == VMX_SUCCEED)
		log_write(front_end->log, (uint32_t)field, value, frame->rip);
	set_flags(front_end, frame, result, vmx->last_error());
	return true;
}

static bool
perform_vmread(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	uint64_t field = frame->registers[instruction->reg];
	uint64_t value, *host_field = own_host_field(front_end, field);
	enum vmx_result result = VMX_SUCCEED;

	if (front_end->current_vmcs == NO_CURRENT_VMCS) {
		set_flags(front_end, frame, VMX_FAIL_INVALID, 0);
		return true;
	}
	if (host_field) {
		value = *host_field;
	} else if (field == VM_INSTRUCTION_ERROR) {
		value = front_end->instruction_error;
	} else if (field > UINT32_MAX) {
		result = VMX_FAIL_VALID;
	} else if (!part_reads(front_end->part, (uint32_t)field)) {
		note_violation(front_end, frame, instruction, (uint32_t)field, 0,
		        vmcs_field_type((uint32_t)field) == VMCS_FIELD_HOST_STATE
		                ? "host state belongs to the kernel"
		                : "the field is not one that your function may read; what the "
		                  "guest wants is in struct guest");
		set_flags(front_end, frame, VMX_FAIL_VALID, VM_ERROR_UNSUPPORTED_FIELD);
		return true;
	} else {
		result = vmx->read((uint32_t)field, &value);
		if (field == VMX_PREEMPTION_TIMER_VALUE)
			value >>= front_end->pool->timer_shift;
	}
	if (result == VMX_SUCCEED && !write_operand(front_end, frame, instruction, value))
		return false;
	set_flags(front_end, frame, result, VM_ERROR_UNSUPPORTED_FIELD);
	return true;
}

static bool
msr_is_open(uint32_t msr)
{
	return (msr >= FIRST_CAPABILITY_MSR && msr <= LAST_CAPABILITY_MSR) ||
	       msr == IA32_FEATURE_CONTROL || msr == IA32_PAT || msr == IA32_EFER ||
	       (msr >= IA32_SYSENTER_CS && msr <= IA32_SYSENTER_EIP);
}

static bool
perform_rdmsr(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	uint32_t msr = (uint32_t)frame->registers[REGISTER_RCX];
	uint64_t value = 0;

	if (!msr_is_open(msr))
		note_violation(front_end, frame, instruction, 0, 0,
		        "labs may read the capability MSRs, IA32_FEATURE_CONTROL, IA32_PAT, "
		        "IA32_EFER and IA32_SYSENTER_*");
	else if (!vmx->read_msr(msr, &value))
		return false; /* #GP, as on the processor: it has no such MSR */
	/* A framebuffer changes the kernel's own, and the same lab must read the same everywhere. */
	if (msr == IA32_PAT)
		value = PAT_AFTER_RESET;
	if (msr == IA32_VMX_MISC)
		value += front_end->pool->timer_shift; /* the rate, its low bits */
	frame->registers[REGISTER_RAX] = (uint32_t)value;
	frame->registers[REGISTER_RDX] = value >> 32;
	return true;
}

static bool
perform_mov_from_cr(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	(void)front_end;
	frame->registers[instruction->rm] = vmx->control_register(instruction->reg);
	return true;
}

static bool
in_pool(const struct vmcs_pool *pool, uint64_t vmcs)
{
	return vmcs == pool->regions[0] || vmcs == pool->regions[1];
}

static bool
refuse(struct front_end *front_end, struct trap_frame *frame, const struct instruction *instruction,
        const char *reason)
{
	note_violation(front_end, frame, instruction, 0, 0, reason);
	set_flags(front_end, frame, VMX_FAIL_INVALID, 0);
	return true;
}

static bool
clear_or_load(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction, uint64_t vmcs)
{
	bool clear = instruction->kind == INSTRUCTION_VMCLEAR;
	enum vmx_result result;

	if (!front_end->part->may_manage)
		return refuse(front_end, frame, instruction, "the VMCS belongs to the kernel");
	if (vmcs_address_is_malformed(vmcs)) {
		set_flags(front_end, frame, VMX_FAIL_VALID,
		        clear ? VM_ERROR_VMCLEAR_ADDRESS : VM_ERROR_VMPTRLD_ADDRESS);
		return true;
	}
	if (!in_pool(front_end->pool, vmcs))
		return refuse(front_end, frame, instruction,
		        "there is no VMCS of this case at the address");
	result = clear ? vmx->clear(vmcs) : vmx->load(vmcs);
	set_flags(front_end, frame, result, result == VMX_FAIL_VALID ? vmx->last_error() : 0);
	if (result == VMX_SUCCEED && !clear)
		front_end->current_vmcs = vmcs;
	else if (result == VMX_SUCCEED && vmcs == front_end->current_vmcs)
		front_end->current_vmcs = NO_CURRENT_VMCS;
	return true;
}

/* VMCLEAR, VMPTRLD, VMPTRST, VMXON, VMXOFF. */
static bool
perform_management(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	uint64_t operand;

	if (instruction->kind == INSTRUCTION_VMXOFF)
		return refuse(front_end, frame, instruction, "VMX operation belongs to the kernel");
	if (instruction->kind == INSTRUCTION_VMPTRST) {
		if (!write_operand(front_end, frame, instruction, front_end->current_vmcs))
			return false;
		set_flags(front_end, frame, VMX_SUCCEED, 0);
		return true;
	}
	if (!read_operand(front_end, frame, instruction, &operand))
		return false;
	if (instruction->kind == INSTRUCTION_VMXON) {
		set_flags(front_end, frame, VMX_FAIL_VALID, VM_ERROR_VMXON_IN_ROOT);
		return true;
	}
	return clear_or_load(front_end, frame, instruction, operand);
}

/* VMLAUNCH, VMRESUME. */
static bool
perform_entry(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	struct guest_registers registers;
	bool resume = instruction->kind == INSTRUCTION_VMRESUME;
	enum vmx_result result;
	bool timed_out;

	if (!front_end->part->may_enter)
		return refuse(front_end, frame, instruction,
		        "your function fills fields; the kernel enters the guest");
	if (front_end->current_vmcs == NO_CURRENT_VMCS) {
		set_flags(front_end, frame, VMX_FAIL_INVALID, 0);
		return true;
	}
	if (!linear_is_canonical(front_end->host_rip)) {
		set_flags(front_end, frame, VMX_FAIL_VALID, VM_ERROR_HOST_STATE);
		return true;
	}
	memcpy(registers.general, frame->registers, sizeof(registers.general));
	if (front_end_watch && !front_end_watch->before(&registers, front_end->deadline_ticks)) {
		front_end->log->end = LAB_FAULTED;
		return false;
	}
	load_debug_registers(front_end->dr, front_end->dr6);
	/* At the deadline the lab goes on at its HOST_RIP, and the next tick ends it. */
	result = vmx_enter_until(&registers, resume, front_end->deadline_ticks, &timed_out);
	timer_unmask();
	store_debug_registers(front_end->dr, &front_end->dr6);
	load_debug_registers((const uint64_t[4]){ 0 }, DR6_FIXED);
	if (front_end_watch)
		front_end_watch->after(result, &registers);
	if (result != VMX_SUCCEED) {
		set_flags(front_end, frame, result, vmx->last_error());
		return true;
	}
	/* A VM exit: RIP, RSP and RFLAGS from the lab's host state, everything else the guest's. */
	memcpy(frame->registers, registers.general, sizeof(registers.general));
	frame->registers[REGISTER_RSP] = front_end->host_rsp;
	frame->rflags = RFLAGS_AFTER_EXIT;
	front_end->next_rip = front_end->host_rip;
	return true;
}

/* MOV to CR2. */
static bool
perform_mov_to_cr(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	if (!front_end->part->may_enter || instruction->reg != 2)
		return false;
	/* Nothing in the kernel faults: the lab finds there what it wrote, or the guest left. */
	write_cr2(frame->registers[instruction->rm]);
	return true;
}

/* MOV to and from DR0 to DR3 and DR6, which stay the lab's own. */
static bool
perform_mov_dr(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	uint64_t *operand = &frame->registers[instruction->rm];
	uint64_t *own = instruction->reg < 4    ? &front_end->dr[instruction->reg]
	                : instruction->reg == 6 ? &front_end->dr6
	                                        : NULL;

	if (!front_end->part->may_enter || !own)
		return false;
	if (instruction->kind == INSTRUCTION_MOV_FROM_DR) {
		*operand = *own;
		return true;
	}
	/* A 1 in the upper half of DR6 is #GP on the processor, too. */
	if (instruction->reg == 6 && *operand >> 32)
		return false;
	*own = instruction->reg == 6 ? (*operand & DR6_WRITABLE) | DR6_FIXED : *operand;
	return true;
}

typedef bool perform_function(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction);

static perform_function *const perform[INSTRUCTION_KIND_COUNT] = {
	[INSTRUCTION_VMREAD] = perform_vmread,
	[INSTRUCTION_VMWRITE] = perform_vmwrite,
	[INSTRUCTION_VMLAUNCH] = perform_entry,
	[INSTRUCTION_VMRESUME] = perform_entry,
	[INSTRUCTION_VMCLEAR] = perform_management,
	[INSTRUCTION_VMPTRLD] = perform_management,
	[INSTRUCTION_VMPTRST] = perform_management,
	[INSTRUCTION_VMXON] = perform_management,
	[INSTRUCTION_VMXOFF] = perform_management,
	[INSTRUCTION_RDMSR] = perform_rdmsr,
	[INSTRUCTION_MOV_FROM_CR] = perform_mov_from_cr,
	[INSTRUCTION_MOV_TO_CR] = perform_mov_to_cr,
	[INSTRUCTION_MOV_FROM_DR] = perform_mov_dr,
	[INSTRUCTION_MOV_TO_DR] = perform_mov_dr,
};

/* The instruction at rip, NULL when it is none of ours.  A module's code never changes, and the same
 * instructions run in every case: they are decoded once. */
static const struct instruction *
fetch_and_decode(const struct module *module, uint64_t rip)
{
	static struct {
		const struct module *module;
		uint64_t rip;
		struct instruction instruction;
	} known[KNOWN_INSTRUCTIONS], *slot;
	uint8_t code[INSTRUCTION_MAX_BYTES];
	size_t size = INSTRUCTION_MAX_BYTES;

	slot = &known[rip % KNOWN_INSTRUCTIONS];
	if (slot->module == module && slot->rip == rip)
		return &slot->instruction;
	/* As many bytes as are the lab's: all, unless its last page ends before. */
	while (size > 0 && !copy_from_user(module->space, code, rip, size))
		size--;
	slot->rip = rip;
	slot->module = decode_instruction(code, size, rip, &slot->instruction) ? module : NULL;
	return slot->module ? &slot->instruction : NULL;
}

bool
front_end_perform(struct front_end *front_end, struct trap_frame *frame)
{
	const struct instruction *instruction = fetch_and_decode(front_end->module, frame->rip);

	if (!instruction)
		return false;
	/* Should it turn out to be a fault, this names the culprit. */
	front_end->log->fault.instruction = instruction->kind;
	front_end->next_rip = frame->rip + instruction->length_bytes;
	if (!perform[instruction->kind] ||
	        !perform[instruction->kind](front_end, frame, instruction))
		return false;
	front_end->log->fault.instruction = INSTRUCTION_UNKNOWN;
	frame->rip = front_end->next_rip;
	frame->rsp = frame->registers[REGISTER_RSP];
	return true;
}

/* The trap front end: VMREAD, VMWRITE, RDMSR, MOV from CR. */
#include "lab/front_end.h"

#include "cpu/x86.h"

#include <r33/events.h>
#include <r33/msr.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#define PAGE_FAULT_USER_WRITE (PAGE_FAULT_USER | PAGE_FAULT_WRITE)

#define FIRST_CAPABILITY_MSR IA32_VMX_BASIC
#define LAST_CAPABILITY_MSR  0x491
#define KNOWN_INSTRUCTIONS   256

void
front_end_init(struct front_end *front_end, const struct module *module, const struct part *part,
        const struct lab_vmcs_pool *pool, struct lab_log *log)
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

void
front_end_violation(struct front_end *front_end, const struct trap_frame *frame,
        const struct instruction *instruction, uint32_t field, uint64_t value, const char *reason)
{
	struct lab_log *log = front_end->log;

	if (log->violation_count < LAB_MAX_VIOLATIONS)
		log->violations[log->violation_count] = (struct lab_violation){ instruction->kind,
			frame->rip, field, value, reason };
	log->violation_count++;
}

void
front_end_set_flags(struct front_end *front_end, struct trap_frame *frame, enum vmx_result result,
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

bool
front_end_read_operand(struct front_end *front_end, const struct trap_frame *frame,
        const struct instruction *instruction, uint64_t *value)
{
	uint64_t address;

	if (!instruction->rm_is_memory) {
		*value = frame->registers[instruction->rm];
		return true;
	}
	address = memory_operand_address(&instruction->memory, frame->registers);
	return copy_from_user(front_end->module->space, value, address, sizeof *value) ||
	       operand_fault(front_end, frame, address, PAGE_FAULT_USER);
}

bool
front_end_write_operand(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction, uint64_t value)
{
	uint64_t address;

	if (!instruction->rm_is_memory) {
		frame->registers[instruction->rm] = value;
		return true;
	}
	address = memory_operand_address(&instruction->memory, frame->registers);
	return copy_to_user(front_end->module->space, address, &value, sizeof value) ||
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

	if (!front_end_read_operand(front_end, frame, instruction, &value))
		return false;
	if (front_end->current_vmcs == NO_CURRENT_VMCS) {
		front_end_set_flags(front_end, frame, VMX_FAIL_INVALID, 0);
		return true;
	}
	if (field > UINT32_MAX || !part_owns(front_end->part, (uint32_t)field)) {
		front_end_violation(front_end, frame, instruction, (uint32_t)field, value,
		        "the field is not one of this part's");
		front_end_set_flags(front_end, frame, VMX_FAIL_VALID, VM_ERROR_READ_ONLY_FIELD);
		return true;
	}
	if (host_field) {
		*host_field = value;
		result = VMX_SUCCEED;
	} else if (field == VMX_PREEMPTION_TIMER_VALUE) {
		/* The processor's timer shall last as long as the lab's does. */
		scaled = (uint64_t)(uint32_t)value << front_end->pool->timer_shift;
		result = vmx->write(field, scaled < UINT32_MAX ? scaled : UINT32_MAX);
	} else {
		result = vmx->write((uint32_t)field, value);
	}
	if (result == VMX_SUCCEED)
		log_write(front_end->log, (uint32_t)field, value, frame->rip);
	front_end_set_flags(front_end, frame, result, vmx->last_error());
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
		front_end_set_flags(front_end, frame, VMX_FAIL_INVALID, 0);
		return true;
	}
	if (host_field) {
		value = *host_field;
	} else if (field == VM_INSTRUCTION_ERROR) {
		value = front_end->instruction_error;
	} else if (field > UINT32_MAX) {
		result = VMX_FAIL_VALID;
	} else if (!part_reads(front_end->part, (uint32_t)field)) {
		front_end_violation(front_end, frame, instruction, (uint32_t)field, 0,
		        vmcs_field_type((uint32_t)field) == VMCS_FIELD_HOST_STATE
		                ? "host state is the kernel's"
		                : "the field is another part's; what the guest wants is in "
		                  "struct guest");
		front_end_set_flags(front_end, frame, VMX_FAIL_VALID, VM_ERROR_UNSUPPORTED_FIELD);
		return true;
	} else {
		result = vmx->read((uint32_t)field, &value);
		if (field == VMX_PREEMPTION_TIMER_VALUE)
			value >>= front_end->pool->timer_shift;
	}
	if (result == VMX_SUCCEED && !front_end_write_operand(front_end, frame, instruction, value))
		return false;
	front_end_set_flags(front_end, frame, result, VM_ERROR_UNSUPPORTED_FIELD);
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
		front_end_violation(front_end, frame, instruction, 0, 0,
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
	frame->registers[instruction->rm] = instruction->reg == 0   ? read_cr0()
	                                    : instruction->reg == 2 ? read_cr2()
	                                    : instruction->reg == 3 ? read_cr3()
	                                    : instruction->reg == 4 ? read_cr4()
	                                                            : read_cr8();
	return true;
}

typedef bool perform_function(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction);

static perform_function *const perform[INSTRUCTION_KIND_COUNT] = {
	[INSTRUCTION_VMREAD] = perform_vmread,
	[INSTRUCTION_VMWRITE] = perform_vmwrite,
	[INSTRUCTION_VMLAUNCH] = front_end_enter,
	[INSTRUCTION_VMRESUME] = front_end_enter,
	[INSTRUCTION_VMCLEAR] = front_end_manage,
	[INSTRUCTION_VMPTRLD] = front_end_manage,
	[INSTRUCTION_VMPTRST] = front_end_manage,
	[INSTRUCTION_VMXON] = front_end_manage,
	[INSTRUCTION_VMXOFF] = front_end_manage,
	[INSTRUCTION_RDMSR] = perform_rdmsr,
	[INSTRUCTION_MOV_FROM_CR] = perform_mov_from_cr,
	[INSTRUCTION_MOV_TO_CR] = front_end_write_cr2,
	[INSTRUCTION_MOV_FROM_DR] = front_end_move_debug_register,
	[INSTRUCTION_MOV_TO_DR] = front_end_move_debug_register,
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

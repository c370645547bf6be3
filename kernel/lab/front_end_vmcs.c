/* The trap front end: the instructions that manage a VMCS, enter a guest and carry its registers. */
#include "lab/front_end.h"

#include "cpu/paging.h"
#include "cpu/x86.h"
#include "dev/timer.h"
#include "lib/string.h"
#include "vmx/timed_entry.h"

#include <r33/vmcs_fields.h>

#define RFLAGS_AFTER_EXIT \
	0x202 /* a VM exit clears all but bit 1; the lab itself runs with IF = 1 */

const struct entry_watch *front_end_watch;

static bool
in_pool(const struct vmcs_pool *pool, uint64_t vmcs)
{
	return vmcs == pool->regions[0] || vmcs == pool->regions[1];
}

static bool
refuse(struct front_end *front_end, struct trap_frame *frame, const struct instruction *instruction,
        const char *reason)
{
	front_end_violation(front_end, frame, instruction, 0, 0, reason);
	front_end_set_flags(front_end, frame, VMX_FAIL_INVALID, 0);
	return true;
}

static bool
clear_or_load(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction, uint64_t vmcs)
{
	bool clear = instruction->kind == INSTRUCTION_VMCLEAR;
	enum vmx_result result;

	if (!front_end->part->may_manage)
		return refuse(front_end, frame, instruction, "the VMCS is the kernel's");
	if (vmcs_address_is_malformed(vmcs)) {
		front_end_set_flags(front_end, frame, VMX_FAIL_VALID,
		        clear ? VM_ERROR_VMCLEAR_ADDRESS : VM_ERROR_VMPTRLD_ADDRESS);
		return true;
	}
	if (!in_pool(front_end->pool, vmcs))
		return refuse(front_end, frame, instruction, "the address is no VMCS of this case");
	result = clear ? vmx->clear(vmcs) : vmx->load(vmcs);
	front_end_set_flags(
	        front_end, frame, result, result == VMX_FAIL_VALID ? vmx->last_error() : 0);
	if (result == VMX_SUCCEED && !clear)
		front_end->current_vmcs = vmcs;
	else if (result == VMX_SUCCEED && vmcs == front_end->current_vmcs)
		front_end->current_vmcs = NO_CURRENT_VMCS;
	return true;
}

bool
front_end_manage(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	uint64_t operand;

	if (instruction->kind == INSTRUCTION_VMXOFF)
		return refuse(front_end, frame, instruction, "VMX operation is the kernel's");
	if (instruction->kind == INSTRUCTION_VMPTRST) {
		if (!front_end_write_operand(
		            front_end, frame, instruction, front_end->current_vmcs))
			return false;
		front_end_set_flags(front_end, frame, VMX_SUCCEED, 0);
		return true;
	}
	if (!front_end_read_operand(front_end, frame, instruction, &operand))
		return false;
	if (instruction->kind == INSTRUCTION_VMXON) {
		front_end_set_flags(front_end, frame, VMX_FAIL_VALID, VM_ERROR_VMXON_IN_ROOT);
		return true;
	}
	return clear_or_load(front_end, frame, instruction, operand);
}

bool
front_end_enter(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	struct guest_registers registers;
	bool resume = instruction->kind == INSTRUCTION_VMRESUME;
	enum vmx_result result;
	bool timed_out;

	if (!front_end->part->may_enter)
		return refuse(front_end, frame, instruction,
		        "this part fills fields; the kernel enters the guest");
	if (front_end->current_vmcs == NO_CURRENT_VMCS) {
		front_end_set_flags(front_end, frame, VMX_FAIL_INVALID, 0);
		return true;
	}
	if (!linear_is_canonical(front_end->host_rip)) {
		front_end_set_flags(front_end, frame, VMX_FAIL_VALID, VM_ERROR_HOST_STATE);
		return true;
	}
	memcpy(registers.general, frame->registers, sizeof registers.general);
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
		front_end_set_flags(front_end, frame, result, vmx->last_error());
		return true;
	}
	/* A VM exit: RIP, RSP and RFLAGS from the lab's host state, everything else the guest's. */
	memcpy(frame->registers, registers.general, sizeof registers.general);
	frame->registers[REGISTER_RSP] = front_end->host_rsp;
	frame->rflags = RFLAGS_AFTER_EXIT;
	front_end->next_rip = front_end->host_rip;
	return true;
}

bool
front_end_write_cr2(struct front_end *front_end, struct trap_frame *frame,
        const struct instruction *instruction)
{
	if (!front_end->part->may_enter || instruction->reg != 2)
		return false;
	/* Nothing in the kernel faults: the lab finds there what it wrote, or the guest left. */
	write_cr2(frame->registers[instruction->rm]);
	return true;
}

bool
front_end_move_debug_register(struct front_end *front_end, struct trap_frame *frame,
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

/*
 * Instructions that AMD-V does not know: they raise #UD, which always is an exit.  VMX instructions leave a guest
 * whatever its privilege level (SDM 3C 25.1.2); VMREAD and VMWRITE may go to a shadow VMCS.
 */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "rules/names.h"
#include "vmx/svm/guest.h"

#define SHADOWED_ENCODINGS 0x8000 /* bits in each bitmap */

/* Fields of the VM-exit instruction-information field (SDM 3C 28.2.5). */
#define INFORMATION_ADDRESS_SIZE  7
#define INFORMATION_REGISTER      BIT32(10)
#define INFORMATION_REGISTER1     3
#define INFORMATION_SEGMENT       15
#define INFORMATION_INDEX         18
#define INFORMATION_INDEX_INVALID BIT32(22)
#define INFORMATION_BASE          23
#define INFORMATION_BASE_INVALID  BIT32(27)
#define INFORMATION_REGISTER2     28

uint32_t
svm_operand_information(const struct guest_instruction *instruction)
{
	uint32_t scale = instruction->scale >= 8   ? 3
	                 : instruction->scale >= 4 ? 2
	                                           : instruction->scale >= 2;

	if (!instruction->rm_is_memory)
		return INFORMATION_REGISTER | (uint32_t)instruction->rm << INFORMATION_REGISTER1;
	return scale | (instruction->address_bytes / 4u) << INFORMATION_ADDRESS_SIZE |
	       (uint32_t)instruction->segment << INFORMATION_SEGMENT |
	       (instruction->index == GUEST_REGISTER_NONE
	                       ? INFORMATION_INDEX_INVALID
	                       : (uint32_t)instruction->index << INFORMATION_INDEX) |
	       (instruction->base == GUEST_REGISTER_NONE
	                       ? INFORMATION_BASE_INVALID
	                       : (uint32_t)instruction->base << INFORMATION_BASE);
}

static enum svm_verdict
exit_with_operand(
        struct svm_guest *guest, uint32_t reason, const struct guest_instruction *instruction)
{
	if (instruction->has_modrm) {
		guest->exit.qualification =
		        instruction->rm_is_memory ? (uint64_t)instruction->displacement : 0;
		if (instruction->rip_relative)
			guest->exit.qualification += guest->vmcb->rip + instruction->length_bytes;
		guest->exit.instruction_information =
		        svm_operand_information(instruction) | (uint32_t)instruction->reg
		                                                       << INFORMATION_REGISTER2;
	}
	return svm_exit_at(guest, reason, instruction);
}

static unsigned
privilege_level(const struct svm_guest *guest)
{
	return guest->vmcb->rflags & RFLAGS_VM ? 3
	       : guest->vmcb->cr0 & CR0_PE     ? svm_dpl_of_ss(guest)
	                                       : 0;
}

/* VMREAD and VMWRITE without an exit work on the VMCS that the link pointer names. */
static bool
is_shadowed(const struct svm_guest *guest, uint64_t field, uint32_t bitmap_field)
{
	uint64_t bitmap = svm_field(guest, bitmap_field);

	return (guest->secondary & SECONDARY_VMCS_SHADOWING) && field < SHADOWED_ENCODINGS &&
	       svm_is_memory(bitmap + field / 8, 1) &&
	       !(*(const uint8_t *)(bitmap + field / 8) >> field % 8 & 1);
}

/* CF, ZF and the other status flags by the instruction's result (SDM 3C 31.2). */
static void
set_flags(struct svm_guest *guest, uint64_t flag)
{
	guest->vmcb->rflags = (guest->vmcb->rflags & ~RFLAGS_STATUS) | flag;
}

static bool
load_operand(struct svm_guest *guest, const struct guest_instruction *instruction, uint64_t *value)
{
	size_t size = svm_is_64bit(guest) ? 8 : 4;

	*value = size == 8 ? guest->registers[instruction->rm]
	                   : (uint32_t)guest->registers[instruction->rm];
	if (!instruction->rm_is_memory)
		return true;
	*value = 0;
	return svm_read_linear(guest, svm_instruction_linear(guest, instruction), value, size);
}

static bool
store_operand(struct svm_guest *guest, const struct guest_instruction *instruction, uint64_t value)
{
	size_t size = svm_is_64bit(guest) ? 8 : 4;

	if (!instruction->rm_is_memory) {
		guest->registers[instruction->rm] = size == 8 ? value : (uint32_t)value;
		return true;
	}
	return svm_write_linear(guest, svm_instruction_linear(guest, instruction), &value, size);
}

static enum svm_verdict
vmread_or_vmwrite(struct svm_guest *guest, const struct guest_instruction *instruction, bool write)
{
	uint64_t field = guest->registers[instruction->reg], value;
	uint64_t link = svm_field(guest, VMCS_LINK_POINTER);
	struct vmcs_region *shadow = (struct vmcs_region *)link;

	if (!svm_is_64bit(guest))
		field = (uint32_t)field;
	if (!is_shadowed(guest, field, write ? VMWRITE_BITMAP_ADDRESS : VMREAD_BITMAP_ADDRESS))
		return exit_with_operand(
		        guest, write ? EXIT_REASON_VMWRITE : EXIT_REASON_VMREAD, instruction);
	if (privilege_level(guest) > 0)
		return svm_raise_gp(guest);
	if (link == ~0ull || !svm_is_memory(link, sizeof(*shadow))) {
		set_flags(guest, RFLAGS_CF);
		return svm_skip(guest, instruction);
	}
	if (write ? !load_operand(guest, instruction, &value) ||
	                        !vmcs_region_write(shadow, guest->format, (uint32_t)field, value)
	          : !vmcs_region_read(shadow, guest->format, (uint32_t)field, &value) ||
	                        !store_operand(guest, instruction, value)) {
		set_flags(guest, RFLAGS_ZF);
		return svm_skip(guest, instruction);
	}
	set_flags(guest, 0);
	return svm_skip(guest, instruction);
}

static enum svm_verdict
vmx_instruction(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	switch (instruction->kind) {
	case GUEST_INSTRUCTION_VMCALL: return svm_exit_at(guest, EXIT_REASON_VMCALL, instruction);
	case GUEST_INSTRUCTION_VMLAUNCH:
		return svm_exit_at(guest, EXIT_REASON_VMLAUNCH, instruction);
	case GUEST_INSTRUCTION_VMRESUME:
		return svm_exit_at(guest, EXIT_REASON_VMRESUME, instruction);
	case GUEST_INSTRUCTION_VMXOFF: return svm_exit_at(guest, EXIT_REASON_VMXOFF, instruction);
	case GUEST_INSTRUCTION_GETSEC: return svm_exit_at(guest, EXIT_REASON_GETSEC, instruction);
	case GUEST_INSTRUCTION_VMXON:
		return exit_with_operand(guest, EXIT_REASON_VMXON, instruction);
	case GUEST_INSTRUCTION_VMCLEAR:
		return exit_with_operand(guest, EXIT_REASON_VMCLEAR, instruction);
	case GUEST_INSTRUCTION_VMPTRLD:
		return exit_with_operand(guest, EXIT_REASON_VMPTRLD, instruction);
	case GUEST_INSTRUCTION_VMPTRST:
		return exit_with_operand(guest, EXIT_REASON_VMPTRST, instruction);
	case GUEST_INSTRUCTION_INVEPT:
		return exit_with_operand(guest, EXIT_REASON_INVEPT, instruction);
	case GUEST_INSTRUCTION_INVVPID:
		return exit_with_operand(guest, EXIT_REASON_INVVPID, instruction);
	case GUEST_INSTRUCTION_VMREAD: return vmread_or_vmwrite(guest, instruction, false);
	case GUEST_INSTRUCTION_VMWRITE: return vmread_or_vmwrite(guest, instruction, true);
	case GUEST_INSTRUCTION_XSETBV:
		return guest->cr4 & CR4_OSXSAVE
		               ? svm_exit_at(guest, EXIT_REASON_XSETBV, instruction)
		               : svm_raise_ud(guest);
	default: return svm_raise_ud(guest);
	}
}

enum svm_verdict
svm_undefined_opcode(struct svm_guest *guest)
{
	bool real_or_v86 = !(guest->vmcb->cr0 & CR0_PE) || (guest->vmcb->rflags & RFLAGS_VM);
	bool compatibility = (guest->efer & EFER_LMA) && !svm_is_64bit(guest);
	struct guest_instruction instruction;

	if (!svm_fetch(guest, &instruction))
		return svm_raise_ud(guest);
	/* VMX instructions but VMCALL exist in protected and 64-bit mode only. */
	if ((real_or_v86 || compatibility) && instruction.kind != GUEST_INSTRUCTION_VMCALL &&
	        instruction.kind != GUEST_INSTRUCTION_GETSEC &&
	        instruction.kind != GUEST_INSTRUCTION_XSETBV)
		return svm_raise_ud(guest);
	return vmx_instruction(guest, &instruction);
}

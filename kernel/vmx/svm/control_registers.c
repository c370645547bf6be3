/*
 * Accesses to control registers: those that exit as the controls say (SDM 3C 25.1.3), the others
 * performed here, since AMD-V would take values that VMX does not, and the guest's CR4 has bits that this
 * processor has not.
 */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "cpu/x86.h"
#include "rules/names.h"
#include "vmx/svm/guest.h"

#define ACCESS_TO   (0 * BIT(4)) /* exit qualification: access type */
#define ACCESS_FROM (1 * BIT(4))
#define ACCESS_CLTS (2 * BIT(4))
#define ACCESS_LMSW (3 * BIT(4))

#define LMSW_MEMORY BIT(6)
#define LMSW_SOURCE 16

#define MSW_BITS (CR0_PE | CR0_MP | CR0_EM | CR0_TS)

/* A change of these reloads the PDPTEs of PAE paging (SDM 3A, "PDPTE Registers"). */
#define CR0_RELOADS (CR0_CD | CR0_NW | CR0_PG)
#define CR4_RELOADS (CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP)

static enum svm_verdict
exit_for(struct svm_guest *guest, const struct guest_instruction *instruction, unsigned number,
        uint64_t access)
{
	guest->exit.qualification = number | access | (uint64_t)instruction->rm << 8;
	return svm_exit_at(guest, EXIT_REASON_CONTROL_REGISTER, instruction);
}

/* The bits that VMX holds fixed, also for guests; PE and PG are free for an unrestricted guest. */
static bool
breaks_fixed_bits(const struct svm_guest *guest, uint64_t cr0)
{
	uint64_t fixed0 = guest->capabilities->cr0_fixed0 & ~(CR0_NW | CR0_CD);

	if (guest->secondary & SECONDARY_UNRESTRICTED_GUEST)
		fixed0 &= ~(CR0_PE | CR0_PG);
	return (fixed0 & ~cr0) || (cr0 & ~guest->capabilities->cr0_fixed1);
}

/* What MOV to CR0 demands of IA-32e mode (SDM 3A, "Initializing IA-32e Mode"). */
static bool
long_mode_forbids(const struct svm_guest *guest, uint64_t cr0)
{
	bool code64 = guest->vmcb->segments[VMCB_CS].attributes & ATTRIBUTE_L;
	bool was_on = guest->vmcb->cr0 & CR0_PG;

	if (!was_on && (cr0 & CR0_PG) && (guest->efer & EFER_LME))
		return !(guest->cr4 & CR4_PAE) || code64;
	if (was_on && !(cr0 & CR0_PG))
		return svm_is_64bit(guest) || (guest->cr4 & CR4_PCIDE);
	return false;
}

/* Load CR0 with all checks.  False: #GP(0). */
static bool
load_cr0(struct svm_guest *guest, uint64_t cr0)
{
	uint64_t old = guest->vmcb->cr0, old_efer = guest->efer;

	cr0 |= CR0_ET;
	if (cr0 >> 32 || ((cr0 & CR0_PG) && !(cr0 & CR0_PE)) ||
	        ((cr0 & CR0_NW) && !(cr0 & CR0_CD)) ||
	        (!(cr0 & CR0_WP) && (guest->cr4 & CR4_CET)) || breaks_fixed_bits(guest, cr0) ||
	        long_mode_forbids(guest, cr0))
		return false;
	if ((cr0 & CR0_PG) && (guest->efer & EFER_LME))
		guest->efer |= EFER_LMA;
	else if (!(cr0 & CR0_PG))
		guest->efer &= ~EFER_LMA;
	guest->vmcb->cr0 = cr0;
	if (svm_uses_pae(guest) && ((cr0 ^ old) & CR0_RELOADS) &&
	        !svm_load_pdptes(guest, guest->cr3)) {
		guest->vmcb->cr0 = old;
		guest->efer = old_efer;
		return false;
	}
	svm_load_paging(guest);
	return true;
}

static bool
load_cr4(struct svm_guest *guest, uint64_t cr4)
{
	uint64_t old = guest->cr4;
	bool lma = guest->efer & EFER_LMA;

	if ((cr4 & ~guest->capabilities->cr4_fixed1) || (guest->capabilities->cr4_fixed0 & ~cr4) ||
	        (lma && !(cr4 & CR4_PAE)) || (lma && ((cr4 ^ old) & CR4_LA57)) ||
	        ((cr4 & CR4_PCIDE) && !lma) || ((cr4 & ~old & CR4_PCIDE) && (guest->cr3 & 0xfff)) ||
	        ((cr4 & CR4_CET) && !(guest->vmcb->cr0 & CR0_WP)))
		return false;
	guest->cr4 = cr4;
	if (svm_uses_pae(guest) && ((cr4 ^ old) & CR4_RELOADS) &&
	        !svm_load_pdptes(guest, guest->cr3)) {
		guest->cr4 = old;
		return false;
	}
	svm_load_paging(guest);
	return true;
}

static bool
load_cr3(struct svm_guest *guest, uint64_t cr3)
{
	if (guest->efer & EFER_LMA) {
		if (guest->cr4 & CR4_PCIDE)
			cr3 &= ~BIT(63);
		if (cr3 >> guest->capabilities->physical_address_width)
			return false;
	} else if (svm_uses_pae(guest) && !svm_load_pdptes(guest, cr3)) {
		return false;
	}
	guest->cr3 = cr3;
	svm_load_paging(guest);
	return true;
}

static enum svm_verdict
done(struct svm_guest *guest, const struct guest_instruction *instruction, bool loaded)
{
	return loaded ? svm_skip(guest, instruction) : svm_raise_gp(guest);
}

static enum svm_verdict
mov_to_cr0_or_cr4(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	bool is_cr0 = instruction->reg == 0;
	uint64_t mask = svm_field(guest, is_cr0 ? CR0_GUEST_HOST_MASK : CR4_GUEST_HOST_MASK);
	uint64_t shadow = svm_field(guest, is_cr0 ? CR0_READ_SHADOW : CR4_READ_SHADOW);
	uint64_t value = svm_register_operand(guest, instruction);
	uint64_t old = is_cr0 ? guest->vmcb->cr0 : guest->cr4;

	if ((value ^ shadow) & mask)
		return exit_for(guest, instruction, instruction->reg, ACCESS_TO);
	value = (old & mask) | (value & ~mask);
	return done(guest, instruction, is_cr0 ? load_cr0(guest, value) : load_cr4(guest, value));
}

static bool
is_cr3_target(const struct svm_guest *guest, uint64_t value)
{
	unsigned count = (unsigned)svm_field(guest, CR3_TARGET_COUNT);

	for (unsigned i = 0; i < count && i < 4; i++)
		if (svm_field(guest, CR3_TARGET_VALUE0 + VMCS_NEXT_FIELD * i) == value)
			return true;
	return false;
}

static enum svm_verdict
mov_to_cr3(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	uint64_t value = svm_register_operand(guest, instruction);

	if ((guest->primary & PRIMARY_CR3_LOAD_EXITING) && !is_cr3_target(guest, value))
		return exit_for(guest, instruction, 3, ACCESS_TO);
	return done(guest, instruction, load_cr3(guest, value));
}

static uint32_t *
virtual_tpr(const struct svm_guest *guest)
{
	return guest->primary & PRIMARY_TPR_SHADOW ? svm_virtual_apic_register(guest, VIRTUAL_TPR)
	                                           : NULL;
}

/* SDM 3C 30.3, "Virtualizing CR8-Based TPR Accesses". */
static enum svm_verdict
mov_to_cr8(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	uint64_t value = svm_register_operand(guest, instruction);
	uint32_t *tpr = virtual_tpr(guest);
	enum svm_verdict verdict;

	if (guest->primary & PRIMARY_CR8_LOAD_EXITING)
		return exit_for(guest, instruction, 8, ACCESS_TO);
	if (value > 0xf)
		return svm_raise_gp(guest);
	if (!tpr)
		return svm_skip(guest, instruction);
	*tpr = (uint32_t)value << 4;
	verdict = svm_skip(guest, instruction);
	if (verdict == SVM_GO_ON && !(guest->secondary & SECONDARY_VIRTUAL_INTERRUPT_DELIVERY) &&
	        value < (svm_field(guest, TPR_THRESHOLD) & 0xf))
		return svm_exit(guest, EXIT_REASON_TPR_BELOW_THRESHOLD);
	return verdict;
}

static enum svm_verdict
mov_from_cr8(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	const uint32_t *tpr = virtual_tpr(guest);

	if (guest->primary & PRIMARY_CR8_STORE_EXITING)
		return exit_for(guest, instruction, 8, ACCESS_FROM);
	svm_set_register_operand(guest, instruction, tpr ? *tpr >> 4 & 0xf : 0);
	return svm_skip(guest, instruction);
}

/* CR0 and CR4 as the guest reads them. */
static uint64_t
seen_cr0(const struct svm_guest *guest)
{
	uint64_t mask = svm_field(guest, CR0_GUEST_HOST_MASK);

	return (guest->vmcb->cr0 & ~mask) | (svm_field(guest, CR0_READ_SHADOW) & mask);
}

static uint64_t
seen_cr4(const struct svm_guest *guest)
{
	uint64_t mask = svm_field(guest, CR4_GUEST_HOST_MASK);

	return (guest->cr4 & ~mask) | (svm_field(guest, CR4_READ_SHADOW) & mask);
}

static enum svm_verdict
mov_from_cr(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	switch (instruction->reg) {
	case 0: svm_set_register_operand(guest, instruction, seen_cr0(guest)); break;
	case 2: svm_set_register_operand(guest, instruction, guest->vmcb->cr2); break;
	case 3:
		if (guest->primary & PRIMARY_CR3_STORE_EXITING)
			return exit_for(guest, instruction, 3, ACCESS_FROM);
		svm_set_register_operand(guest, instruction, guest->cr3);
		break;
	case 4: svm_set_register_operand(guest, instruction, seen_cr4(guest)); break;
	case 8: return mov_from_cr8(guest, instruction);
	default: return svm_raise_ud(guest);
	}
	return svm_skip(guest, instruction);
}

static enum svm_verdict
mov_to_cr(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	switch (instruction->reg) {
	case 0:
	case 4: return mov_to_cr0_or_cr4(guest, instruction);
	case 3: return mov_to_cr3(guest, instruction);
	case 8: return mov_to_cr8(guest, instruction);
	default: return svm_raise_ud(guest);
	}
}

static enum svm_verdict
clts(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	uint64_t mask = svm_field(guest, CR0_GUEST_HOST_MASK) & CR0_TS;

	if (mask & svm_field(guest, CR0_READ_SHADOW)) {
		guest->exit.qualification = ACCESS_CLTS;
		return svm_exit_at(guest, EXIT_REASON_CONTROL_REGISTER, instruction);
	}
	if (!mask)
		guest->vmcb->cr0 &= ~CR0_TS;
	return svm_skip(guest, instruction);
}

/* The 16 bits that LMSW loads or SMSW stores: a register or memory.  False: a page fault that this cannot tell. */
static bool
read_word(struct svm_guest *guest, const struct guest_instruction *instruction, uint16_t *word)
{
	*word = (uint16_t)guest->registers[instruction->rm];
	return !instruction->rm_is_memory ||
	       svm_read_linear(
	               guest, svm_instruction_linear(guest, instruction), word, sizeof(*word));
}

static enum svm_verdict
lmsw(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	uint64_t mask = svm_field(guest, CR0_GUEST_HOST_MASK);
	uint64_t shadow = svm_field(guest, CR0_READ_SHADOW), value;
	uint16_t word;

	if (!read_word(guest, instruction, &word))
		return svm_raise_gp(guest);
	/* PE can be set by it, not cleared. */
	if ((mask & (word ^ shadow) & (MSW_BITS & ~CR0_PE)) || (mask & word & ~shadow & CR0_PE)) {
		guest->exit.qualification = ACCESS_LMSW | (uint64_t)word << LMSW_SOURCE |
		                            (instruction->rm_is_memory ? LMSW_MEMORY : 0);
		if (instruction->rm_is_memory)
			guest->exit.linear = svm_instruction_linear(guest, instruction);
		return svm_exit_at(guest, EXIT_REASON_CONTROL_REGISTER, instruction);
	}
	value = guest->vmcb->cr0 & ~(MSW_BITS & ~mask & ~CR0_PE);
	return done(guest, instruction, load_cr0(guest, value | (word & MSW_BITS & ~mask)));
}

static enum svm_verdict
smsw(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	uint64_t value = seen_cr0(guest), *target = &guest->registers[instruction->rm];
	uint16_t word = (uint16_t)value;

	if (instruction->rm_is_memory) {
		if (!svm_write_linear(
		            guest, svm_instruction_linear(guest, instruction), &word, sizeof(word)))
			return svm_raise_gp(guest);
	} else if (instruction->operand_bytes == 2) {
		*target = (*target & ~0xffffull) | word;
	} else {
		*target = instruction->operand_bytes == 8 ? value : (uint32_t)value;
	}
	return svm_skip(guest, instruction);
}

enum svm_verdict
svm_control_register(struct svm_guest *guest)
{
	struct guest_instruction instruction;

	if (!svm_fetch(guest, &instruction))
		return svm_raise_ud(guest);
	switch (instruction.kind) {
	case GUEST_INSTRUCTION_MOV_FROM_CR: return mov_from_cr(guest, &instruction);
	case GUEST_INSTRUCTION_MOV_TO_CR: return mov_to_cr(guest, &instruction);
	case GUEST_INSTRUCTION_CLTS: return clts(guest, &instruction);
	case GUEST_INSTRUCTION_LMSW: return lmsw(guest, &instruction);
	case GUEST_INSTRUCTION_SMSW: return smsw(guest, &instruction);
	default: return svm_raise_ud(guest);
	}
}

/*
 * The guest whose VMCS is current, while software performs VMX: what is in neither VMCS nor VMCB, and what the
 * files of this directory do with it.
 *
 * VM entry: checks.c decides, load.c fills the VMCB, events.c injects; run.c executes VMRUN until there is a VM
 * exit.  exits.c, control_registers.c, msrs.c, vmx_instructions.c look at each #VMEXIT: some are a VM exit, others
 * are performed here and the guest goes on.  save.c stores the guest's state in the VMCS.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/control_registers.h>
#include <r33/events.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/segments.h>

#include "rules/capabilities.h"
#include "vmx/svm/instruction.h"
#include "vmx/svm/nested.h"
#include "vmx/svm/vmcb.h"
#include "vmx/svm/vmcs.h"

/* What blocks events for one instruction. */
#define BLOCKING_BY_INSTRUCTION (BLOCKING_BY_STI | BLOCKING_BY_MOV_SS)

/* Where the VMCB has the segment registers, in the order of their fields in the VMCS (load.c). */
#define SEGMENT_REGISTERS 8
extern const uint8_t svm_segments[SEGMENT_REGISTERS];

/* What a VM exit says of itself (SDM 3C, "VM-Exit Information Fields"). */
struct vm_exit {
	uint32_t reason;
	uint32_t interruption, interruption_error;
	uint32_t idt_vectoring, idt_vectoring_error;
	uint32_t instruction_length, instruction_information;
	uint64_t qualification;
	uint64_t linear, physical;
};

struct svm_guest {
	const struct capabilities *capabilities;
	const struct vmcs_format *format;
	struct vmcs_region *vmcs;
	struct vmcb *vmcb;
	struct vmcb_segment loaded[VMCB_SEGMENTS]; /* as VM entry has loaded them */
	uint64_t registers[16];                    /* general; RIP and RFLAGS are in the VMCB */
	/* The controls; 0 those that are not activated. */
	uint32_t pin, primary, secondary, entry, exit_controls;
	/* Registers that AMD-V must not have, or not as the guest has them. */
	uint64_t cr3, cr4, efer, pat, debugctl, perf_global_ctrl, s_cet, ssp_table;
	uint64_t cr4_native; /* bits that this processor itself can have in CR4 */
	uint64_t pdptes[4];
	uint64_t *pdpt; /* a page for them */
	uint32_t activity, interruptibility;
	uint64_t pending_debug;
	uint64_t host_cr0, host_efer, host_pat;
	/* The VMX-preemption timer: it counts while the guest runs, not while we do its work. */
	bool timer_runs;
	uint64_t timer_left; /* ticks of the time-stamp counter */
	/* The next instruction is executed alone: RFLAGS.TF is ours, guest_traps the guest's. */
	bool stepping, step_wanted, guest_traps;
	enum guest_instruction_kind stepped;
	uint64_t dr6_before; /* this VMRUN */
	bool monitor_trap_due;
	uint32_t injected;              /* VM entry's event, until it is delivered; 0: none */
	uint32_t software_event_bytes;  /* of the instruction whose event VM entry injects */
	uint32_t leave_after_injection; /* exit reason; 0: none */
	struct nested *nested;
	struct vm_exit exit;
};

/* The guest goes on, or leaves by guest->exit. */
enum svm_verdict { SVM_GO_ON, SVM_VM_EXIT };

/* Of VM entries that fail: what came of the checks. */
enum entry_outcome { ENTRY_GOOD, ENTRY_VMFAIL, ENTRY_FAILED };
struct entry_checked {
	enum entry_outcome outcome;
	uint32_t number; /* VM-instruction error or exit reason */
	uint64_t qualification;
};

/* checks.c: controls, host state, guest state, MSR-load area, in this order (SDM 3C 27.2, 27.3, 27.4).
 * current_vmcs: the current-VMCS pointer. */
struct entry_checked svm_check_entry(const struct vmcs_region *vmcs,
        const struct vmcs_format *format, const struct capabilities *capabilities,
        uint64_t current_vmcs);

/* load.c and save.c (SDM 3C 27.3.2 and 28.3): pure. */
void svm_load_controls(struct svm_guest *guest);
void svm_load_guest(struct svm_guest *guest);
void svm_save_guest(struct svm_guest *guest);
/* Bring the VMCB up to date after a change of CR0, CR3, CR4, EFER or the PDPTEs in *guest. */
void svm_load_paging(struct svm_guest *guest);

/* exits.c: one #VMEXIT. */
enum svm_verdict svm_handle_exit(struct svm_guest *guest);

/* A VM exit for this reason, without an instruction or at the one at RIP. */
static inline enum svm_verdict
svm_exit(struct svm_guest *guest, uint32_t reason)
{
	guest->exit.reason = reason;
	return SVM_VM_EXIT;
}

static inline enum svm_verdict
svm_exit_at(struct svm_guest *guest, uint32_t reason, const struct guest_instruction *instruction)
{
	guest->exit.instruction_length = instruction->length_bytes;
	return svm_exit(guest, reason);
}

/* events.c */
void svm_begin_events(struct svm_guest *guest);
/* Is there, before the next instruction, a reason to leave or something to inject? */
enum svm_verdict svm_before_instruction(struct svm_guest *guest);
/* IRET, while NMIs are blocked. */
enum svm_verdict svm_iret(struct svm_guest *guest);

/* step.c: the next instruction alone. */
void svm_begin_step(struct svm_guest *guest);
/* A #DB by a step that is ours: what it leads to. */
enum svm_verdict svm_stepped(struct svm_guest *guest);
/* End a step without it: the instruction has left by itself. */
void svm_end_step(struct svm_guest *guest);
/* The instruction was performed here: go on behind it. */
enum svm_verdict svm_skip(struct svm_guest *guest, const struct guest_instruction *instruction);
/* Of pending debug exceptions those that raise #DB. */
uint64_t svm_due(uint64_t pending);

/* raise.c: an exception is a VM exit if the exception bitmap says so, else injected. */
enum svm_verdict svm_raise(
        struct svm_guest *guest, unsigned vector, uint32_t error_code, uint64_t qualification);
static inline enum svm_verdict
svm_raise_gp(struct svm_guest *guest)
{
	return svm_raise(guest, VECTOR_GP, 0, 0);
}
static inline enum svm_verdict
svm_raise_ud(struct svm_guest *guest)
{
	return svm_raise(guest, VECTOR_UD, 0, 0);
}
/* Is it an event of an instruction: INT n, INT1, INT3, INTO?  information: as VM entry and VM exit have it. */
bool svm_is_software_event(uint32_t information);
/* Does the exception cause a VM exit (SDM 3C 25.2, "Other Causes of VM Exits")? */
bool svm_exception_exits(const struct svm_guest *guest, unsigned vector, uint32_t error_code);
/* IDT-vectoring information: the event whose delivery was interrupted, if one was. */
void svm_note_delivery(struct svm_guest *guest);

/* virtual_interrupts.c: is one pending, and the guest takes it (SDM 3C 30.2). */
bool svm_virtual_interrupt_pends(struct svm_guest *guest);
enum svm_verdict svm_deliver_virtual_interrupt(struct svm_guest *guest);
/* A register of the virtual-APIC page, by its offset there; NULL: the page is not in memory. */
#define VIRTUAL_TPR 0x80
uint32_t *svm_virtual_apic_register(const struct svm_guest *guest, unsigned offset);

/* control_registers.c: MOV CR, CLTS, LMSW, SMSW; debug_registers.c: MOV DR. */
enum svm_verdict svm_control_register(struct svm_guest *guest);
enum svm_verdict svm_debug_register(struct svm_guest *guest);
/* Has the guest breakpoints at data?  TCG 7.2 ends when the delivery of an event meets one for the second time: while
 * there is one, events are delivered without, by the DR7 that svm_dr7_for_delivery() gives. */
bool svm_watches_data(const struct vmcb *vmcb);
uint64_t svm_dr7_for_delivery(uint64_t dr7);

/* msrs.c */
enum svm_verdict svm_msr(struct svm_guest *guest);
/* VM-entry MSR-load area: 0, or the number of the entry that failed. */
uint32_t svm_load_msrs(struct svm_guest *guest);
void svm_store_msrs(struct svm_guest *guest);

/* vmx_instructions.c: what AMD-V has no opcode for. */
enum svm_verdict svm_undefined_opcode(struct svm_guest *guest);
/* The memory operand as the VM-exit instruction-information field has it. */
uint32_t svm_operand_information(const struct guest_instruction *instruction);

/* memory.c: the guest's memory by linear address.  False: not all of it is there. */
bool svm_read_linear(struct svm_guest *guest, uint64_t linear, void *bytes, size_t size);
bool svm_write_linear(struct svm_guest *guest, uint64_t linear, const void *bytes, size_t size);
bool svm_read_physical(struct svm_guest *guest, uint64_t physical, void *bytes, size_t size);
/* The instruction at RIP.  False: it cannot be read, or is none that is known. */
bool svm_fetch(struct svm_guest *guest, struct guest_instruction *instruction);
/* An address in a segment, SEGMENT_ES to SEGMENT_GS, and that of the instruction's memory operand. */
uint64_t svm_segment_linear(const struct svm_guest *guest, unsigned segment, uint64_t offset);
uint64_t svm_instruction_linear(
        struct svm_guest *guest, const struct guest_instruction *instruction);
/* The linear address by which the instruction at RIP accesses this guest-physical one. */
bool svm_find_linear(struct svm_guest *guest, uint64_t physical, uint64_t *linear);
/* Physical memory that VMX structures may lie in and that the kernel can touch. */
bool svm_is_memory(uint64_t physical, size_t size);
/* Load the PDPTEs from the guest's memory.  False: one has a reserved bit. */
bool svm_load_pdptes(struct svm_guest *guest, uint64_t cr3);

/* Frames for nested page tables, once; then, at each VM entry, what the EPT maps, or without EPT the window. */
void svm_memory_init(struct svm_guest *guest);
void svm_prepare_memory(struct svm_guest *guest);

/* run.c: until there is a VM exit, which guest->exit tells of. */
void svm_run_init(void);
void svm_run_guest(struct svm_guest *guest);

static inline bool
svm_is_64bit(const struct svm_guest *guest)
{
	return (guest->efer & EFER_LMA) &&
	       (guest->vmcb->segments[VMCB_CS].attributes & ATTRIBUTE_L);
}

/* The general register that MOV CR and MOV DR name: outside 64-bit mode they have 32 bits. */
static inline uint64_t
svm_register_operand(const struct svm_guest *guest, const struct guest_instruction *instruction)
{
	uint64_t value = guest->registers[instruction->rm];

	return svm_is_64bit(guest) ? value : (uint32_t)value;
}
static inline void
svm_set_register_operand(
        struct svm_guest *guest, const struct guest_instruction *instruction, uint64_t value)
{
	guest->registers[instruction->rm] = svm_is_64bit(guest) ? value : (uint32_t)value;
}

static inline bool
svm_uses_pae(const struct svm_guest *guest)
{
	return (guest->vmcb->cr0 & CR0_PG) && (guest->cr4 & CR4_PAE) && !(guest->efer & EFER_LMA);
}

/* The CPL, except in real mode. */
static inline uint8_t
svm_dpl_of_ss(const struct svm_guest *guest)
{
	return (guest->vmcb->segments[VMCB_SS].attributes & RIGHTS_DPL) >> 5;
}

static inline bool
svm_timer_has_run_out(const struct svm_guest *guest)
{
	return guest->timer_runs && guest->timer_left == 0;
}

static inline uint64_t
svm_field(const struct svm_guest *guest, uint32_t field)
{
	return vmcs_get(guest->vmcs, field);
}

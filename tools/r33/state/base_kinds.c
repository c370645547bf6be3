/* The kinds of base states: each in a few lines what distinguishes it from a plain 64-bit guest. */
#include "base_kinds.h"

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>

#include "bases.h"

#define PRIMARY_BITMAPS (PRIMARY_IO_BITMAPS | PRIMARY_MSR_BITMAPS)
/* All that load something, of those Bochs has. */
#define VM_ENTRY_LOADS \
	(VM_ENTRY_LOAD_DEBUG_CONTROLS | VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL | \
	        VM_ENTRY_LOAD_IA32_PAT | VM_ENTRY_LOAD_IA32_EFER | VM_ENTRY_LOAD_IA32_BNDCFGS | \
	        VM_ENTRY_LOAD_UINV | VM_ENTRY_LOAD_CET_STATE | VM_ENTRY_LOAD_PKRS)

static void
change_bits(struct vmcs *vmcs, uint32_t field, uint64_t clear, uint64_t set)
{
	vmcs_set(vmcs, field, (vmcs_get(vmcs, field) & ~clear) | set);
}

static void
clear_control(struct vmcs *vmcs, uint32_t field, uint64_t bits)
{
	change_bits(vmcs, field, bits, 0);
}

static void
make_compatibility(struct vmcs *vmcs)
{
	set_segment(vmcs, CS, 0x10, 0, 0xffffffff, 0xc09b);
}

static void
make_pae(struct vmcs *vmcs)
{
	make_compatibility(vmcs);
	clear_control(vmcs, VM_ENTRY_CONTROLS, VM_ENTRY_IA32E_MODE_GUEST);
	vmcs_set(vmcs, GUEST_IA32_EFER, 0);
}

static void
make_32_bit(struct vmcs *vmcs)
{
	make_pae(vmcs);
	vmcs_set(vmcs, GUEST_CR4, CR4_VMXE);
}

static void
make_virtual_8086(struct vmcs *vmcs)
{
	make_32_bit(vmcs);
	for (unsigned segment = ES; segment <= GS; segment++)
		set_segment(vmcs, segment, 0x1000 + segment, (0x1000 + segment) << 4, 0xffff, 0xf3);
	vmcs_set(vmcs, GUEST_RFLAGS, RFLAGS_ONE | RFLAGS_VM);
}

static void
make_user(struct vmcs *vmcs)
{
	for (unsigned segment = ES; segment <= GS; segment++)
		set_segment(vmcs, segment, 0x1b, 0, 0xffffffff, 0xc0f3);
	set_segment(vmcs, CS, 0x0b, 0, 0xffffffff, 0xa0fb);
}

static void
make_unpaged(struct vmcs *vmcs)
{
	make_32_bit(vmcs);
	vmcs_set(vmcs, GUEST_CR0, CR0_PE | CR0_NE);
}

static void
make_real(struct vmcs *vmcs)
{
	make_unpaged(vmcs);
	vmcs_set(vmcs, GUEST_CR0, CR0_NE);
	for (unsigned segment = ES; segment <= GS; segment++)
		set_segment(vmcs, segment, 0x1000, 0x10000, 0xffff, 0x93);
}

static void
make_restricted(struct vmcs *vmcs)
{
	clear_control(vmcs, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        SECONDARY_UNRESTRICTED_GUEST);
}

static void
make_restricted_user(struct vmcs *vmcs)
{
	make_user(vmcs);
	make_restricted(vmcs);
}

static void
make_without_ept(struct vmcs *vmcs)
{
	clear_control(vmcs, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        SECONDARY_EPT | SECONDARY_UNRESTRICTED_GUEST);
}

static void
make_pae_without_ept(struct vmcs *vmcs)
{
	make_pae(vmcs);
	make_without_ept(vmcs);
}

static void
make_unloaded(struct vmcs *vmcs)
{
	clear_control(vmcs, VM_ENTRY_CONTROLS, VM_ENTRY_LOADS);
}

static void
make_hlt(struct vmcs *vmcs)
{
	vmcs_set(vmcs, GUEST_ACTIVITY_STATE, 1);
}

static void
make_shutdown(struct vmcs *vmcs)
{
	vmcs_set(vmcs, GUEST_ACTIVITY_STATE, 2);
}

static void
make_sti(struct vmcs *vmcs)
{
	vmcs_set(vmcs, GUEST_RFLAGS, RFLAGS_ONE | RFLAGS_IF);
	vmcs_set(vmcs, GUEST_INTERRUPTIBILITY_STATE, 1);
}

static void
make_mov_ss(struct vmcs *vmcs)
{
	vmcs_set(vmcs, GUEST_INTERRUPTIBILITY_STATE, 2);
}

static void
make_stepping(struct vmcs *vmcs)
{
	make_mov_ss(vmcs);
	vmcs_set(vmcs, GUEST_RFLAGS, RFLAGS_ONE | RFLAGS_TF);
	vmcs_set(vmcs, GUEST_PENDING_DEBUG_EXCEPTIONS, PENDING_BS);
}

static void
make_nmi(struct vmcs *vmcs)
{
	vmcs_set(vmcs, VM_ENTRY_INTERRUPTION_INFORMATION, 0x80000202);
}

static void
make_virtual_nmi(struct vmcs *vmcs)
{
	make_nmi(vmcs);
	change_bits(vmcs, PIN_BASED_VM_EXECUTION_CONTROLS, 0, PIN_VIRTUAL_NMIS);
}

static void
make_interrupt(struct vmcs *vmcs)
{
	vmcs_set(vmcs, GUEST_RFLAGS, RFLAGS_ONE | RFLAGS_IF);
	vmcs_set(vmcs, VM_ENTRY_INTERRUPTION_INFORMATION, 0x80000020);
}

static void
make_exception(struct vmcs *vmcs)
{
	vmcs_set(vmcs, VM_ENTRY_INTERRUPTION_INFORMATION, 0x80000b0d);
	vmcs_set(vmcs, VM_ENTRY_EXCEPTION_ERROR_CODE, 0x18);
}

static void
make_software_interrupt(struct vmcs *vmcs)
{
	vmcs_set(vmcs, VM_ENTRY_INTERRUPTION_INFORMATION, 0x80000480);
	vmcs_set(vmcs, VM_ENTRY_INSTRUCTION_LENGTH, 2);
}

static void
make_ldt(struct vmcs *vmcs)
{
	set_segment(vmcs, LDTR, 0x28, 0x15000, 0xff, 0x82);
}

static void
make_unusable(struct vmcs *vmcs)
{
	for (unsigned segment = ES; segment <= GS; segment++)
		if (segment != CS)
			set_segment(vmcs, segment, 0, 0, 0, 0x10000);
}

static void
make_linked(struct vmcs *vmcs)
{
	vmcs_set(vmcs, VMCS_LINK_POINTER, BASE_LINKED);
}

static void
make_shadowing(struct vmcs *vmcs)
{
	change_bits(
	        vmcs, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0, SECONDARY_VMCS_SHADOWING);
	vmcs_set(vmcs, VMCS_LINK_POINTER, BASE_SHADOW);
}

static void
make_msr_load(struct vmcs *vmcs)
{
	vmcs_set(vmcs, VM_ENTRY_MSR_LOAD_COUNT, 2);
	vmcs_set_memory(vmcs, BASE_MSR_LOAD, IA32_SYSENTER_CS);
	vmcs_set_memory(vmcs, BASE_MSR_LOAD + 8, 8);
	vmcs_set_memory(vmcs, BASE_MSR_LOAD + 16, IA32_SYSENTER_ESP);
	vmcs_set_memory(vmcs, BASE_MSR_LOAD + 24, 0x16000);
}

static void
make_bitmaps(struct vmcs *vmcs)
{
	change_bits(vmcs, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	        PRIMARY_UNCONDITIONAL_IO_EXITING, PRIMARY_BITMAPS | PRIMARY_TPR_SHADOW);
}

static void
make_controls(struct vmcs *vmcs)
{
	make_bitmaps(vmcs);
	change_bits(vmcs, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0, SECONDARY_VPID);
}

static void
make_virtual_interrupts(struct vmcs *vmcs)
{
	make_controls(vmcs);
	change_bits(vmcs, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0,
	        SECONDARY_VIRTUAL_INTERRUPT_DELIVERY);
}

static void
make_pml(struct vmcs *vmcs)
{
	change_bits(vmcs, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0,
	        SECONDARY_PML | SECONDARY_TSC_SCALING);
}

static void
make_cet(struct vmcs *vmcs)
{
	change_bits(vmcs, VM_ENTRY_CONTROLS, 0, VM_ENTRY_LOAD_CET_STATE);
	change_bits(vmcs, GUEST_CR4, 0, CR4_CET);
	vmcs_set(vmcs, GUEST_SSP, 0x17000);
}

static void
make_pkrs(struct vmcs *vmcs)
{
	change_bits(vmcs, VM_ENTRY_CONTROLS, 0, VM_ENTRY_LOAD_PKRS);
	vmcs_set(vmcs, GUEST_IA32_PKRS, 0xaaaaaaac); /* key 0 is free to use */
}

static void
make_uinv(struct vmcs *vmcs)
{
	change_bits(vmcs, VM_ENTRY_CONTROLS, 0, VM_ENTRY_LOAD_UINV);
	vmcs_set(vmcs, GUEST_UINV, 0xec);
}

static void
make_tertiary(struct vmcs *vmcs)
{
	change_bits(vmcs, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0,
	        PRIMARY_ACTIVATE_TERTIARY_CONTROLS);
}

static void
make_posted_interrupts(struct vmcs *vmcs)
{
	make_virtual_interrupts(vmcs);
	change_bits(vmcs, PIN_BASED_VM_EXECUTION_CONTROLS, 0, PIN_POSTED_INTERRUPTS);
	change_bits(vmcs, VM_EXIT_CONTROLS, 0, VM_EXIT_ACKNOWLEDGE_INTERRUPT);
	vmcs_set(vmcs, POSTED_INTERRUPT_NOTIFICATION_VECTOR, 0xf2);
	vmcs_set(vmcs, POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, BASE_POSTED);
}

static void
make_cet_32_bit(struct vmcs *vmcs)
{
	make_pae(vmcs);
	make_cet(vmcs);
}

const struct base_kind base_kinds[] = {
	{ "64-bit", NULL, false, false },
	{ "compatibility", make_compatibility, false, false },
	{ "pae", make_pae, false, false },
	{ "32-bit", make_32_bit, false, false },
	{ "virtual-8086", make_virtual_8086, false, false },
	{ "user", make_user, false, false },
	{ "unpaged", make_unpaged, true, false },
	{ "real", make_real, true, false },
	{ "restricted", make_restricted, false, false },
	{ "restricted-user", make_restricted_user, false, false },
	{ "without-ept", make_without_ept, false, false },
	{ "pae-without-ept", make_pae_without_ept, false, false },
	{ "pae-ept", make_pae, false, true },
	{ "unloaded", make_unloaded, false, false },
	{ "hlt", make_hlt, false, false },
	{ "shutdown", make_shutdown, false, false },
	{ "sti", make_sti, false, false },
	{ "mov-ss", make_mov_ss, false, false },
	{ "stepping", make_stepping, false, false },
	{ "nmi", make_nmi, false, false },
	{ "virtual-nmi", make_virtual_nmi, false, false },
	{ "interrupt", make_interrupt, false, false },
	{ "exception", make_exception, false, false },
	{ "software-interrupt", make_software_interrupt, false, false },
	{ "ldt", make_ldt, false, false },
	{ "unusable", make_unusable, false, false },
	{ "linked", make_linked, false, false },
	{ "shadowing", make_shadowing, false, false },
	{ "msr-load", make_msr_load, false, false },
	{ "bitmaps", make_bitmaps, false, false },
	{ "controls", make_controls, false, false },
	{ "virtual-interrupts", make_virtual_interrupts, false, false },
	{ "pml", make_pml, false, true },
	{ "cet", make_cet, false, false },
	{ "cet-32-bit", make_cet_32_bit, false, false },
	{ "pkrs", make_pkrs, false, false },
	{ "uinv", make_uinv, false, false },
	{ "tertiary", make_tertiary, false, false },
	{ "posted-interrupts", make_posted_interrupts, false, false },
};
const unsigned base_kind_count = COUNT(base_kinds);

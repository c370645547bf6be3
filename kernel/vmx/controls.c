/* Control fields and host state: the parts of a VMCS that no lab owns. */
#include "vmx/controls.h"

#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "cpu/descriptors.h"
#include "vmx/backend.h"
#include "vmx/entry.h"

const struct control_wish no_control_wish;

static const uint32_t fields[CONTROL_FIELD_COUNT] = {
	PIN_BASED_VM_EXECUTION_CONTROLS,
	PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
	VM_EXIT_CONTROLS,
	VM_ENTRY_CONTROLS,
};

/* What every guest gets, where there is such a control. */
static const uint32_t usual[CONTROL_FIELD_COUNT] = {
	PIN_EXTERNAL_INTERRUPT_EXITING | PIN_NMI_EXITING | PIN_PREEMPTION_TIMER,
	PRIMARY_HLT_EXITING | PRIMARY_UNCONDITIONAL_IO_EXITING |
	        PRIMARY_ACTIVATE_SECONDARY_CONTROLS,
	SECONDARY_EPT | SECONDARY_UNRESTRICTED_GUEST,
	VM_EXIT_SAVE_DEBUG_CONTROLS | VM_EXIT_HOST_ADDRESS_SPACE_SIZE | VM_EXIT_LOAD_IA32_PAT |
	        VM_EXIT_LOAD_IA32_EFER,
	VM_ENTRY_LOAD_DEBUG_CONTROLS | VM_ENTRY_LOAD_IA32_PAT | VM_ENTRY_LOAD_IA32_EFER,
};

static struct allowed_settings
allowed(const struct capabilities *capabilities, unsigned i)
{
	const struct allowed_settings settings[CONTROL_FIELD_COUNT] = { capabilities->pin_based,
		capabilities->primary, capabilities->secondary, capabilities->exit,
		capabilities->entry };

	return settings[i];
}

uint32_t
controls_impossible(
        const struct capabilities *capabilities, const struct control_wish *wish, uint32_t *bits)
{
	for (unsigned i = 0; i < CONTROL_FIELD_COUNT; i++) {
		struct allowed_settings settings = allowed(capabilities, i);

		*bits = (wish->on[i] & ~settings.may_be_one) |
		        (wish->off[i] & settings.must_be_one);
		if (*bits)
			return fields[i];
	}
	return 0;
}

void
controls_write(const struct capabilities *capabilities, bool ia32e_mode_guest, uint64_t ept_pointer,
        const struct control_wish *wish)
{
	for (unsigned i = 0; i < CONTROL_FIELD_COUNT; i++) {
		struct allowed_settings settings = allowed(capabilities, i);
		uint32_t value = (usual[i] & ~wish->off[i]) | wish->on[i] | settings.must_be_one;

		if (i == ENTRY_CONTROLS && ia32e_mode_guest)
			value |= VM_ENTRY_IA32E_MODE_GUEST;
		/* Without a bit to set, there is no such field. */
		if (settings.may_be_one)
			vmcs_write(fields[i], value & settings.may_be_one);
	}
	if (capabilities->ept)
		vmcs_write(EPT_POINTER, ept_pointer);
	/* Every exception exits: what goes wrong in a guest is told by its name, not as a triple fault. */
	vmcs_write(EXCEPTION_BITMAP, 0xffffffff);
	vmcs_write(PAGE_FAULT_ERROR_CODE_MASK, 0);
	vmcs_write(PAGE_FAULT_ERROR_CODE_MATCH, 0);
	vmcs_write(CR3_TARGET_COUNT, 0);
	vmcs_write(VM_EXIT_MSR_STORE_COUNT, 0);
	vmcs_write(VM_EXIT_MSR_LOAD_COUNT, 0);
	vmcs_write(VM_ENTRY_MSR_LOAD_COUNT, 0);
	vmcs_write(VM_ENTRY_INTERRUPTION_INFORMATION, 0);
	/* The guest reads its CR0 and CR4 as they are. */
	vmcs_write(CR0_GUEST_HOST_MASK, 0);
	vmcs_write(CR4_GUEST_HOST_MASK, 0);
	vmcs_write(CR0_READ_SHADOW, 0);
	vmcs_write(CR4_READ_SHADOW, 0);
}

/* 0 where there is no such register. */
static uint64_t
msr_now(uint32_t msr)
{
	uint64_t value;

	return vmx->read_msr(msr, &value) ? value : 0;
}

void
host_state_write(const struct capabilities *capabilities)
{
	vmcs_write(HOST_CR0, vmx->control_register(0));
	vmcs_write(HOST_CR4, vmx->control_register(4));
	vmcs_write(HOST_CS_SELECTOR, SELECTOR_KERNEL_CODE);
	vmcs_write(HOST_SS_SELECTOR, SELECTOR_KERNEL_DATA);
	vmcs_write(HOST_DS_SELECTOR, 0);
	vmcs_write(HOST_ES_SELECTOR, 0);
	vmcs_write(HOST_FS_SELECTOR, 0);
	vmcs_write(HOST_GS_SELECTOR, 0);
	vmcs_write(HOST_TR_SELECTOR, SELECTOR_TSS);
	vmcs_write(HOST_FS_BASE, 0);
	vmcs_write(HOST_GS_BASE, 0);
	vmcs_write(HOST_TR_BASE, descriptors_tss_base());
	vmcs_write(HOST_GDTR_BASE, descriptors_gdt_base());
	vmcs_write(HOST_IDTR_BASE, descriptors_idt_base());
	vmcs_write(HOST_IA32_SYSENTER_CS, 0);
	vmcs_write(HOST_IA32_SYSENTER_ESP, 0);
	vmcs_write(HOST_IA32_SYSENTER_EIP, 0);
	if (capabilities->exit.may_be_one & VM_EXIT_LOAD_IA32_PAT)
		vmcs_write(HOST_IA32_PAT, msr_now(IA32_PAT));
	if (capabilities->exit.may_be_one & VM_EXIT_LOAD_IA32_EFER)
		vmcs_write(HOST_IA32_EFER, msr_now(IA32_EFER));
	if (capabilities->exit.may_be_one & VM_EXIT_LOAD_IA32_PERF_GLOBAL_CTRL)
		vmcs_write(HOST_IA32_PERF_GLOBAL_CTRL, msr_now(IA32_PERF_GLOBAL_CTRL));
	if (capabilities->exit.may_be_one & VM_EXIT_LOAD_CET_STATE) {
		vmcs_write(HOST_IA32_S_CET, 0);
		vmcs_write(HOST_SSP, 0);
		vmcs_write(HOST_IA32_INTERRUPT_SSP_TABLE_ADDR, 0);
	}
	vmcs_write(HOST_RIP, (uint64_t)vmx_exit_point);
}

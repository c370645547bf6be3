/*
 * The back end that performs VMX on top of AMD-V.  The VMCS is memory, VM entry is checked by the rules, and
 * VMRUN runs the guest: docs/architecture.md, "VMX without VMX".
 */
#include "vmx/svm/backend.h"

#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "cpu/fault.h"
#include "cpu/frames.h"
#include "cpu/x86.h"
#include "dev/apic.h"
#include "lib/string.h"
#include "rules/names.h"
#include "vmx/backend.h"
#include "vmx/capabilities.h"
#include "vmx/deviations.h"
#include "vmx/profile.h"
#include "vmx/svm/guest.h"
#include "vmx/svm/offer.h"
#include "vmx/svm/self_test.h"
#include "vmx/svm/stops.h"
#include "vmx/svm/wait.h"

#define CPUID_SVM     0x8000000a
#define CPUID_ECX_SVM BIT32(2) /* of CPUID_EXTENDED_FEATURES */
#define VM_CR         0xc0010114
#define VM_CR_SVMDIS  BIT(4)
#define VM_HSAVE_PA   0xc0010117

#define NO_VMCS       SVM_SHOWN_NOTHING
#define IO_MAP_PAGES  3
#define MSR_MAP_PAGES 2

static uint64_t current = NO_VMCS;
static struct vmcs_format format;
static struct svm_guest guest;

static struct vmcs_region *
region(uint64_t vmcs)
{
	return (struct vmcs_region *)vmcs;
}

static enum vmx_result
fail(uint32_t number)
{
	if (current == NO_VMCS)
		return VMX_FAIL_INVALID;
	vmcs_set(region(current), VM_INSTRUCTION_ERROR, number);
	return VMX_FAIL_VALID;
}

static enum vmx_result
svm_clear(uint64_t vmcs)
{
	if (vmcs_address_is_malformed(vmcs) || !svm_is_memory(vmcs, PAGE_BYTES))
		return fail(VM_ERROR_VMCLEAR_ADDRESS);
	region(vmcs)->launched = 0;
	if (vmcs == current)
		svm_shown.vmcs = current = NO_VMCS;
	return VMX_SUCCEED;
}

static enum vmx_result
svm_load(uint64_t vmcs)
{
	uint32_t revision = (uint32_t)vmx_capabilities.vmx_basic & VMCS_REVISION;
	bool shadowing = vmx_capabilities.secondary.may_be_one & SECONDARY_VMCS_SHADOWING;

	if (vmcs_address_is_malformed(vmcs) || !svm_is_memory(vmcs, PAGE_BYTES))
		return fail(VM_ERROR_VMPTRLD_ADDRESS);
	if ((region(vmcs)->revision & VMCS_REVISION) != revision ||
	        ((region(vmcs)->revision & VMCS_SHADOW_INDICATOR) && !shadowing))
		return fail(VM_ERROR_VMPTRLD_REVISION);
	svm_shown.vmcs = current = vmcs;
	return VMX_SUCCEED;
}

static enum vmx_result
svm_read(uint32_t field, uint64_t *value)
{
	*value = 0;
	if (current == NO_VMCS)
		return VMX_FAIL_INVALID;
	if (!vmcs_region_read(region(current), &format, field, value))
		return fail(VM_ERROR_UNSUPPORTED_FIELD);
	return VMX_SUCCEED;
}

static enum vmx_result
svm_write(uint32_t field, uint64_t value)
{
	bool any_field = vmx_capabilities.vmx_misc & VMX_MISC_VMWRITE_ANY_FIELD;

	if (current == NO_VMCS)
		return VMX_FAIL_INVALID;
	if (vmcs_slot(field) < VMCS_SLOTS && format.exists[vmcs_slot(field)] && !any_field &&
	        vmcs_field_type(field) == VMCS_FIELD_READ_ONLY)
		return fail(VM_ERROR_READ_ONLY_FIELD);
	if (!vmcs_region_write(region(current), &format, field, value))
		return fail(VM_ERROR_UNSUPPORTED_FIELD);
	return VMX_SUCCEED;
}

static uint32_t
svm_last_error(void)
{
	return current == NO_VMCS ? 0 : (uint32_t)vmcs_get(region(current), VM_INSTRUCTION_ERROR);
}

static uint64_t
svm_control_register_value(unsigned number)
{
	switch (number) {
	case 0: return read_cr0();
	case 2: return read_cr2();
	case 3: return read_cr3();
	case 4: return read_cr4() | CR4_VMXE; /* to set it would end this machine */
	default: return read_cr8();
	}
}

/* The VMX-preemption timer's value at VM exit (SDM 3C 25.5.1). */
static void
save_timer(void)
{
	unsigned rate = vmx_capabilities.vmx_misc & VMX_MISC_TIMER_RATE;

	if (guest.timer_runs && (guest.exit_controls & VM_EXIT_SAVE_PREEMPTION_TIMER))
		vmcs_set(guest.vmcs, VMX_PREEMPTION_TIMER_VALUE, guest.timer_left >> rate);
}

static enum vmx_result
entry_failed(uint32_t reason, uint64_t qualification)
{
	vmcs_set(guest.vmcs, EXIT_REASON, reason | EXIT_REASON_ENTRY_FAILURE);
	vmcs_set(guest.vmcs, EXIT_QUALIFICATION, qualification);
	return VMX_SUCCEED;
}

static enum vmx_result
enter(struct guest_registers *registers, bool resume)
{
	struct entry_checked checked;
	uint32_t failed_msr;

	if (current == NO_VMCS || (region(current)->revision & VMCS_SHADOW_INDICATOR))
		return VMX_FAIL_INVALID;
	if (resume ? !region(current)->launched : region(current)->launched)
		return fail(resume ? VM_ERROR_VMRESUME_NOT_LAUNCHED : VM_ERROR_VMLAUNCH_NOT_CLEAR);
	guest.vmcs = region(current);
	vmcs_set(guest.vmcs, HOST_CR3, read_cr3());
	checked = svm_check_entry(guest.vmcs, &format, &vmx_capabilities, current);
	if (checked.outcome == ENTRY_VMFAIL)
		return fail(checked.number);
	if (checked.outcome == ENTRY_FAILED)
		return entry_failed(checked.number, checked.qualification);
	svm_shown.vmruns = 0;
	guest.exit = (struct vm_exit){ 0 };
	guest.host_cr0 = read_cr0();
	guest.host_efer = rdmsr(IA32_EFER);
	guest.host_pat = rdmsr(IA32_PAT);
	memcpy(guest.registers, registers->general, sizeof(guest.registers));
	svm_load_controls(&guest);
	svm_prepare_memory(&guest);
	svm_load_guest(&guest);
	failed_msr = svm_load_msrs(&guest);
	if (failed_msr)
		return entry_failed(EXIT_REASON_MSR_LOADING, failed_msr);
	guest.vmcs->launched = 1;
	svm_begin_events(&guest);
	svm_run_guest(&guest);
	save_timer();
	svm_save_guest(&guest);
	svm_store_msrs(&guest);
	memcpy(registers->general, guest.registers, sizeof(registers->general));
	return VMX_SUCCEED;
}

static enum vmx_result
svm_enter(struct guest_registers *registers, bool resume)
{
	return svm_entry_ended(enter(registers, resume), registers);
}

/* The bits of CR4 that this processor knows: VMRUN refuses the others. */
static uint64_t
native_cr4(void)
{
	struct cpuid_result features = cpuid(CPUID_FEATURES, 0),
	                    extensions = cpuid(CPUID_EXTENSIONS, 0);
	static const struct {
		unsigned bit, shift;
	} by_ebx[] = { { 16, 0 }, { 20, 7 }, { 21, 20 } },
	  by_ecx[] = { { 11, 2 }, { 22, 3 }, { 12, 16 } };
	uint64_t bits = 0x7ff; /* VME to OSXMMEXCPT */

	if (features.ecx >> 17 & 1)
		bits |= CR4_PCIDE;
	if (features.ecx & CPUID_ECX_XSAVE)
		bits |= CR4_OSXSAVE;
	for (unsigned i = 0; i < 3; i++) {
		bits |= (uint64_t)(extensions.ebx >> by_ebx[i].shift & 1) << by_ebx[i].bit;
		bits |= (uint64_t)(extensions.ecx >> by_ecx[i].shift & 1) << by_ecx[i].bit;
	}
	return bits;
}

bool
svm_is_there(void)
{
	return cpuid(CPUID_EXTENDED, 0).eax >= CPUID_SVM &&
	       (cpuid(CPUID_EXTENDED_FEATURES, 0).ecx & CPUID_ECX_SVM);
}

static void
prepare_vmcb(void)
{
	struct vmcb *vmcb = frame_allocate();
	uint8_t *io_map = frames_allocate(IO_MAP_PAGES), *msr_map = frames_allocate(MSR_MAP_PAGES);

	memset(io_map, 0xff, IO_MAP_PAGES * PAGE_BYTES);
	memset(msr_map, 0xff, MSR_MAP_PAGES * PAGE_BYTES);
	vmcb->io_map = (uint64_t)io_map;
	vmcb->msr_map = (uint64_t)msr_map;
	vmcb->asid = 1;
	guest.vmcb = vmcb;
	guest.pdpt = frame_allocate();
	guest.capabilities = &vmx_capabilities;
	guest.format = &format;
	guest.cr4_native = native_cr4();
}

/* The processor whose profile this is has these fields, also those of controls that are not offered: a lab that
 * writes one on Bochs can do it here. */
static void
derive_format(void)
{
	static const struct vmx_backend whole = { .read_msr = profile_read_msr,
		.cpuid = svm_offer_cpuid };
	static struct capabilities capabilities;

	capabilities_read(&whole, &capabilities);
	vmcs_format_derive(&format, &capabilities);
}

static const char *
svm_enable(struct capabilities *capabilities)
{
	const char *error = svm_offer_init();

	if (error)
		return error;
	if (rdmsr(VM_CR) & VM_CR_SVMDIS)
		return "the firmware has switched AMD-V off";
	error = apic_init();
	if (error)
		return error;
	wrmsr(IA32_EFER, rdmsr(IA32_EFER) | EFER_SVME);
	wrmsr(VM_HSAVE_PA, (uint64_t)frame_allocate());
	svm_run_init();
	capabilities_read(&svm_backend, capabilities);
	derive_format();
	prepare_vmcb();
	svm_memory_init(&guest);
	svm_show_back_end(&guest);
	deviations.ignores_segments = true;
	return svm_self_test();
}

const struct vmx_backend svm_backend = {
	.name = "svm",
	.enable = svm_enable,
	.read_msr = svm_offer_msr,
	.cpuid = svm_offer_cpuid,
	.control_register = svm_control_register_value,
	.clear = svm_clear,
	.load = svm_load,
	.read = svm_read,
	.write = svm_write,
	.enter = svm_enter,
	.last_error = svm_last_error,
};

/* The back end that is the processor's own VMX. */
#include "vmx/processor.h"

#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/vmcs_fields.h>

#include "cpu/descriptors.h"
#include "cpu/fault.h"
#include "cpu/frames.h"
#include "cpu/x86.h"
#include "rules/names.h"
#include "vmx/backend.h"
#include "vmx/capabilities.h"
#include "vmx/deviations.h"
#include "vmx/entry.h"

#define FEATURE_CONTROL_ON (FEATURE_CONTROL_LOCK | FEATURE_CONTROL_VMX_OUTSIDE_SMX)

/* Every VMX instruction answers in CF and ZF. */
#define VMX_INSTRUCTION(instruction, ...) \
	({ \
		bool carry, zero; \
		__asm__ volatile(instruction \
		        : "=@ccc"(carry), "=@ccz"(zero) \
		        : __VA_ARGS__ \
		        : "memory"); \
		carry ? VMX_FAIL_INVALID : zero ? VMX_FAIL_VALID : VMX_SUCCEED; \
	})

static void
processor_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
	struct cpuid_result result = cpuid(leaf, subleaf);

	registers[0] = result.eax;
	registers[1] = result.ebx;
	registers[2] = result.ecx;
	registers[3] = result.edx;
}

static uint64_t
processor_control_register(unsigned number)
{
	switch (number) {
	case 0: return read_cr0();
	case 2: return read_cr2();
	case 3: return read_cr3();
	case 4: return read_cr4();
	default: return read_cr8();
	}
}

static enum vmx_result
processor_clear(uint64_t vmcs)
{
	return VMX_INSTRUCTION("vmclear %2", "m"(vmcs));
}

static enum vmx_result
processor_load(uint64_t vmcs)
{
	return VMX_INSTRUCTION("vmptrld %2", "m"(vmcs));
}

static enum vmx_result
processor_write(uint32_t field, uint64_t value)
{
	return VMX_INSTRUCTION("vmwrite %3, %2", "r"((uint64_t)field), "rm"(value));
}

static enum vmx_result
processor_read(uint32_t field, uint64_t *value)
{
	bool carry, zero;
	uint64_t result = 0;

	__asm__ volatile("vmread %3, %2"
	        : "=@ccc"(carry), "=@ccz"(zero), "+r"(result)
	        : "r"((uint64_t)field)
	        : "memory");
	*value = result;
	return carry ? VMX_FAIL_INVALID : zero ? VMX_FAIL_VALID : VMX_SUCCEED;
}

static uint32_t
processor_last_error(void)
{
	uint64_t number;

	return processor_read(VM_INSTRUCTION_ERROR, &number) == VMX_SUCCEED ? (uint32_t)number : 0;
}

/* A guest is not judged by what befell the machine. */
static void
stop_on_machines_exit(void)
{
	uint64_t reason = 0, interruption = 0;

	processor_read(EXIT_REASON, &reason);
	if (reason == EXIT_REASON_EXCEPTION_OR_NMI)
		processor_read(VM_EXIT_INTERRUPTION_INFORMATION, &interruption);
	if (exit_is_the_machines(reason, interruption))
		kernel_panic("NMI or machine check while a guest ran (exit reason %#lx)", reason);
}

static enum vmx_result
processor_enter(struct guest_registers *registers, bool resume)
{
	uint64_t blocking;
	enum vmx_result result;

	/* Whatever address space is loaded now is the one to come back to. */
	if (processor_write(HOST_CR3, read_cr3()) == VMX_FAIL_INVALID)
		return VMX_FAIL_INVALID;
	/* VM exits outside system-management mode save blocking by SMI as 0 (SDM 3C 28.3.4, "Saving
	 * Non-Register State").  Bochs saves whether it holds SMIs back, which it keeps doing
	 * once a guest was checked in wait-for-SIPI; and then it refuses to resume any guest. */
	if (resume && deviations.saves_blocking_by_smi) {
		processor_read(GUEST_INTERRUPTIBILITY_STATE, &blocking);
		processor_write(GUEST_INTERRUPTIBILITY_STATE, blocking & ~BLOCKING_BY_SMI);
	}
	result = vmx_enter(registers, resume);
	descriptors_reload();
	if (result == VMX_SUCCEED)
		stop_on_machines_exit();
	return result;
}

/* IA32_FEATURE_CONTROL decides whether VMXON may be executed; the firmware should have set and
 * locked it (SDM 3C 24.7). */
static const char *
allow_vmxon(void)
{
	uint64_t control;

	/* Emulators need not have the register; VMXON itself then decides. */
	if (!rdmsr_exists(IA32_FEATURE_CONTROL, &control))
		return NULL;
	if (!(control & FEATURE_CONTROL_LOCK))
		wrmsr(IA32_FEATURE_CONTROL, control | FEATURE_CONTROL_ON);
	else if (!(control & FEATURE_CONTROL_VMX_OUTSIDE_SMX))
		return "the firmware has locked VMX off (IA32_FEATURE_CONTROL): switch on \"Intel "
		       "Virtualization Technology\" in the firmware setup, or use Bochs";
	return NULL;
}

static const char *
processor_enable(struct capabilities *capabilities)
{
	const char *error;
	uint32_t *vmxon_region;
	uint64_t physical;

	error = allow_vmxon();
	if (error)
		return error;
	capabilities_read(&processor_backend, capabilities);
	write_cr0((read_cr0() | capabilities->cr0_fixed0) & capabilities->cr0_fixed1);
	write_cr4((read_cr4() | capabilities->cr4_fixed0) & capabilities->cr4_fixed1);
	vmxon_region = frame_allocate();
	*vmxon_region = (uint32_t)capabilities->vmx_basic & VMCS_REVISION;
	physical = (uint64_t)vmxon_region;
	if (VMX_INSTRUCTION("vmxon %2", "m"(physical)) != VMX_SUCCEED)
		return "VMXON failed although the processor reports VMX: this engine is not "
		       "supported";
	return NULL;
}

const struct vmx_backend processor_backend = {
	.name = "processor",
	.enable = processor_enable,
	.read_msr = rdmsr_exists,
	.cpuid = processor_cpuid,
	.control_register = processor_control_register,
	.clear = processor_clear,
	.load = processor_load,
	.read = processor_read,
	.write = processor_write,
	.enter = processor_enter,
	.last_error = processor_last_error,
};

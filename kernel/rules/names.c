/* Exit reasons, VM-instruction errors and exceptions by name. */
#include "rules/names.h"

#include <stddef.h>

#include <r33/array.h>
#include <r33/instruction_errors.h>

/* SDM 3D appendix C, "VMX Basic Exit Reasons". */
static const char *const exit_reasons[] = {
	[EXIT_REASON_EXCEPTION_OR_NMI] = "exception or non-maskable interrupt",
	[EXIT_REASON_EXTERNAL_INTERRUPT] = "external interrupt",
	[EXIT_REASON_TRIPLE_FAULT] = "triple fault",
	[EXIT_REASON_INIT_SIGNAL] = "INIT signal",
	[EXIT_REASON_SIPI] = "start-up IPI (SIPI)",
	[EXIT_REASON_IO_SMI] = "I/O system-management interrupt (SMI)",
	[EXIT_REASON_OTHER_SMI] = "other SMI",
	[EXIT_REASON_INTERRUPT_WINDOW] = "interrupt window",
	[EXIT_REASON_NMI_WINDOW] = "NMI window",
	[EXIT_REASON_TASK_SWITCH] = "task switch",
	[EXIT_REASON_CPUID] = "CPUID",
	[EXIT_REASON_GETSEC] = "GETSEC",
	[EXIT_REASON_HLT] = "HLT",
	[EXIT_REASON_INVD] = "INVD",
	[EXIT_REASON_INVLPG] = "INVLPG",
	[EXIT_REASON_RDPMC] = "RDPMC",
	[EXIT_REASON_RDTSC] = "RDTSC",
	[EXIT_REASON_RSM] = "RSM",
	[EXIT_REASON_VMCALL] = "VMCALL",
	[EXIT_REASON_VMCLEAR] = "VMCLEAR",
	[EXIT_REASON_VMLAUNCH] = "VMLAUNCH",
	[EXIT_REASON_VMPTRLD] = "VMPTRLD",
	[EXIT_REASON_VMPTRST] = "VMPTRST",
	[EXIT_REASON_VMREAD] = "VMREAD",
	[EXIT_REASON_VMRESUME] = "VMRESUME",
	[EXIT_REASON_VMWRITE] = "VMWRITE",
	[EXIT_REASON_VMXOFF] = "VMXOFF",
	[EXIT_REASON_VMXON] = "VMXON",
	[EXIT_REASON_CONTROL_REGISTER] = "control-register accesses",
	[EXIT_REASON_MOV_DR] = "MOV DR",
	[EXIT_REASON_IO_INSTRUCTION] = "I/O instruction",
	[EXIT_REASON_RDMSR] = "RDMSR",
	[EXIT_REASON_WRMSR] = "WRMSR",
	[EXIT_REASON_INVALID_GUEST_STATE] = "VM-entry failure due to invalid guest state",
	[EXIT_REASON_MSR_LOADING] = "VM-entry failure due to MSR loading",
	[EXIT_REASON_MWAIT] = "MWAIT",
	[EXIT_REASON_MONITOR_TRAP_FLAG] = "monitor trap flag",
	[EXIT_REASON_MONITOR] = "MONITOR",
	[EXIT_REASON_PAUSE] = "PAUSE",
	[EXIT_REASON_ENTRY_MACHINE_CHECK] = "VM-entry failure due to machine-check event",
	[EXIT_REASON_TPR_BELOW_THRESHOLD] = "TPR below threshold",
	[EXIT_REASON_APIC_ACCESS] = "APIC access",
	[EXIT_REASON_VIRTUALIZED_EOI] = "virtualized EOI",
	[EXIT_REASON_GDTR_OR_IDTR] = "access to GDTR or IDTR",
	[EXIT_REASON_LDTR_OR_TR] = "access to LDTR or TR",
	[EXIT_REASON_EPT_VIOLATION] = "EPT violation",
	[EXIT_REASON_EPT_MISCONFIGURATION] = "EPT misconfiguration",
	[EXIT_REASON_INVEPT] = "INVEPT",
	[EXIT_REASON_RDTSCP] = "RDTSCP",
	[EXIT_REASON_PREEMPTION_TIMER] = "VMX-preemption timer expired",
	[EXIT_REASON_INVVPID] = "INVVPID",
	[EXIT_REASON_WBINVD] = "WBINVD or WBNOINVD",
	[EXIT_REASON_XSETBV] = "XSETBV",
	[EXIT_REASON_APIC_WRITE] = "APIC write",
	[EXIT_REASON_RDRAND] = "RDRAND",
	[EXIT_REASON_INVPCID] = "INVPCID",
	[EXIT_REASON_VMFUNC] = "VMFUNC",
	[EXIT_REASON_ENCLS] = "ENCLS",
	[EXIT_REASON_RDSEED] = "RDSEED",
	[EXIT_REASON_PML_FULL] = "page-modification log full",
	[EXIT_REASON_XSAVES] = "XSAVES",
	[EXIT_REASON_XRSTORS] = "XRSTORS",
	[EXIT_REASON_PCONFIG] = "PCONFIG",
	[EXIT_REASON_SPP] = "SPP-related event",
	[EXIT_REASON_UMWAIT] = "UMWAIT",
	[EXIT_REASON_TPAUSE] = "TPAUSE",
	[EXIT_REASON_LOADIWKEY] = "LOADIWKEY",
	[EXIT_REASON_ENCLV] = "ENCLV",
	[EXIT_REASON_ENQCMD_PASID] = "ENQCMD PASID translation failure",
	[EXIT_REASON_ENQCMDS_PASID] = "ENQCMDS PASID translation failure",
	[EXIT_REASON_BUS_LOCK] = "bus lock",
	[EXIT_REASON_INSTRUCTION_TIMEOUT] = "instruction timeout",
	[EXIT_REASON_SEAMCALL] = "SEAMCALL",
	[EXIT_REASON_TDCALL] = "TDCALL",
};

/* SDM 3C 31.4, "VM Instruction Error Numbers". */
static const char *const instruction_errors[] = {
	[VM_ERROR_VMCALL_IN_ROOT] = "VMCALL executed in VMX root operation",
	[VM_ERROR_VMCLEAR_ADDRESS] = "VMCLEAR with invalid physical address",
	[VM_ERROR_VMCLEAR_VMXON_POINTER] = "VMCLEAR with VMXON pointer",
	[VM_ERROR_VMLAUNCH_NOT_CLEAR] = "VMLAUNCH with non-clear VMCS",
	[VM_ERROR_VMRESUME_NOT_LAUNCHED] = "VMRESUME with non-launched VMCS",
	[VM_ERROR_VMRESUME_AFTER_VMXOFF] = "VMRESUME after VMXOFF",
	[VM_ERROR_CONTROL_FIELDS] = "VM entry with invalid control field(s)",
	[VM_ERROR_HOST_STATE] = "VM entry with invalid host-state field(s)",
	[VM_ERROR_VMPTRLD_ADDRESS] = "VMPTRLD with invalid physical address",
	[VM_ERROR_VMPTRLD_VMXON_POINTER] = "VMPTRLD with VMXON pointer",
	[VM_ERROR_VMPTRLD_REVISION] = "VMPTRLD with incorrect VMCS revision identifier",
	[VM_ERROR_UNSUPPORTED_FIELD] = "VMREAD/VMWRITE from/to unsupported VMCS component",
	[VM_ERROR_READ_ONLY_FIELD] = "VMWRITE to read-only VMCS component",
	[VM_ERROR_VMXON_IN_ROOT] = "VMXON executed in VMX root operation",
	[VM_ERROR_EXECUTIVE_POINTER] = "VM entry with invalid executive-VMCS pointer",
	[VM_ERROR_EXECUTIVE_NOT_LAUNCHED] = "VM entry with non-launched executive VMCS",
	[VM_ERROR_EXECUTIVE_NOT_VMXON_POINTER] =
	        "VM entry with executive-VMCS pointer not VMXON pointer",
	[VM_ERROR_VMCALL_NOT_CLEAR] = "VMCALL with non-clear VMCS",
	[VM_ERROR_VMCALL_EXIT_CONTROLS] = "VMCALL with invalid VM-exit control fields",
	[VM_ERROR_VMCALL_MSEG_REVISION] = "VMCALL with incorrect MSEG revision identifier",
	[VM_ERROR_VMXOFF_DUAL_MONITOR] = "VMXOFF under dual-monitor treatment of SMIs and SMM",
	[VM_ERROR_VMCALL_SMM_FEATURES] = "VMCALL with invalid SMM-monitor features",
	[VM_ERROR_EXECUTIVE_CONTROLS] =
	        "VM entry with invalid VM-execution control fields in executive VMCS",
	[VM_ERROR_MOV_SS] = "VM entry with events blocked by MOV SS",
	[VM_ERROR_OPERAND] = "invalid operand to INVEPT/INVVPID",
};

static const char *const exceptions[] = {
	[0] = "#DE",
	[1] = "#DB",
	[2] = "NMI",
	[3] = "#BP",
	[4] = "#OF",
	[5] = "#BR",
	[6] = "#UD",
	[7] = "#NM",
	[8] = "#DF",
	[10] = "#TS",
	[11] = "#NP",
	[12] = "#SS",
	[13] = "#GP",
	[14] = "#PF",
	[16] = "#MF",
	[17] = "#AC",
	[18] = "#MC",
	[19] = "#XM",
	[20] = "#VE",
	[21] = "#CP",
};

static const char *
name_in(const char *const *names, size_t count, unsigned number, const char *otherwise)
{
	return number < count && names[number] ? names[number] : otherwise;
}

const char *
exit_reason_name(unsigned basic_reason)
{
	return name_in(
	        exit_reasons, COUNT(exit_reasons), basic_reason, "exit reason without a name");
}

const char *
vm_instruction_error_name(uint32_t number)
{
	return name_in(
	        instruction_errors, COUNT(instruction_errors), number, "error without a name");
}

const char *
exception_name(unsigned vector)
{
	return name_in(exceptions, COUNT(exceptions), vector, "interrupt or unknown exception");
}

bool
exception_has_error_code(unsigned vector)
{
	return vector < 32 && (0x227d00u >> vector & 1);
}

/* Exit reasons, VM-instruction errors and exceptions by name. */
#include "rules/names.h"

#include <stddef.h>

/* SDM 3D appendix C, "VMX Basic Exit Reasons". */
static const char *const exit_reasons[] = {
	[0] = "exception or non-maskable interrupt",
	[1] = "external interrupt",
	[2] = "triple fault",
	[3] = "INIT signal",
	[4] = "start-up IPI (SIPI)",
	[5] = "I/O system-management interrupt (SMI)",
	[6] = "other SMI",
	[7] = "interrupt window",
	[8] = "NMI window",
	[9] = "task switch",
	[10] = "CPUID",
	[11] = "GETSEC",
	[12] = "HLT",
	[13] = "INVD",
	[14] = "INVLPG",
	[15] = "RDPMC",
	[16] = "RDTSC",
	[17] = "RSM",
	[18] = "VMCALL",
	[19] = "VMCLEAR",
	[20] = "VMLAUNCH",
	[21] = "VMPTRLD",
	[22] = "VMPTRST",
	[23] = "VMREAD",
	[24] = "VMRESUME",
	[25] = "VMWRITE",
	[26] = "VMXOFF",
	[27] = "VMXON",
	[28] = "control-register accesses",
	[29] = "MOV DR",
	[30] = "I/O instruction",
	[31] = "RDMSR",
	[32] = "WRMSR",
	[33] = "VM-entry failure due to invalid guest state",
	[34] = "VM-entry failure due to MSR loading",
	[36] = "MWAIT",
	[37] = "monitor trap flag",
	[39] = "MONITOR",
	[40] = "PAUSE",
	[41] = "VM-entry failure due to machine-check event",
	[43] = "TPR below threshold",
	[44] = "APIC access",
	[45] = "virtualized EOI",
	[46] = "access to GDTR or IDTR",
	[47] = "access to LDTR or TR",
	[48] = "EPT violation",
	[49] = "EPT misconfiguration",
	[50] = "INVEPT",
	[51] = "RDTSCP",
	[52] = "VMX-preemption timer expired",
	[53] = "INVVPID",
	[54] = "WBINVD or WBNOINVD",
	[55] = "XSETBV",
	[56] = "APIC write",
	[57] = "RDRAND",
	[58] = "INVPCID",
	[59] = "VMFUNC",
	[60] = "ENCLS",
	[61] = "RDSEED",
	[62] = "page-modification log full",
	[63] = "XSAVES",
	[64] = "XRSTORS",
	[65] = "PCONFIG",
	[66] = "SPP-related event",
	[67] = "UMWAIT",
	[68] = "TPAUSE",
	[69] = "LOADIWKEY",
	[70] = "ENCLV",
	[72] = "ENQCMD PASID translation failure",
	[73] = "ENQCMDS PASID translation failure",
	[74] = "bus lock",
	[75] = "instruction timeout",
	[76] = "SEAMCALL",
	[77] = "TDCALL",
};

/* SDM 3C 31.4, "VM Instruction Error Numbers". */
static const char *const instruction_errors[] = {
	[1] = "VMCALL executed in VMX root operation",
	[2] = "VMCLEAR with invalid physical address",
	[3] = "VMCLEAR with VMXON pointer",
	[4] = "VMLAUNCH with non-clear VMCS",
	[5] = "VMRESUME with non-launched VMCS",
	[6] = "VMRESUME after VMXOFF",
	[7] = "VM entry with invalid control field(s)",
	[8] = "VM entry with invalid host-state field(s)",
	[9] = "VMPTRLD with invalid physical address",
	[10] = "VMPTRLD with VMXON pointer",
	[11] = "VMPTRLD with incorrect VMCS revision identifier",
	[12] = "VMREAD/VMWRITE from/to unsupported VMCS component",
	[13] = "VMWRITE to read-only VMCS component",
	[15] = "VMXON executed in VMX root operation",
	[16] = "VM entry with invalid executive-VMCS pointer",
	[17] = "VM entry with non-launched executive VMCS",
	[18] = "VM entry with executive-VMCS pointer not VMXON pointer",
	[19] = "VMCALL with non-clear VMCS",
	[20] = "VMCALL with invalid VM-exit control fields",
	[22] = "VMCALL with incorrect MSEG revision identifier",
	[23] = "VMXOFF under dual-monitor treatment of SMIs and SMM",
	[24] = "VMCALL with invalid SMM-monitor features",
	[25] = "VM entry with invalid VM-execution control fields in executive VMCS",
	[26] = "VM entry with events blocked by MOV SS",
	[28] = "invalid operand to INVEPT/INVVPID",
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

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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

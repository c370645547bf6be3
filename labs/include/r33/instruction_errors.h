/* The numbers in the field VM_INSTRUCTION_ERROR after a VMfailValid (SDM 3C, "VM Instruction Error Numbers"), for C
 * and for assembly. */
#pragma once

#define VM_ERROR_VMCALL_IN_ROOT              1
#define VM_ERROR_VMCLEAR_ADDRESS             2
#define VM_ERROR_VMCLEAR_VMXON_POINTER       3
#define VM_ERROR_VMLAUNCH_NOT_CLEAR          4
#define VM_ERROR_VMRESUME_NOT_LAUNCHED       5
#define VM_ERROR_VMRESUME_AFTER_VMXOFF       6
#define VM_ERROR_CONTROL_FIELDS              7
#define VM_ERROR_HOST_STATE                  8
#define VM_ERROR_VMPTRLD_ADDRESS             9
#define VM_ERROR_VMPTRLD_VMXON_POINTER       10
#define VM_ERROR_VMPTRLD_REVISION            11
#define VM_ERROR_UNSUPPORTED_FIELD           12
#define VM_ERROR_READ_ONLY_FIELD             13
#define VM_ERROR_VMXON_IN_ROOT               15
#define VM_ERROR_EXECUTIVE_POINTER           16
#define VM_ERROR_EXECUTIVE_NOT_LAUNCHED      17
#define VM_ERROR_EXECUTIVE_NOT_VMXON_POINTER 18
#define VM_ERROR_VMCALL_NOT_CLEAR            19
#define VM_ERROR_VMCALL_EXIT_CONTROLS        20
#define VM_ERROR_VMCALL_MSEG_REVISION        22
#define VM_ERROR_VMXOFF_DUAL_MONITOR         23
#define VM_ERROR_VMCALL_SMM_FEATURES         24
#define VM_ERROR_EXECUTIVE_CONTROLS          25
#define VM_ERROR_MOV_SS                      26
#define VM_ERROR_OPERAND                     28 /* of INVEPT or INVVPID */

/*
 * Lab 4: descriptor tables, DR7 and MSRs.
 *
 * A guest says where its GDT and IDT are, and what it wants to find in DR7 and in a dozen MSRs.
 * Write to the guest-state area what VM entry loads of this, or find out that the processor
 * would not enter such a guest.  README.md in this directory explains how.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * <r33/msr.h>, <r33/control_registers.h>, <r33/controls.h>, <r33/cpuid.h>, <r33/vmcs_fields.h>, and
 * lab_printf().
 *
 * Of the VM-entry controls, which <r33/controls.h> names, these matter here: VM_ENTRY_LOAD_DEBUG_CONTROLS,
 * ..._IA32_PERF_GLOBAL_CTRL, ..._IA32_PAT, ..._IA32_EFER and ..._CET_STATE.  1: VM entry loads these from
 * the guest-state area, and the processor has the fields.
 */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/instructions.h>
#include <r33/parts.h>

/*
 * Write the fields for the guest's descriptor tables, DR7 and MSRs.
 *
 *   guest->gdt_base, gdt_limit, idt_base, idt_limit, sysenter_cs, sysenter_esp, sysenter_eip
 *                         VM entry always loads these.
 *   guest->dr7, debugctl, pat, efer, perf_global_ctrl, s_cet, ssp, interrupt_ssp_table
 *                         It loads these if a VM-entry control says so: vmread(VM_ENTRY_CONTROLS).
 *                         Otherwise the guest expects what the processor has, and it does not
 *                         matter what the member holds.
 *   guest->ia32e_mode     1 if the guest starts in IA-32e mode.
 *   guest->cr0            its control register 0.
 *
 * Returns ENTER when the fields that VM entry loads are written, REFUSE when this processor would
 * not enter this guest, whatever they hold (then it does not matter what was written).
 */
enum decision
set_tables_and_msrs(const struct guest *guest)
{
	/* YOUR CODE HERE.  Begin with vmread(VM_ENTRY_CONTROLS). */
	(void)guest;
	return UNWRITTEN;
}

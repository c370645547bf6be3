/*
 * Lab 4: descriptor tables, DR7 and MSRs.
 *
 * A guest says where its GDT and IDT are, and what it wants to find in DR7 and in a dozen MSRs.
 * Write to the guest-state area what VM entry loads of this, or find out that the processor
 * would not enter such a guest.  README.md in this directory explains how.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * <r33/msr.h>, <r33/control_registers.h>, <r33/vmcs_fields.h>, and lab_printf().
 */
#include <r33/control_registers.h>
#include <r33/instructions.h>
#include <r33/parts.h>

/* VM-entry controls (SDM 3C, "VM-Entry Controls"): 1 = VM entry loads these from the guest-state
 * area, and the processor has the fields. */
#define LOAD_DEBUG_CONTROLS   (1u << 2) /* DR7 and IA32_DEBUGCTL */
#define LOAD_PERF_GLOBAL_CTRL (1u << 13)
#define LOAD_PAT              (1u << 14)
#define LOAD_EFER             (1u << 15)
#define LOAD_CET_STATE        (1u << 20) /* IA32_S_CET, SSP, IA32_INTERRUPT_SSP_TABLE_ADDR */

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

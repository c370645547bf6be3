/*
 * Lab 8: diagnose.  The guest's registers.
 *
 * For each function there is a guest that ran until its hypervisor made a mistake.  Now VM entry
 * fails with exit reason 33: the guest state breaks one rule.  Inspect it with VMREAD, repair it with
 * VMWRITE, and return the name of the rule, one of <r33/rules.h>.  The guest must stay the same; the
 * fewer fields you change, the more points you get.  README.md in this directory explains how.
 *
 * You may use: vmread(), vmwrite(), vmptrst(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * the headers below, and lab_printf().
 */
#include <r33/control_registers.h>
#include <r33/exercises.h>
#include <r33/instructions.h>
#include <r33/msr.h>
#include <r33/rflags.h>
#include <r33/segments.h>

/*
 * The guest executed MOV to CR3 with PCIDs in mind: bit 63 of the operand asked the processor to
 * keep the TLB. The hypervisor wrote the operand to the field.
 */
enum rule_name
diagnose_new_page_tables(void)
{
	return RULE_NONE;
}

/*
 * The guest cleared PE and PG in one MOV to CR0. The hypervisor emulated it, as it has done since
 * the days before EPT, when every guest needed the hypervisor's paging.
 */
enum rule_name
diagnose_left_protected_mode(void)
{
	return RULE_NONE;
}

/*
 * The guest set EFER.LME, then CR0.PG. The hypervisor noticed, and set the VM-entry control
 * "IA-32e mode guest".
 */
enum rule_name
diagnose_went_to_long_mode(void)
{
	return RULE_NONE;
}

/*
 * The guest wrote IA32_PAT: it wants write through (type 4) in PA5. The hypervisor emulates
 * this WRMSR; the processor does not execute it.
 */
enum rule_name
diagnose_chose_memory_types(void)
{
	return RULE_NONE;
}

/*
 * The guest's program executed SYSCALL, and its kernel is about to start. The hypervisor has taken
 * the selectors of CS and SS from the guest's IA32_STAR. This guest is not unrestricted.
 */
enum rule_name
diagnose_made_system_call(void)
{
	return RULE_NONE;
}

/* The guest came from 32-bit code with a far call, and is now in 64-bit code. */
enum rule_name
diagnose_called_64_bit_code(void)
{
	return RULE_NONE;
}

/*
 * The guest, in 32-bit code, loaded DS from the descriptor of a flat segment: 4 GiB from address
 * 0. The hypervisor read the descriptor for it.
 */
enum rule_name
diagnose_loaded_data_segment(void)
{
	return RULE_NONE;
}

/*
 * The guest executed LTR. The hypervisor took the task register from the descriptor that it found
 * in the guest's GDT.
 */
enum rule_name
diagnose_started_first_task(void)
{
	return RULE_NONE;
}

/*
 * The guest executed LLDT with a null selector: it has no LDT. The hypervisor keeps a flag
 * "present" for each segment register, and this one's is false.
 */
enum rule_name
diagnose_uses_no_ldt(void)
{
	return RULE_NONE;
}

/*
 * The guest, in 32-bit code, jumped, and the hypervisor emulated the jump: it added the
 * displacement to RIP.
 */
enum rule_name
diagnose_was_emulated(void)
{
	return RULE_NONE;
}

/*
 * Lab 8: diagnose.  Non-register fields, and what happens at VM entry.
 *
 * The task is the same as in diagnose_registers.c.
 */
#include <r33/exercises.h>
#include <r33/instructions.h>
#include <r33/rflags.h>

/*
 * A device of the guest raised interrupt 31h, and the hypervisor injects it. (Here you may also
 * change the VM-entry interruption-information field.)
 */
enum rule_name
diagnose_got_an_interrupt(void)
{
	return RULE_NONE;
}

/* The guest executed STI, then CLI, then it exited. */
enum rule_name
diagnose_executed_sti_and_cli(void)
{
	return RULE_NONE;
}

/* The guest has nothing to do: it executed STI and HLT. The hypervisor emulated HLT. */
enum rule_name
diagnose_idles(void)
{
	return RULE_NONE;
}

/*
 * A debugger in the guest single-steps its program. The last instruction was MOV to SS, and the
 * hypervisor emulated it.
 */
enum rule_name
diagnose_is_single_stepped(void)
{
	return RULE_NONE;
}

/*
 * The guest has no linked VMCS. The hypervisor was written for 32-bit processors, which write a
 * 64-bit field in two halves.
 */
enum rule_name
diagnose_has_no_linked_vmcs(void)
{
	return RULE_NONE;
}

/*
 * A 32-bit guest with PAE paging. The hypervisor made page tables for its first megabytes, with
 * code that it also uses for 64-bit guests.
 */
enum rule_name
diagnose_uses_pae_paging(void)
{
	return RULE_NONE;
}

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
	//: solution
	vmwrite(VM_ENTRY_INTERRUPTION_INFORMATION, 0);
	return RULE_RFL_IF_EXTINT;
	//: skeleton
	//| return RULE_NONE;
	//: end
}

/* The guest executed STI, then CLI, then it exited. */
enum rule_name
diagnose_executed_sti_and_cli(void)
{
	//: solution
	vmwrite(GUEST_INTERRUPTIBILITY_STATE, 0);
	return RULE_INT_STI_IF;
	//: skeleton
	//| return RULE_NONE;
	//: end
}

/* The guest has nothing to do: it executed STI and HLT. The hypervisor emulated HLT. */
enum rule_name
diagnose_idles(void)
{
	//: solution
	vmwrite(GUEST_INTERRUPTIBILITY_STATE, 0);
	return RULE_ACT_STI;
	//: skeleton
	//| return RULE_NONE;
	//: end
}

/*
 * A debugger in the guest single-steps its program. The last instruction was MOV to SS, and the
 * hypervisor emulated it.
 */
enum rule_name
diagnose_is_single_stepped(void)
{
	//: solution
	vmwrite(GUEST_PENDING_DEBUG_EXCEPTIONS, vmread(GUEST_PENDING_DEBUG_EXCEPTIONS) | 1u << 14);
	return RULE_PDBG_BS_SET_MOVSS;
	//: skeleton
	//| return RULE_NONE;
	//: end
}

/*
 * The guest has no linked VMCS. The hypervisor was written for 32-bit processors, which write a
 * 64-bit field in two halves.
 */
enum rule_name
diagnose_has_no_linked_vmcs(void)
{
	//: solution
	vmwrite(VMCS_LINK_POINTER, ~0ull);
	return RULE_LINK_ALIGN;
	//: skeleton
	//| return RULE_NONE;
	//: end
}

/*
 * A 32-bit guest with PAE paging. The hypervisor made page tables for its first megabytes, with
 * code that it also uses for 64-bit guests.
 */
enum rule_name
diagnose_uses_pae_paging(void)
{
	//: solution
	vmwrite(GUEST_PDPTE0, vmread(GUEST_PDPTE0) & ~6ull);
	vmwrite(GUEST_PDPTE1, vmread(GUEST_PDPTE1) & ~6ull);
	return RULE_PDPTE_VMCS_2_1;
	//: skeleton
	//| return RULE_NONE;
	//: end
}

/* Where gdb's break-exit and break-fail stop (tools/gdb/r33gdb/entry.py), and what r33 gdb reads: see stops.h. */
#include "vmx/svm/stops.h"

#include <stddef.h>

struct svm_shown svm_shown = { .vmcs = SVM_SHOWN_NOTHING, .ept_pointer = SVM_SHOWN_NOTHING };

_Static_assert(offsetof(struct svm_shown, in_guest) == 0, "entry.S writes it");

void
svm_show_guest(const struct svm_guest *guest)
{
	svm_shown.vmruns++;
	svm_shown.ept_pointer =
	        guest->nested->is_ept ? guest->nested->ept_pointer : SVM_SHOWN_NOTHING;
	svm_shown.cr3 = guest->cr3;
	svm_shown.cr4 = guest->cr4;
	svm_shown.efer = guest->efer;
	svm_shown.pat = guest->pat;
	svm_shown.sysenter_cs = guest->vmcb->sysenter_cs;
	svm_shown.sysenter_esp = guest->vmcb->sysenter_esp;
	svm_shown.sysenter_eip = guest->vmcb->sysenter_eip;
}

void
svm_show_back_end(const struct svm_guest *guest)
{
	svm_shown.is_on = 1;
	svm_shown.pdpt_guest_physical = guest->nested->private_guest_physical;
	svm_shown.pdpt_host_physical = guest->nested->private_host_physical;
}

/* VM exit, or VM entry that failed by one: the VMCS has all of it, *registers the guest's registers. */
__attribute__((noinline)) void svm_exit_point(const struct guest_registers *registers);
void
svm_exit_point(const struct guest_registers *registers)
{
	__asm__ volatile("" : : "r"(registers) : "memory");
}

/* The instruction itself has failed. */
__attribute__((noinline)) void svm_entry_refused(enum vmx_result result);
void
svm_entry_refused(enum vmx_result result)
{
	__asm__ volatile("" : : "r"(result) : "memory");
}

enum vmx_result
svm_entry_ended(enum vmx_result result, const struct guest_registers *registers)
{
	if (result == VMX_SUCCEED)
		svm_exit_point(registers);
	else
		svm_entry_refused(result);
	return result;
}

/* The guest runs: VMRUN again and again, until there is a VM exit. */
#include <r33/control_registers.h>

#include "cpu/extended_state.h"
#include "cpu/frames.h"
#include "cpu/x86.h"
#include "vmx/svm/guest.h"
#include "vmx/svm/stops.h"
#include "vmx/svm/wait.h"

void svm_run(struct vmcb *vmcb, uint64_t registers[16], struct vmcb *host, bool interrupts);
extern const uint8_t kernel_start[], kernel_end[];

static struct vmcb *host; /* for what VMLOAD loads of the host */

void
svm_run_init(void)
{
	host = frame_allocate();
}

/* A breakpoint of the guest's at our own code or data, between loading DR7 and disarming it, would be met
 * there; no guest has anything at these addresses. */
static void
keep_breakpoints_off_ours(struct vmcb *vmcb)
{
	uint64_t dr[4], dr6;

	store_debug_registers(dr, &dr6);
	for (unsigned i = 0; i < 4; i++)
		if (dr[i] + 8 > (uint64_t)kernel_start && dr[i] < (uint64_t)kernel_end)
			vmcb->dr7 &= ~(3ull << 2 * i);
	if (vmcb->event_injection & SVM_EVENT_VALID)
		vmcb->dr7 = svm_dr7_for_delivery(vmcb->dr7);
}

static void
run_with_interrupts(struct svm_guest *guest)
{
	svm_run(guest->vmcb, guest->registers, host, !guest->stepping);
}

static void
run_once(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;
	uint64_t dr7 = vmcb->dr7;
	uint64_t dr6;

	keep_breakpoints_off_ours(vmcb);
	guest->dr6_before = vmcb->dr6;
	vmcb->rax = guest->registers[0];
	vmcb->rsp = guest->registers[4];
	vmcb->cpl = svm_dpl_of_ss(guest);
	vmcb->tlb_control = nested_take_flush(guest->nested);
	svm_wait_or_run(guest, run_with_interrupts);
	/* SYSENTER of TCG leaves CS with L and D, which VMRUN refuses. */
	if (svm_is_64bit(guest))
		vmcb->segments[VMCB_CS].attributes &= ~ATTRIBUTE_DB;
	guest->registers[0] = vmcb->rax;
	guest->registers[4] = vmcb->rsp;
	vmcb->event_injection = 0;
	/* MOV to DR exits: DR7 is as it was, whatever this version stores. */
	vmcb->dr7 = dr7;
	dr6 = vmcb->dr6 & DR6_WRITABLE;
	vmcb->dr6 = dr6 | DR6_FIXED;
}

/* MSRs that VM entry and VM exit leave alone are loaded by VMLOAD: the guest gets the host's, and the host
 * what the guest leaves. */
static void
share_msrs(struct vmcb *to, const struct vmcb *from)
{
	to->star = from->star;
	to->lstar = from->lstar;
	to->cstar = from->cstar;
	to->fmask = from->fmask;
	to->kernel_gs_base = from->kernel_gs_base;
}

void
svm_run_guest(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;
	uint64_t features = extended_state_features(), dr[4];
	enum svm_verdict verdict;

	__asm__ volatile("vmsave %0" : : "a"(host) : "memory");
	share_msrs(vmcb, host);
	vmcb->cr2 = read_cr2();
	store_debug_registers(dr, &vmcb->dr6);
	do {
		verdict = svm_before_instruction(guest);
		if (verdict == SVM_GO_ON) {
			svm_show_guest(guest);
			run_once(guest);
			verdict = svm_handle_exit(guest);
		}
	} while (verdict == SVM_GO_ON);
	svm_end_step(guest);
	share_msrs(host, vmcb);
	__asm__ volatile("vmload %0" : : "a"(host) : "memory");
	write_cr2(vmcb->cr2);
	/* Not all versions of TCG intercept XSETBV. */
	extended_state_restore_features(features);
	store_debug_registers(dr, &(uint64_t){ 0 });
	load_debug_registers(dr, vmcb->dr6);
}

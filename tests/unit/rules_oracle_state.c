/* The oracle: 27.3.1.4 on RIP, RFLAGS and SSP, and 27.3.1.5 on non-register state. */
#include "rules_oracle.h"

enum { EXTERNAL_INTERRUPT = 0, NMI = 2, HARDWARE_EXCEPTION = 3, OTHER_EVENT = 7 };
enum { ACTIVE = 0, HLT = 1, SHUTDOWN = 2, WAIT_FOR_SIPI = 3 };

void
oracle_entry_point(struct oracle *oracle)
{
	uint64_t rip = value_of(oracle, GUEST_RIP);
	uint64_t rflags = value_of(oracle, GUEST_RFLAGS);
	uint64_t ssp = value_of(oracle, GUEST_SSP);
	unsigned width = oracle->processor->linear_address_width;
	bool code64 = oracle->ia32e && bit(value_of(oracle, GUEST_CS_ACCESS_RIGHTS), 13);

	/* RIP: bits 63:32 are 0 outside 64-bit code; in it, with N-bit addresses, bits 63:N are alike. */
	demand(oracle, ID_RIP_HI_32, !code64, bits(rip, 63, 32) == 0);
	demand(oracle, ID_RIP_HI_64, code64, alike(rip, width));
	/* RFLAGS: bits 63:22, 15, 5 and 3 are 0, bit 1 is 1. */
	demand(oracle, ID_RFL_RSVD, true,
	        bits(rflags, 63, 22) == 0 && !bit(rflags, 15) && !bit(rflags, 5) &&
	                !bit(rflags, 3));
	demand(oracle, ID_RFL_BIT1, true, bit(rflags, 1));
	/* VM (17) is 0 in IA-32e mode and in real mode. */
	demand(oracle, ID_RFL_VM_IA32E, oracle->ia32e, !oracle->v86);
	demand(oracle, ID_RFL_VM_PE0, !bit(value_of(oracle, GUEST_CR0), 0), !oracle->v86);
	/* IF (9) is 1 if an external interrupt is injected. */
	demand(oracle, ID_RFL_IF_EXTINT, oracle->event && oracle->event_type == EXTERNAL_INTERRUPT,
	        bit(rflags, 9));
	/* With FRED there is no IOPL (13:12) at CPL 3. */
	demand(oracle, ID_RFL_IOPL_FRED, oracle->fred && oracle->ss_dpl == 3,
	        bits(rflags, 13, 12) == 0);
	/* "load CET state": bits 1:0 of SSP are 0, and 63:N alike. */
	demand(oracle, ID_SSP_ALIGN, entry_control(oracle, 20), bits(ssp, 1, 0) == 0);
	demand(oracle, ID_SSP_HI, entry_control(oracle, 20), alike(ssp, width));
}

/* Events that a processor in HLT state takes: all that are not blocked then. */
static bool
wakes_from_hlt(const struct oracle *oracle)
{
	unsigned vector = oracle->event_vector;

	switch (oracle->event_type) {
	case EXTERNAL_INTERRUPT:
	case NMI: return true;
	case HARDWARE_EXCEPTION: return vector == 1 || vector == 18; /* #DB and #MC */
	case OTHER_EVENT: return vector == 0;                        /* pending MTF VM exit */
	default: return false;
	}
}

static void
judge_activity(struct oracle *oracle, uint64_t activity, uint64_t interruptibility)
{
	bool hlt = activity == HLT, shutdown = activity == SHUTDOWN;
	bool wait = activity == WAIT_FOR_SIPI;

	/* In the range 0 to 3; a state that bits 8:6 of IA32_VMX_MISC report. */
	demand(oracle, ID_ACT_RANGE, true, activity <= 3);
	demand(oracle, ID_ACT_SUPPORTED, activity != ACTIVE && activity <= 3,
	        bit(oracle->processor->vmx_misc, 5 + (unsigned)activity % 4));
	/* Only CPL 0 halts. */
	demand(oracle, ID_ACT_HLT_DPL, hlt, oracle->ss_dpl == 0);
	/* Blocking by STI or MOV SS: active. */
	demand(oracle, ID_ACT_STI, bit(interruptibility, 0), activity == ACTIVE);
	demand(oracle, ID_ACT_MOVSS, bit(interruptibility, 1), activity == ACTIVE);
	/* What is injected must be something that the activity state does not block: in shutdown that
	 * is an NMI or #MC, in wait-for-SIPI nothing. */
	demand(oracle, ID_ACT_HLT_INJ, hlt && oracle->event, wakes_from_hlt(oracle));
	demand(oracle, ID_ACT_SHUTDOWN_INJ, shutdown && oracle->event,
	        oracle->event_type == NMI ||
	                (oracle->event_type == HARDWARE_EXCEPTION && oracle->event_vector == 18));
	demand(oracle, ID_ACT_SIPI_INJ, oracle->event, !wait);
	/* "entry to SMM": not wait-for-SIPI. */
	demand(oracle, ID_ACT_SIPI_SMM, entry_control(oracle, 10), !wait);
}

static void
judge_interruptibility(struct oracle *oracle, uint64_t interruptibility)
{
	bool sti = bit(interruptibility, 0), mov_ss = bit(interruptibility, 1);
	bool smi = bit(interruptibility, 2), nmi = bit(interruptibility, 3);
	bool enclave = bit(interruptibility, 4);
	bool interrupt = oracle->event && oracle->event_type == EXTERNAL_INTERRUPT;
	bool nmi_event = oracle->event && oracle->event_type == NMI;
	bool virtual_nmis = bit(value_of(oracle, PIN_BASED_VM_EXECUTION_CONTROLS), 5);

	/* Bits 31:5 are reserved; not both STI and MOV SS; STI only with RFLAGS.IF. */
	demand(oracle, ID_INT_RSVD, true, bits(interruptibility, 31, 5) == 0);
	demand(oracle, ID_INT_STI_MOVSS, true, !(sti && mov_ss));
	demand(oracle, ID_INT_STI_IF, sti, bit(value_of(oracle, GUEST_RFLAGS), 9));
	/* Neither with an external interrupt or an NMI. */
	demand(oracle, ID_INT_EXTINT_STI, interrupt, !sti);
	demand(oracle, ID_INT_EXTINT_MOVSS, interrupt, !mov_ss);
	demand(oracle, ID_INT_NMI_STI, nmi_event, !sti);
	demand(oracle, ID_INT_NMI_MOVSS, nmi_event, !mov_ss);
	/* Blocking by SMI: not outside SMM, but always when entering SMM. */
	demand(oracle, ID_INT_SMI_NOSMM, !oracle->in_smm, !smi);
	demand(oracle, ID_INT_SMI_SMMENTRY, entry_control(oracle, 10), smi);
	/* No virtual NMI while those are blocked. */
	demand(oracle, ID_INT_NMI_VNMI, virtual_nmis && nmi_event, !nmi);
	/* An interrupted enclave: no blocking by MOV SS, and a processor with SGX. */
	demand(oracle, ID_INT_ENCLAVE_MOVSS, enclave, !mov_ss);
	demand(oracle, ID_INT_ENCLAVE_SGX, enclave, oracle->processor->sgx);
	/* With FRED no blocking by STI at CPL 3. */
	demand(oracle, ID_INT_STI_FRED, oracle->fred && oracle->ss_dpl == 3, !sti);
}

static void
judge_pending_debug(struct oracle *oracle, uint64_t activity, uint64_t interruptibility)
{
	uint64_t pending = value_of(oracle, GUEST_PENDING_DEBUG_EXCEPTIONS);
	bool step = bit(pending, 14), rtm = bit(pending, 16);
	/* TF (8) is 1 and IA32_DEBUGCTL.BTF (1) is 0: each instruction raises a #DB. */
	bool stepping = bit(value_of(oracle, GUEST_RFLAGS), 8) &&
	                !bit(value_of(oracle, GUEST_IA32_DEBUGCTL), 1);
	bool sti = bit(interruptibility, 0), mov_ss = bit(interruptibility, 1);
	bool hlt = activity == HLT;

	/* Reserved: 11:4, 13, 15, 63:17; bit 11 only where no bus locks are detected. */
	demand(oracle, ID_PDBG_RSVD_LOW, true,
	        bits(pending, 10, 4) == 0 &&
	                (!bit(pending, 11) || oracle->processor->bus_lock_detection) &&
	                !bit(pending, 13) && !bit(pending, 15));
	demand(oracle, ID_PDBG_RSVD_31_17, true, bits(pending, 31, 17) == 0);
	demand(oracle, ID_PDBG_RSVD_63_32, true, bits(pending, 63, 32) == 0);
	/* With blocking by STI or MOV SS or in HLT the last instruction's single-step is pending. */
	demand(oracle, ID_PDBG_BS_SET_STI, sti && stepping, step);
	demand(oracle, ID_PDBG_BS_SET_MOVSS, mov_ss && stepping, step);
	demand(oracle, ID_PDBG_BS_SET_HLT, hlt && stepping, step);
	demand(oracle, ID_PDBG_BS_CLR_STI, sti && !stepping, !step);
	demand(oracle, ID_PDBG_BS_CLR_MOVSS, mov_ss && !stepping, !step);
	demand(oracle, ID_PDBG_BS_CLR_HLT, hlt && !stepping, !step);
	/* RTM (16): bits 11:0, 15:13 and 63:17 are 0 and bit 12 is 1; the processor has RTM; no blocking
	 * by MOV SS. */
	demand(oracle, ID_PDBG_RTM_OTHER, rtm,
	        bits(pending, 11, 0) == 0 && bits(pending, 15, 13) == 0 &&
	                bits(pending, 63, 17) == 0 && bit(pending, 12));
	demand(oracle, ID_PDBG_RTM_CPU, rtm, oracle->processor->rtm);
	demand(oracle, ID_PDBG_RTM_MOVSS, rtm, !mov_ss);
}

void
oracle_non_register(struct oracle *oracle)
{
	uint64_t activity = value_of(oracle, GUEST_ACTIVITY_STATE);
	uint64_t interruptibility = value_of(oracle, GUEST_INTERRUPTIBILITY_STATE);

	judge_activity(oracle, activity, interruptibility);
	judge_interruptibility(oracle, interruptibility);
	judge_pending_debug(oracle, activity, interruptibility);
}

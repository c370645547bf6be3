/* The oracle: 27.3.1.1 on DR7 and MSRs. */
#include "rules_oracle.h"

/* The control "load IA32_PAT": each byte must be a memory type: 0 (UC), 1 (WC), 4 (WT), 5 (WP), 6 (WB)
 * or 7 (UC-). */
static void
judge_pat(struct oracle *oracle)
{
	for (unsigned i = 0; i < 8; i++) {
		uint64_t type = bits(value_of(oracle, GUEST_IA32_PAT), 8 * i + 7, 8 * i);

		demand(oracle, (enum catalogue_id)(ID_PAT_BYTE0 + i), entry_control(oracle, 14),
		        type == 0 || type == 1 || (type >= 4 && type <= 7));
	}
}

/* The control "load IA32_EFER": reserved bits are 0; LMA (10) is the control "IA-32e mode guest", and
 * also LME (8) if CR0.PG is 1. */
static void
judge_efer(struct oracle *oracle)
{
	uint64_t efer = value_of(oracle, GUEST_IA32_EFER);
	bool loaded = entry_control(oracle, 15);

	demand(oracle, ID_EFER_RSVD, loaded, (efer & ~oracle->processor->efer_bits) == 0);
	demand(oracle, ID_EFER_LMA_CTL, loaded, bit(efer, 10) == oracle->ia32e);
	demand(oracle, ID_EFER_LMA_LME, loaded && bit(value_of(oracle, GUEST_CR0), 31),
	        bit(efer, 10) == bit(efer, 8));
}

/* The control "load CET state". */
static void
judge_cet(struct oracle *oracle)
{
	uint64_t s_cet = value_of(oracle, GUEST_IA32_S_CET);
	bool loaded = entry_control(oracle, 20);

	/* Bits 9:6 are reserved; the state machine cannot both be suppressed (10) and wait for ENDBRANCH
	 * (11); the bitmap's address is canonical, and so is that of the SSP table. */
	demand(oracle, ID_SCET_RSVD, loaded, bits(s_cet, 9, 6) == 0);
	demand(oracle, ID_SCET_SUPPRESS_TRACKER, loaded, !(bit(s_cet, 10) && bit(s_cet, 11)));
	demand(oracle, ID_SCET_CANON, loaded, canonical(oracle, s_cet));
	demand(oracle, ID_ISST_CANON, loaded,
	        canonical(oracle, value_of(oracle, GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR)));
}

/* The control "load FRED": the values must be ones that WRMSR accepts. */
static void
judge_fred(struct oracle *oracle)
{
	static const uint32_t stacks[] = { GUEST_IA32_FRED_RSP1, GUEST_IA32_FRED_RSP2,
		GUEST_IA32_FRED_RSP3 };
	static const uint32_t shadow_stacks[] = { GUEST_IA32_FRED_SSP1, GUEST_IA32_FRED_SSP2,
		GUEST_IA32_FRED_SSP3 };
	uint64_t config = value_of(oracle, GUEST_IA32_FRED_CONFIG);
	bool loaded = entry_control(oracle, 23);

	/* IA32_FRED_CONFIG: bits 2, 5:4 and 11 are reserved, 63:12 an address. */
	demand(oracle, ID_FRED_CONFIG_RSVD, loaded,
	        !bit(config, 2) && bits(config, 5, 4) == 0 && !bit(config, 11) &&
	                canonical(oracle, config));
	for (unsigned i = 0; i < 3; i++) {
		uint64_t stack = value_of(oracle, stacks[i]);
		uint64_t shadow_stack = value_of(oracle, shadow_stacks[i]);

		/* Stacks begin at multiples of 64, shadow stacks at multiples of 8. */
		demand_at(oracle, ID_FRED_RSP_ALIGN, i, loaded,
		        bits(stack, 5, 0) == 0 && canonical(oracle, stack));
		demand_at(oracle, ID_FRED_SSP_ALIGN, i, loaded,
		        bits(shadow_stack, 2, 0) == 0 && canonical(oracle, shadow_stack));
	}
}

void
oracle_msrs(struct oracle *oracle)
{
	const struct capabilities *processor = oracle->processor;
	uint64_t bndcfgs = value_of(oracle, GUEST_IA32_BNDCFGS);

	/* The control "load debug controls": bits 63:32 of DR7 must be 0, and what is reserved in
	 * IA32_DEBUGCTL. */
	demand(oracle, ID_DR7_HI, entry_control(oracle, 2),
	        bits(value_of(oracle, GUEST_DR7), 63, 32) == 0);
	demand(oracle, ID_DEBUGCTL_RSVD, entry_control(oracle, 2),
	        (value_of(oracle, GUEST_IA32_DEBUGCTL) & ~processor->debugctl_bits) == 0);
	/* Both addresses must be canonical. */
	demand(oracle, ID_SYSENTER_ESP_CANON, true,
	        canonical(oracle, value_of(oracle, GUEST_IA32_SYSENTER_ESP)));
	demand(oracle, ID_SYSENTER_EIP_CANON, true,
	        canonical(oracle, value_of(oracle, GUEST_IA32_SYSENTER_EIP)));
	/* "load IA32_PERF_GLOBAL_CTRL": reserved bits must be 0. */
	demand(oracle, ID_PERF_GLOBAL_RSVD, entry_control(oracle, 13),
	        (value_of(oracle, GUEST_IA32_PERF_GLOBAL_CTRL) &
	                ~processor->perf_global_ctrl_bits) == 0);
	judge_pat(oracle);
	judge_efer(oracle);
	/* "load IA32_BNDCFGS": bits 11:2 must be 0, and the address in 63:12 canonical. */
	demand(oracle, ID_BNDCFGS_RSVD, entry_control(oracle, 16), bits(bndcfgs, 11, 2) == 0);
	demand(oracle, ID_BNDCFGS_CANON, entry_control(oracle, 16), canonical(oracle, bndcfgs));
	/* "load IA32_RTIT_CTL", "load guest IA32_LBR_CTL", "load IA32_SPEC_CTRL": reserved bits. */
	demand(oracle, ID_RTIT_RSVD, entry_control(oracle, 18),
	        (value_of(oracle, GUEST_IA32_RTIT_CTL) & ~processor->rtit_ctl_bits) == 0);
	demand(oracle, ID_LBRCTL_RSVD, entry_control(oracle, 21),
	        (value_of(oracle, GUEST_IA32_LBR_CTL) & ~processor->lbr_ctl_bits) == 0);
	demand(oracle, ID_SPECCTRL_RSVD, entry_control(oracle, 24),
	        (value_of(oracle, GUEST_IA32_SPEC_CTRL) & ~processor->spec_ctrl_bits) == 0);
	judge_cet(oracle);
	/* "load PKRS": bits 63:32 must be 0. */
	demand(oracle, ID_PKRS_HI, entry_control(oracle, 22),
	        bits(value_of(oracle, GUEST_IA32_PKRS), 63, 32) == 0);
	/* "load UINV": a vector has eight bits. */
	demand(oracle, ID_UINV_HI, entry_control(oracle, 19),
	        bits(value_of(oracle, GUEST_UINV), 15, 8) == 0);
	judge_fred(oracle);
}

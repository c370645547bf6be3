/* The oracle: what is asked for more than once, and 27.3.1.1 on control registers. */
#include "rules_oracle.h"

#include <string.h>

void
oracle_judge(struct oracle *oracle, const struct vmcs *vmcs, const struct capabilities *processor,
        bool in_smm)
{
	uint64_t event;

	memset(oracle, 0, sizeof(*oracle));
	oracle->vmcs = vmcs;
	oracle->processor = processor;
	oracle->in_smm = in_smm;
	event = value_of(oracle, VM_ENTRY_INTERRUPTION_INFORMATION);
	oracle->ia32e = entry_control(oracle, 9);
	oracle->unrestricted = secondary(oracle, 7);
	oracle->v86 = bit(value_of(oracle, GUEST_RFLAGS), 17);
	oracle->fred = bit(value_of(oracle, GUEST_CR4), 32);
	oracle->ss_dpl = (unsigned)bits(value_of(oracle, GUEST_SS_ACCESS_RIGHTS), 6, 5);
	oracle->event = bit(event, 31);
	oracle->event_type = (unsigned)bits(event, 10, 8);
	oracle->event_vector = (unsigned)bits(event, 7, 0);
	oracle_controls(oracle);
	oracle_addresses(oracle);
	oracle_injection(oracle);
	oracle_registers(oracle);
	oracle_msrs(oracle);
	oracle_segments(oracle);
	oracle_entry_point(oracle);
	oracle_non_register(oracle);
	oracle_memory(oracle);
	oracle_msr_load(oracle);
}

/* Is CR0's bit one that VM entry checks?  Never NW and CD; PE and PG only of restricted guests. */
static bool
cr0_bit_counts(const struct oracle *oracle, unsigned number)
{
	return number != 29 && number != 30 &&
	       !(oracle->unrestricted && (number == 0 || number == 31));
}

void
oracle_registers(struct oracle *oracle)
{
	const struct capabilities *processor = oracle->processor;
	uint64_t cr0 = value_of(oracle, GUEST_CR0);
	uint64_t cr3 = value_of(oracle, GUEST_CR3);
	uint64_t cr4 = value_of(oracle, GUEST_CR4);
	bool cr0_ones = true, cr0_zeros = true, cr4_ones = true, cr4_zeros = true, cr3_good = true;

	for (unsigned i = 0; i < 64; i++) {
		/* A bit that is 1 in IA32_VMX_CR0_FIXED0 is fixed to 1, one that is 0 in
		 * IA32_VMX_CR0_FIXED1 is fixed to 0; so for CR4. */
		if (cr0_bit_counts(oracle, i)) {
			cr0_ones &= bit(cr0, i) || !bit(processor->cr0_fixed0, i);
			cr0_zeros &= !bit(cr0, i) || bit(processor->cr0_fixed1, i);
		}
		cr4_ones &= bit(cr4, i) || !bit(processor->cr4_fixed0, i);
		cr4_zeros &= !bit(cr4, i) || bit(processor->cr4_fixed1, i);
		/* CR3's bits 63:52 and those of 51:32 beyond the physical-address width must be 0,
		 * but for 62:61 on processors with linear-address masking. */
		if (i >= 52 || (i >= 32 && i >= processor->physical_address_width))
			cr3_good &= !bit(cr3, i) ||
			            (processor->linear_address_masking && (i == 61 || i == 62));
	}
	demand(oracle, ID_CR0_FIXED0, true, cr0_ones);
	demand(oracle, ID_CR0_FIXED1, true, cr0_zeros);
	demand(oracle, ID_CR4_FIXED0, true, cr4_ones);
	demand(oracle, ID_CR4_FIXED1, true, cr4_zeros);
	demand(oracle, ID_CR3_MAXPHY, true, cr3_good);
	/* If PG is 1, PE must be 1 too. */
	demand(oracle, ID_CR0_PG_PE, bit(cr0, 31), bit(cr0, 0));
	/* If CR4.CET is 1, CR0.WP must be 1 too. */
	demand(oracle, ID_CR4_CET_WP, bit(cr4, 23), bit(cr0, 16));
	/* If "IA-32e mode guest" is 1, CR0.PG and CR4.PAE must be 1. */
	demand(oracle, ID_IA32E_PG, oracle->ia32e, bit(cr0, 31));
	demand(oracle, ID_IA32E_PAE, oracle->ia32e, bit(cr4, 5));
	/* If it is 0, CR4.PCIDE and CR4.FRED must be 0. */
	demand(oracle, ID_CR4_PCIDE_32, !oracle->ia32e, !bit(cr4, 17));
	demand(oracle, ID_CR4_FRED_IA32E, !oracle->ia32e, !bit(cr4, 32));
}

/* The oracle: what stands in memory: the linked VMCS (27.3.1.5) and PDPTEs (27.3.1.6). */
#include "rules_oracle.h"

static void
judge_link(struct oracle *oracle)
{
	uint64_t link = value_of(oracle, VMCS_LINK_POINTER);
	bool used = link != UINT64_MAX; /* all ones: there is none */
	bool legal = vmx_page(oracle, link);
	uint64_t first = vmcs_memory(oracle->vmcs, link & ~7ull);
	bool shadowing = secondary(oracle, 14);
	bool into_smm = entry_control(oracle, 10);
	uint64_t revision = bits(oracle->processor->vmx_basic, 30, 0);

	/* Bits 11:0 are 0, and none is beyond the physical-address width. */
	demand(oracle, ID_LINK_ALIGN, used, bits(link, 11, 0) == 0);
	demand(oracle, ID_LINK_MAXPHY, used, vmx_physical(oracle, link));
	/* Bits 30:0 in memory there are the revision identifier, and bit 31 is the control "VMCS
	 * shadowing".  Where no memory can be, nothing is read; no processor has revision 0, it stands for
	 * one that nobody has told of. */
	demand(oracle, ID_LINK_REVISION, used && legal && revision != 0,
	        bits(first, 30, 0) == revision);
	demand(oracle, ID_LINK_SHADOW_SET, used && legal && shadowing, bit(first, 31));
	demand(oracle, ID_LINK_SHADOW_CLR, used && legal && !shadowing, !bit(first, 31));
	/* Outside SMM and when entering it: not the current VMCS; else not the executive VMCS. */
	demand(oracle, ID_LINK_CURRENT, used && legal && (!oracle->in_smm || into_smm),
	        link != oracle->vmcs->address);
	demand(oracle, ID_LINK_EXECUTIVE, used && legal && oracle->in_smm && !into_smm,
	        link != value_of(oracle, EXECUTIVE_VMCS_POINTER));
}

/* The rules of one PDPTE, in the VMCS or in memory; only present ones (bit 0) count. */
static void
judge_pdpte(struct oracle *oracle, enum catalogue_id first, unsigned number, uint64_t pdpte)
{
	bool present = bit(pdpte, 0);
	uint64_t address = bits(pdpte, 51, 0);

	/* Bits 2:1, 8:5, those of an address beyond the processor's, and 63:52 are 0. */
	demand_at(oracle, first, number, present, bits(pdpte, 2, 1) == 0);
	demand_at(oracle, first + 1, number, present, bits(pdpte, 8, 5) == 0);
	demand_at(oracle, first + 2, number, present, physical(oracle, address));
	demand_at(oracle, first + 3, number, present, bits(pdpte, 63, 52) == 0);
}

/* Guests with PAE paging: CR0.PG and CR4.PAE are 1, IA-32e mode is off. */
static void
judge_pdptes(struct oracle *oracle)
{
	static const uint32_t fields[] = { GUEST_PDPTE0, GUEST_PDPTE1, GUEST_PDPTE2, GUEST_PDPTE3 };
	/* CR3 bits 31:5 point at the four. */
	uint64_t table = bits(value_of(oracle, GUEST_CR3), 31, 5) * 32;

	if (oracle->ia32e || !bit(value_of(oracle, GUEST_CR0), 31) ||
	        !bit(value_of(oracle, GUEST_CR4), 5))
		return;
	for (unsigned i = 0; i < 4; i++) {
		/* With EPT they stand in the VMCS, without in memory: there they are one check. */
		if (secondary(oracle, 1))
			judge_pdpte(oracle, ID_PDPTE_VMCS_2_1, i, value_of(oracle, fields[i]));
		else
			judge_pdpte(oracle, ID_PDPTE_MEM_2_1, 0,
			        vmcs_memory(oracle->vmcs, table + 8 * i));
	}
}

void
oracle_memory(struct oracle *oracle)
{
	judge_link(oracle);
	judge_pdptes(oracle);
}

/* Which part may write which fields. */
#include "lab/parts.h"

#include <r33/vmcs_fields.h>

#define FIELD_WIDTH(field) ((field) >> 13 & 3)
#define FIELD_WIDTH_64     1
#define SEGMENT_FIELDS(reg) \
	GUEST_##reg##_SELECTOR, GUEST_##reg##_BASE, GUEST_##reg##_LIMIT, GUEST_##reg##_ACCESS_RIGHTS

static const uint32_t control_registers[] = { GUEST_CR0, GUEST_CR3, GUEST_CR4 };
static const uint32_t entry_point[] = { GUEST_RIP, GUEST_RSP, GUEST_RFLAGS };
static const uint32_t segment_registers[] = {
	SEGMENT_FIELDS(ES),
	SEGMENT_FIELDS(CS),
	SEGMENT_FIELDS(SS),
	SEGMENT_FIELDS(DS),
	SEGMENT_FIELDS(FS),
	SEGMENT_FIELDS(GS),
	SEGMENT_FIELDS(LDTR),
	SEGMENT_FIELDS(TR),
};
static const uint32_t tables_and_msrs[] = {
	GUEST_GDTR_BASE,
	GUEST_GDTR_LIMIT,
	GUEST_IDTR_BASE,
	GUEST_IDTR_LIMIT,
	GUEST_DR7,
	GUEST_IA32_DEBUGCTL,
	GUEST_IA32_SYSENTER_CS,
	GUEST_IA32_SYSENTER_ESP,
	GUEST_IA32_SYSENTER_EIP,
	GUEST_IA32_PAT,
	GUEST_IA32_EFER,
	GUEST_IA32_PERF_GLOBAL_CTRL,
	GUEST_IA32_BNDCFGS,
	GUEST_IA32_RTIT_CTL,
	GUEST_IA32_LBR_CTL,
	GUEST_IA32_PKRS,
	GUEST_IA32_S_CET,
	GUEST_SSP,
	GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR,
};
static const uint32_t activity_and_interruptibility[] = {
	GUEST_ACTIVITY_STATE,
	GUEST_INTERRUPTIBILITY_STATE,
	GUEST_PENDING_DEBUG_EXCEPTIONS,
};
static const uint32_t links_timers_and_pdptes[] = {
	VMCS_LINK_POINTER,
	VMX_PREEMPTION_TIMER_VALUE,
	GUEST_PDPTE0,
	GUEST_PDPTE1,
	GUEST_PDPTE2,
	GUEST_PDPTE3,
	GUEST_INTERRUPT_STATUS,
	GUEST_PML_INDEX,
};
static const uint32_t front_end_test[] = { HOST_RIP, HOST_RSP, GUEST_RIP, GUEST_CR0,
	GUEST_IA32_DEBUGCTL, EXIT_REASON, VMX_PREEMPTION_TIMER_VALUE };

static const uint32_t register_context[] = { HOST_RIP, HOST_RSP };

#define FIELDS(list) list, sizeof(list) / sizeof((list)[0])

const struct part parts[PART_COUNT] = {
	{ 1, "control registers", FIELDS(control_registers), false, false },
	{ 2, "entry point", FIELDS(entry_point), false, false },
	{ 3, "segment registers", FIELDS(segment_registers), false, false },
	{ 4, "tables and MSRs", FIELDS(tables_and_msrs), false, false },
	{ 5, "activity and interruptibility", FIELDS(activity_and_interruptibility), false, false },
	{ 6, "links, timers and PDPTEs", FIELDS(links_timers_and_pdptes), false, false },
};
const struct part part_front_end_test = { 0, "front-end test", FIELDS(front_end_test), true, true };
const struct part part_register_context = { 7, "register context", FIELDS(register_context), true,
	false };

const struct part *
part_of_lab(unsigned lab)
{
	if (lab == part_front_end_test.number)
		return &part_front_end_test;
	if (lab == part_register_context.number)
		return &part_register_context;
	for (size_t i = 0; i < PART_COUNT; i++)
		if (parts[i].number == lab)
			return &parts[i];
	return NULL;
}

bool
part_owns(const struct part *part, uint32_t field)
{
	uint32_t full_field = FIELD_WIDTH(field) == FIELD_WIDTH_64 ? field & ~1u : field;

	for (size_t i = 0; i < part->field_count; i++)
		if (part->fields[i] == full_field)
			return true;
	return false;
}

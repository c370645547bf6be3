/* Which part may write which fields, and read which others. */
#include "lab/parts.h"

#include <r33/array.h>
#include <r33/vmcs_fields.h>

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
static const uint32_t reason_33[] = { VM_ENTRY_INTERRUPTION_INFORMATION };
static const uint32_t whole_guest[] = { HOST_RIP, HOST_RSP, CR0_GUEST_HOST_MASK,
	CR4_GUEST_HOST_MASK, CR0_READ_SHADOW, CR4_READ_SHADOW, VM_ENTRY_INTERRUPTION_INFORMATION,
	VM_ENTRY_EXCEPTION_ERROR_CODE };

/*
 * What parts may know of the others' fields.  What a guest wants is in its description (struct guest), so that
 * is little.  Labs 8 and 9 own the fields of all parts.
 */
static const uint32_t read_by_front_end_test[] = {
	GUEST_RSP, /* that VMWRITE of HOST_RSP does not change it */
};
static const uint32_t read_by_activity[] = {
	GUEST_SS_ACCESS_RIGHTS, /* a guest is halted at CPL 0 only, and the CPL is the DPL of SS (ACT-HLT-DPL) */
};
static const uint32_t read_by_register_context[] = {
	GUEST_RIP,    /* where the guest is: to find out why it exits */
	GUEST_RSP,    /* the one general register that the context does not hold */
	GUEST_RFLAGS, /* as the guest left them: tempting to take over, and wrong (DF) */
};

#define PART(number_, name_, list) \
	.number = (number_), .name = (name_), .fields = (list), .field_count = COUNT(list)
#define READS(list) .readable = (list), .readable_count = COUNT(list)

const struct part parts[PART_COUNT] = {
	{ PART(1, "control registers", control_registers) },
	{ PART(2, "entry point", entry_point) },
	{ PART(3, "segment registers", segment_registers) },
	{ PART(4, "tables and MSRs", tables_and_msrs) },
	{
	        PART(5, "activity and interruptibility", activity_and_interruptibility),
	        READS(read_by_activity),
	},
	{ PART(6, "links, timers and PDPTEs", links_timers_and_pdptes) },
};
const struct part part_front_end_test = {
	PART(0, "front-end test", front_end_test),
	READS(read_by_front_end_test),
	.may_enter = true,
	.may_manage = true,
};
const struct part part_register_context = {
	PART(7, "register context", register_context),
	READS(read_by_register_context),
	.may_enter = true,
};
const struct part part_reason_33 = {
	PART(8, "reason 33", reason_33),
	.whole_guest = true,
};
const struct part part_whole_guest = {
	PART(9, "the whole guest", whole_guest),
	.may_enter = true,
	.whole_guest = true,
};

const struct part *
part_of_lab(unsigned lab)
{
	static const struct part *const others[] = { &part_front_end_test, &part_register_context,
		&part_reason_33, &part_whole_guest };

	for (size_t i = 0; i < COUNT(others); i++)
		if (others[i]->number == lab)
			return others[i];
	return lab - 1 < PART_COUNT ? &parts[lab - 1] : NULL;
}

/* A 64-bit field by its first encoding; the second is that of its high half. */
static uint32_t
whole_field(uint32_t field)
{
	return vmcs_field_width(field) == VMCS_FIELD_64_BITS ? field & ~1u : field;
}

static bool
is_listed(const uint32_t *fields, size_t count, uint32_t field)
{
	uint32_t whole = whole_field(field);

	for (size_t i = 0; i < count; i++)
		if (fields[i] == whole)
			return true;
	return false;
}

bool
part_owns(const struct part *part, uint32_t field)
{
	if (is_listed(part->fields, part->field_count, field))
		return true;
	for (size_t i = 0; part->whole_guest && i < PART_COUNT; i++)
		if (part_owns(&parts[i], field))
			return true;
	return false;
}

bool
part_reads(const struct part *part, uint32_t field)
{
	if (vmcs_field_type(field) < VMCS_FIELD_GUEST_STATE)
		return true;
	if (part_owns(part, field) || is_listed(part->readable, part->readable_count, field))
		return true;
	for (size_t i = 0; i < PART_COUNT; i++)
		if (part_owns(&parts[i], field))
			return false;
	return vmcs_field_type(field) != VMCS_FIELD_HOST_STATE;
}

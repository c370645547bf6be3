/*
 * Checks that only Bochs makes: states that the SDM allows and this engine refuses all the
 * same.  They are written as rules, so that its answer can be predicted; no processor has them, and no report
 * shows them as violated.  A version that does not make a check "lets pass" what it is about.
 *
 * Where Bochs is more lenient than the SDM the rule itself says so (rule->bochs).
 */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/non_register.h>

#include "rules/msr_load.h"

#define PENDING_NEW (PENDING_RTM | PENDING_BLD)
#define PAGE_OFFSET 0xfffull

static uint64_t
enclave_interruption(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_INTERRUPTIBILITY_STATE) & ENCLAVE_INTERRUPTION;
}

static uint64_t
new_pending_bits(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_PENDING_DEBUG_EXCEPTIONS) & PENDING_NEW;
}

static uint64_t
other_event_without_mtf(struct rule_state *state, unsigned index)
{
	uint64_t type = FIELD(state, VM_ENTRY_INTERRUPTION_INFORMATION) & EVENT_TYPE;

	(void)index;
	return type == EVENT_OTHER && !(state->capabilities->primary.may_be_one &
	                                      PRIMARY_MONITOR_TRAP_FLAG)
	               ? EVENT_TYPE
	               : 0;
}

#define PAGING_WIDTH 48 /* of linear addresses while CR4.LA57 is 0, as it is in our host */

/* Bochs takes the width that the host's paging has for the width of linear addresses. */
static uint64_t
field_beyond_paging_width(struct rule_state *state, unsigned index)
{
	return state->capabilities->linear_address_width > PAGING_WIDTH
	               ? not_canonical_by(PAGING_WIDTH, state->values[index])
	               : 0;
}

static uint64_t
msr_beyond_paging_width(struct rule_state *state, unsigned index)
{
	uint64_t address;

	return state->capabilities->linear_address_width > PAGING_WIDTH &&
	                       msr_load_address(state, index, &address)
	               ? not_canonical_by(PAGING_WIDTH, address)
	               : 0;
}

static uint64_t
la57(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, GUEST_CR4) & CR4_LA57;
}

/* The descriptor of posted interrupts has 64 bytes, Bochs wants a page. */
static uint64_t
posted_descriptor_in_page(struct rule_state *state, unsigned index)
{
	(void)index;
	return FIELD(state, PIN_BASED_VM_EXECUTION_CONTROLS) & PIN_POSTED_INTERRUPTS &&
	                       holds(state, TPR_SHADOW)
	               ? FIELD(state, POSTED_INTERRUPT_DESCRIPTOR_ADDRESS) & PAGE_OFFSET
	               : 0;
}

static uint64_t
always(struct rule_state *state, unsigned index)
{
	(void)state;
	(void)index;
	return 1;
}

/* Bochs compares the DPL of CS with the RPL of CS, the SDM with the DPL of SS. */
static uint64_t
cs_dpl_not_rpl(struct rule_state *state, unsigned index)
{
	unsigned rpl = segment_selector(state, CS) & 3;

	(void)index;
	return segment_dpl(state, CS) == rpl ? 0 : RIGHTS_DPL;
}

static uint64_t
cs_dpl_above_rpl(struct rule_state *state, unsigned index)
{
	unsigned rpl = segment_selector(state, CS) & 3;

	(void)index;
	return segment_dpl(state, CS) <= rpl ? 0 : RIGHTS_DPL;
}

/* An address that Bochs wants canonical with fewer bits than the processor has. */
#define BOCHS_CANONICAL(name, section_, field_) \
	.id = "BOCHS-CANON-" name, .section = section_, .bochs = IN_2_7(BOCHS_LETS_PASS), \
	.field = F_##field_, .index = F_##field_, .offending = field_beyond_paging_width, \
	.message = name " is not canonical with 48 bits", \
	.legal = "canonical with 57 bits by the SDM, where the processor has them"

static const struct rule rules[] = {
	{
	        .id = "BOCHS-CS-DPL-NONCONF",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .bochs = IN_3_0(BOCHS_LETS_PASS),
	        .when = ON(CS_NONCONFORMING),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .also = { F_GUEST_CS_SELECTOR },
	        .offending = cs_dpl_not_rpl,
	        .message = "the DPL of non-conforming CS differs from its RPL",
	        .legal = "the SDM compares with the DPL of SS",
	},
	{
	        .id = "BOCHS-CS-DPL-CONF",
	        .section = SECTION_SEGMENT_REGISTERS,
	        .bochs = IN_3_0(BOCHS_LETS_PASS),
	        .when = ON(CS_CONFORMING),
	        .unless = ON(VIRTUAL_8086),
	        .field = F_GUEST_CS_ACCESS_RIGHTS,
	        .also = { F_GUEST_CS_SELECTOR },
	        .offending = cs_dpl_above_rpl,
	        .message = "the DPL of conforming CS is above its RPL",
	        .legal = "the SDM compares with the DPL of SS",
	},
	{
	        .id = "BOCHS-SCET-HI",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(LOAD_CET),
	        .unless = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_IA32_S_CET,
	        .index = F_GUEST_IA32_S_CET,
	        .offending = field_upper_half,
	        .message = "bits 63:32 of IA32_S_CET are not 0 in a guest that is not in IA-32e "
	                   "mode",
	        .legal = "any canonical address by the SDM",
	},
	{
	        .id = "BOCHS-SSP-CANON",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .when = ON(LOAD_CET),
	        .field = F_GUEST_SSP,
	        .index = F_GUEST_SSP,
	        .offending = field_not_canonical,
	        .message = "SSP is not canonical",
	        .legal = "by the SDM the last bit of a linear address may differ",
	},
	{
	        .id = "BOCHS-SSP-HI",
	        .section = SECTION_RIP_RFLAGS_SSP,
	        .when = ON(LOAD_CET),
	        .unless = ON(IA32E_MODE_GUEST),
	        .field = F_GUEST_SSP,
	        .index = F_GUEST_SSP,
	        .offending = field_upper_half,
	        .message = "bits 63:32 of SSP are not 0 in a guest that is not in IA-32e mode",
	        .legal = "bits 63:N alike by the SDM",
	},
	{ BOCHS_CANONICAL("FS-BASE", SECTION_SEGMENT_REGISTERS, GUEST_FS_BASE) },
	{ BOCHS_CANONICAL("GS-BASE", SECTION_SEGMENT_REGISTERS, GUEST_GS_BASE) },
	{ BOCHS_CANONICAL("TR-BASE", SECTION_SEGMENT_REGISTERS, GUEST_TR_BASE) },
	{ BOCHS_CANONICAL("LDTR-BASE", SECTION_SEGMENT_REGISTERS, GUEST_LDTR_BASE),
	        .when = ON(LDTR_USABLE) },
	{ BOCHS_CANONICAL("GDTR-BASE", SECTION_DESCRIPTOR_TABLES, GUEST_GDTR_BASE) },
	{ BOCHS_CANONICAL("IDTR-BASE", SECTION_DESCRIPTOR_TABLES, GUEST_IDTR_BASE) },
	{ BOCHS_CANONICAL("SYSENTER-ESP", SECTION_CONTROL_REGISTERS, GUEST_IA32_SYSENTER_ESP) },
	{ BOCHS_CANONICAL("SYSENTER-EIP", SECTION_CONTROL_REGISTERS, GUEST_IA32_SYSENTER_EIP) },
	{ BOCHS_CANONICAL("SCET", SECTION_CONTROL_REGISTERS, GUEST_IA32_S_CET),
	        .when = ON(LOAD_CET) },
	{ BOCHS_CANONICAL("SSP", SECTION_RIP_RFLAGS_SSP, GUEST_SSP), .when = ON(LOAD_CET) },
	{ BOCHS_CANONICAL("ISST", SECTION_CONTROL_REGISTERS, GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR),
	        .when = ON(LOAD_CET) },
	{
	        .id = "BOCHS-MSRL-CANON",
	        .section = SECTION_LOADING_MSRS,
	        .bochs = IN_2_7(BOCHS_LETS_PASS),
	        .when = ON(MSR_LOAD_AREA),
	        .field = F_VM_ENTRY_MSR_LOAD_ADDRESS,
	        .repeat = REPEAT_MSR_LOAD,
	        .outcome = MSR_LOAD_FAILS,
	        .looks_outside = true,
	        .offending = msr_beyond_paging_width,
	        .message = "an entry's address is not canonical with 48 bits",
	        .legal = "canonical with 57 bits by the SDM, where the processor has them",
	},
	{
	        .id = "BOCHS-PDBG-NEW",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_PENDING_DEBUG_EXCEPTIONS,
	        .offending = new_pending_bits,
	        .message = "pending debug exceptions have bit 16 (RTM) or 11 (bus lock)",
	        .legal = "free by the SDM where the processor has the feature",
	},
	{
	        .id = "BOCHS-INT-ENCLAVE",
	        .section = SECTION_NON_REGISTER,
	        .field = F_GUEST_INTERRUPTIBILITY_STATE,
	        .offending = enclave_interruption,
	        .message = "the interruptibility state has bit 4 (enclave interruption)",
	        .legal = "free by the SDM where the processor has SGX",
	},
	{
	        .id = "BOCHS-POSTED-PAGE",
	        .section = SECTION_EXECUTION_CONTROLS,
	        .bochs = IN_2_7(BOCHS_LETS_PASS),
	        .field = F_POSTED_INTERRUPT_DESCRIPTOR_ADDRESS,
	        .also = { F_PIN_BASED_VM_EXECUTION_CONTROLS,
	                F_PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS },
	        .outcome = VMFAIL_CONTROL,
	        .offending = posted_descriptor_in_page,
	        .message = "the posted-interrupt descriptor does not begin a page",
	        .legal = "bits 5:0 = 0 by the SDM",
	},
	/* No refusal but a panic, which ends the emulation: no such state may be entered. */
	{
	        .id = "BOCHS-PANIC-INJ-TYPE",
	        .section = SECTION_ENTRY_CONTROLS,
	        .when = ON(EVENT_INJECTED),
	        .field = F_VM_ENTRY_INTERRUPTION_INFORMATION,
	        .outcome = ENGINE_PANICS,
	        .offending = other_event_without_mtf,
	        .message = "an event of type 7 is injected without the monitor trap flag",
	        .legal = "VMfail by the SDM (INJ-TYPE-RSVD)",
	},
	{
	        .id = "BOCHS-PANIC-IA32E-REAL",
	        .section = SECTION_CONTROL_REGISTERS,
	        .when = ON(IA32E_MODE_GUEST),
	        .unless = ON(PROTECTED_MODE),
	        .field = F_GUEST_CR0,
	        .outcome = ENGINE_PANICS,
	        .offending = always,
	        .message = "the guest starts in IA-32e mode without protected mode",
	        .legal = "exit reason 33 by the SDM (IA32E-PG)",
	},
	{
	        .id = "BOCHS-PANIC-LA57",
	        .section = SECTION_CONTROL_REGISTERS,
	        .bochs = IN_2_7(BOCHS_LETS_PASS),
	        .field = F_GUEST_CR4,
	        .outcome = ENGINE_PANICS,
	        .offending = la57,
	        .message = "the guest has CR4.LA57 = 1, the host 0: the VM entry is refused in "
	                   "IA-32e mode, the VM exit always",
	        .legal = "free by the SDM where the processor has CR4.LA57",
	},
};

const struct rule_group rules_of_bochs = { rules, COUNT(rules) };

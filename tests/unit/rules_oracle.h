/*
 * What the SDM says of a state (SDM 3C 27.2.1, 27.3.1 and 27.4), sentence by sentence and bit by
 * bit: an oracle that shares no name and no mask with the rules it judges.  Slow and plain.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "rules/capabilities.h"
#include "rules_catalogue.h"
#include "state/vmcs.h"

enum { ORACLE_ENTRIES = 64 }; /* of the MSR-load area, as many as bits in a word */

struct oracle {
	/* In: the state and its processor. */
	const struct vmcs *vmcs;
	const struct capabilities *processor;
	bool in_smm;
	/* What more than one section of the SDM asks for. */
	bool ia32e;        /* the VM-entry control "IA-32e mode guest" */
	bool unrestricted; /* the VM-execution control "unrestricted guest" */
	bool v86;          /* RFLAGS.VM */
	bool fred;         /* CR4.FRED */
	unsigned ss_dpl;
	bool event;          /* is injected */
	unsigned event_type; /* bits 10:8 of its description */
	unsigned event_vector;
	/* Out: bit i is check number i of a rule.  Does it apply, and is it violated? */
	uint64_t applies[CATALOGUE_SIZE];
	uint64_t violated[CATALOGUE_SIZE];
};

/* Judge the state by all rules. */
void oracle_judge(struct oracle *oracle, const struct vmcs *vmcs,
        const struct capabilities *processor, bool in_smm);

/* The sections. */
void oracle_controls(struct oracle *oracle);
void oracle_addresses(struct oracle *oracle);
void oracle_injection(struct oracle *oracle);
void oracle_registers(struct oracle *oracle);
void oracle_msrs(struct oracle *oracle);
void oracle_segments(struct oracle *oracle);
void oracle_entry_point(struct oracle *oracle);
void oracle_non_register(struct oracle *oracle);
void oracle_memory(struct oracle *oracle);
void oracle_msr_load(struct oracle *oracle);

/* One sentence: if it applies, it must be as the SDM wants it. */
static inline void
demand_at(struct oracle *oracle, enum catalogue_id id, unsigned number, bool applies, bool right)
{
	oracle->applies[id] |= (uint64_t)applies << number;
	oracle->violated[id] |= (uint64_t)(applies && !right) << number;
}

static inline void
demand(struct oracle *oracle, enum catalogue_id id, bool applies, bool right)
{
	demand_at(oracle, id, 0, applies, right);
}

static inline uint64_t
value_of(const struct oracle *oracle, uint32_t field)
{
	return vmcs_get(oracle->vmcs, field);
}

static inline bool
bit(uint64_t value, unsigned number)
{
	return value >> number & 1;
}

/* Bits high:low as a number. */
static inline uint64_t
bits(uint64_t value, unsigned high, unsigned low)
{
	return value << (63 - high) >> (63 - high) >> low;
}

/* Are bits 63:low all the same? */
static inline bool
alike(uint64_t value, unsigned low)
{
	return low > 63 || bits(value, 63, low) == 0 || bits(~value, 63, low) == 0;
}

/* An address is canonical if all bits from the highest that it has on are the same. */
static inline bool
canonical(const struct oracle *oracle, uint64_t address)
{
	return alike(address, oracle->processor->linear_address_width - 1u);
}

/* Has the address no bit that the processor's physical addresses lack? */
static inline bool
physical(const struct oracle *oracle, uint64_t address)
{
	unsigned width = oracle->processor->physical_address_width;

	return width > 63 || bits(address, 63, width) == 0;
}

/* The same for what VMX itself uses; bit 48 of IA32_VMX_BASIC limits that to 32 bits. */
static inline bool
vmx_physical(const struct oracle *oracle, uint64_t address)
{
	return physical(oracle, address) &&
	       !(bit(oracle->processor->vmx_basic, 48) && bits(address, 63, 32));
}

/* "Bits 11:0 must be 0; no bits beyond the physical-address width." */
static inline bool
vmx_page(const struct oracle *oracle, uint64_t address)
{
	return bits(address, 11, 0) == 0 && vmx_physical(oracle, address);
}

/* A secondary processor-based control; without bit 31 of the primary ones all are 0. */
static inline bool
secondary(const struct oracle *oracle, unsigned number)
{
	return bit(value_of(oracle, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS), 31) &&
	       bit(value_of(oracle, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS), number);
}

static inline bool
entry_control(const struct oracle *oracle, unsigned number)
{
	return bit(value_of(oracle, VM_ENTRY_CONTROLS), number);
}

/* Random states to judge: see rules_states.h. */
#include "rules_states.h"

#include <stdlib.h>

#include <r33/array.h>

#include "base/util.h"
#include "state/bases.h"

#define PIN       PIN_BASED_VM_EXECUTION_CONTROLS
#define PRIMARY   PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define TERTIARY  TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define SECONDARY SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
enum { MOST_CHANGES = 4, MOST_ENTRIES = 6 };

/* A linear congruential generator (Knuth's MMIX); the upper bits are the good ones. */
static uint64_t
next(struct state_source *source)
{
	source->random = source->random * 6364136223846793005ull + 1442695040888963407ull;
	return source->random >> 32;
}

unsigned
states_below(struct state_source *source, unsigned limit)
{
	return (unsigned)(next(source) % limit);
}

static uint64_t
one_bit(struct state_source *source, unsigned width)
{
	return 1ull << states_below(source, width);
}

/* 0, a bit, a number of ones, their complements, an address and a little. */
static uint64_t
some_value(struct state_source *source)
{
	switch (states_below(source, 7)) {
	case 0: return 0;
	case 1: return one_bit(source, 64);
	case 2: return one_bit(source, 64) - 1;
	case 3: return ~one_bit(source, 64);
	case 4: return -one_bit(source, 64);
	case 5: return 0x20000 | one_bit(source, 16);
	default: return next(source) << 32 | next(source);
	}
}

static void
toggle(struct vmcs *state, uint32_t field, uint64_t bits)
{
	vmcs_set(state, field, vmcs_get(state, field) ^ bits);
}

/* Any field that has to do with an entry. */
static void
change_any_field(struct state_source *source, struct vmcs *state)
{
	uint32_t field = vmcs_encoding(states_below(source, VMCS_FIELD_COUNT));

	if (states_below(source, 2))
		vmcs_set(state, field, some_value(source));
	else
		toggle(state, field, one_bit(source, 64));
}

/* A control that loads an MSR, and the MSR's field. */
static void
load_msr(struct state_source *source, struct vmcs *state)
{
	static const struct {
		unsigned control;
		uint32_t field;
	} loads[] = { { 2, GUEST_IA32_DEBUGCTL }, { 2, GUEST_DR7 },
		{ 13, GUEST_IA32_PERF_GLOBAL_CTRL }, { 14, GUEST_IA32_PAT },
		{ 15, GUEST_IA32_EFER }, { 16, GUEST_IA32_BNDCFGS }, { 18, GUEST_IA32_RTIT_CTL },
		{ 19, GUEST_UINV }, { 20, GUEST_IA32_S_CET }, { 20, GUEST_SSP },
		{ 20, GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR }, { 21, GUEST_IA32_LBR_CTL },
		{ 22, GUEST_IA32_PKRS }, { 23, GUEST_IA32_FRED_CONFIG },
		{ 23, GUEST_IA32_FRED_RSP1 }, { 23, GUEST_IA32_FRED_RSP2 },
		{ 23, GUEST_IA32_FRED_RSP3 }, { 23, GUEST_IA32_FRED_SSP1 },
		{ 23, GUEST_IA32_FRED_SSP2 }, { 23, GUEST_IA32_FRED_SSP3 },
		{ 24, GUEST_IA32_SPEC_CTRL } };
	unsigned i = states_below(source, COUNT(loads));

	if (states_below(source, 8))
		vmcs_set(state, VM_ENTRY_CONTROLS,
		        vmcs_get(state, VM_ENTRY_CONTROLS) | 1ull << loads[i].control);
	vmcs_set(state, loads[i].field,
	        states_below(source, 4) ? some_value(source) : one_bit(source, 12) | 0xc00);
}

static void
change_controls(struct state_source *source, struct vmcs *state)
{
	static const uint32_t fields[] = { PIN, PRIMARY, TERTIARY, SECONDARY, SECONDARY, SECONDARY,
		VM_EXIT_CONTROLS, VM_ENTRY_CONTROLS };
	static const uint8_t used[] = { 0, 1, 4, 5, 7, 8, 9, 14, 17, 25 };

	switch (states_below(source, 10)) {
	case 9: /* tertiary controls, all or some of those that some processor has */
		vmcs_set(state, PRIMARY, vmcs_get(state, PRIMARY) | 1 << 17);
		vmcs_set(state, TERTIARY, states_below(source, 2) ? 0xc7 : one_bit(source, 64));
		break;
	case 8: /* what posted interrupts need */
		vmcs_set(state, PIN, vmcs_get(state, PIN) | 1 << 7 | 1);
		vmcs_set(state, SECONDARY, vmcs_get(state, SECONDARY) | 1 << 9);
		vmcs_set(state, VM_EXIT_CONTROLS, vmcs_get(state, VM_EXIT_CONTROLS) | 1 << 15);
		break;
	case 0: toggle(state, PRIMARY, 1ull << (21 + states_below(source, 2))); break;
	case 1: toggle(state, PRIMARY, 1ull << (25 + 3 * states_below(source, 2))); break;
	case 2: toggle(state, PIN, 1ull << (states_below(source, 8))); break;
	case 3: toggle(state, SECONDARY, 1ull << used[states_below(source, COUNT(used))]); break;
	case 4: toggle(state, VM_ENTRY_CONTROLS, 1ull << (9 + states_below(source, 3))); break;
	case 5: toggle(state, VM_EXIT_CONTROLS, 1ull << (states_below(source, 2) ? 15 : 22)); break;
	case 6: toggle(state, GUEST_CR4, 1ull << 32); break;
	default:
		toggle(state, fields[states_below(source, COUNT(fields))], one_bit(source, 32));
		break;
	}
}

/* What the controls turn on: addresses and small numbers. */
static void
change_control_field(struct state_source *source, struct vmcs *state)
{
	static const uint32_t addresses[] = { IO_BITMAP_A_ADDRESS, IO_BITMAP_B_ADDRESS,
		MSR_BITMAP_ADDRESS, VM_EXIT_MSR_STORE_ADDRESS, VM_EXIT_MSR_LOAD_ADDRESS,
		VM_ENTRY_MSR_LOAD_ADDRESS, PML_ADDRESS, VIRTUAL_APIC_ADDRESS, APIC_ACCESS_ADDRESS,
		POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, EPT_POINTER, VMREAD_BITMAP_ADDRESS,
		VMWRITE_BITMAP_ADDRESS, VMCS_LINK_POINTER };
	static const uint32_t numbers[] = { VIRTUAL_PROCESSOR_ID, CR3_TARGET_COUNT,
		VM_EXIT_MSR_STORE_COUNT, VM_EXIT_MSR_LOAD_COUNT, VM_ENTRY_MSR_LOAD_COUNT,
		TPR_THRESHOLD, TPR_THRESHOLD, TSC_MULTIPLIER,
		POSTED_INTERRUPT_NOTIFICATION_VECTOR };
	static const uint16_t edges[] = { 1, 4, 5, 15, 16, 255, 256, 511, 512, 513, 4096 };
	uint32_t field = numbers[states_below(source, COUNT(numbers))];
	bool edge = states_below(source, 2) && field != VM_ENTRY_MSR_LOAD_COUNT;

	switch (states_below(source, 4)) {
	case 0:
		toggle(state, addresses[states_below(source, COUNT(addresses))],
		        one_bit(source, 64));
		break;
	case 1: toggle(state, EPT_POINTER, one_bit(source, 12)); break;
	case 2:
		vmcs_set(state, field,
		        edge ? edges[states_below(source, COUNT(edges))]
		             : states_below(source, MOST_ENTRIES));
		break;
	default:
		vmcs_set_memory(state, BASE_VIRTUAL_APIC + 0x80, next(source));
		vmcs_set(state, TPR_THRESHOLD, states_below(source, 17));
		break;
	}
}

/* A secondary control and a field that it turns on: 0, or with one bit changed. */
static void
use_control(struct state_source *source, struct vmcs *state)
{
	static const struct {
		unsigned control;
		uint32_t field;
	} uses[] = { { 1, EPT_POINTER }, { 5, VIRTUAL_PROCESSOR_ID }, { 14, VMREAD_BITMAP_ADDRESS },
		{ 14, VMWRITE_BITMAP_ADDRESS }, { 17, PML_ADDRESS }, { 25, TSC_MULTIPLIER },
		{ 0, APIC_ACCESS_ADDRESS } };
	unsigned i = states_below(source, COUNT(uses));

	vmcs_set(state, PRIMARY, vmcs_get(state, PRIMARY) | 1ull << 31);
	vmcs_set(state, SECONDARY, vmcs_get(state, SECONDARY) | 1ull << uses[i].control);
	if (states_below(source, 2))
		vmcs_set(state, uses[i].field, 0);
	else
		toggle(state, uses[i].field, one_bit(source, 64));
}

/* The MSR areas of exits, and the end of that of entries. */
static void
change_areas(struct state_source *source, struct vmcs *state)
{
	static const uint32_t areas[][2] = { { VM_EXIT_MSR_STORE_COUNT, VM_EXIT_MSR_STORE_ADDRESS },
		{ VM_EXIT_MSR_LOAD_COUNT, VM_EXIT_MSR_LOAD_ADDRESS },
		{ VM_ENTRY_MSR_LOAD_COUNT, VM_ENTRY_MSR_LOAD_ADDRESS } };
	const uint32_t *area = areas[states_below(source, COUNT(areas))];
	uint64_t end = 1ull << source->fuzz.capabilities->physical_address_width;

	vmcs_set(state, area[0], states_below(source, 4));
	vmcs_set(state, area[1],
	        states_below(source, 2) ? end - 16ull * states_below(source, 5)
	                                : BASE_OTHER ^ one_bit(source, 64));
}

/* PDPTEs of a guest with PAE paging, in the VMCS and in memory. */
static void
change_pdptes(struct state_source *source, struct vmcs *state)
{
	unsigned number = states_below(source, 4);
	uint64_t pdpte = (BASE_EPT | 1) ^ one_bit(source, 64);

	if (states_below(source, 2)) {
		vmcs_set(state, VM_ENTRY_CONTROLS,
		        vmcs_get(state, VM_ENTRY_CONTROLS) & ~(1ull << 9));
		vmcs_set(state, GUEST_CR4, vmcs_get(state, GUEST_CR4) | 1 << 5);
	}
	vmcs_set(state, GUEST_PDPTE0 + 2 * number, pdpte);
	vmcs_set_memory(state, BASE_CR3 + 8 * number, pdpte);
}

/* A usable LDTR with something wrong. */
static void
change_ldtr(struct state_source *source, struct vmcs *state)
{
	vmcs_set(state, GUEST_LDTR_ACCESS_RIGHTS, 0x82);
	vmcs_set(state, GUEST_LDTR_BASE, states_below(source, 2) ? some_value(source) : 0x15000);
	vmcs_set(state, GUEST_LDTR_SELECTOR, states_below(source, 8));
	if (states_below(source, 2))
		toggle(state, GUEST_LDTR_ACCESS_RIGHTS, one_bit(source, 32));
}

/* A guest with FRED: CPL, IOPL and blocking by STI. */
static void
use_fred(struct state_source *source, struct vmcs *state)
{
	vmcs_set(state, GUEST_CR4, vmcs_get(state, GUEST_CR4) | 1ull << 32);
	switch (states_below(source, 4)) {
	case 0: toggle(state, GUEST_SS_ACCESS_RIGHTS, 0x60); break;
	case 1: toggle(state, GUEST_RFLAGS, 0x1000ull << states_below(source, 2)); break;
	case 2: toggle(state, GUEST_INTERRUPTIBILITY_STATE, 1); break;
	default: toggle(state, GUEST_CS_ACCESS_RIGHTS, 1 << 13); break;
	}
}

/* Entry to SMM: controls and what they ask for. */
static void
enter_smm(struct state_source *source, struct vmcs *state)
{
	vmcs_set(state, VM_ENTRY_CONTROLS,
	        vmcs_get(state, VM_ENTRY_CONTROLS) | 1ull << (10 + states_below(source, 2)));
	switch (states_below(source, 3)) {
	case 0: vmcs_set(state, GUEST_ACTIVITY_STATE, 3); break;
	case 1: toggle(state, GUEST_INTERRUPTIBILITY_STATE, 4); break;
	default: toggle(state, VM_ENTRY_CONTROLS, 1 << 11); break;
	}
}

/* Entries of the MSR-load area: an MSR that a sentence is about, and some value. */
static void
change_msr_area(struct state_source *source, struct vmcs *state)
{
	static const uint32_t msrs[] = { 0x174, 0x175, 0x176, 0xc0000081, 0xc0000082, 0xc0000083,
		0xc0000084, 0xc0000100, 0xc0000101, 0xc0000102, 0xc0000103, 0x277, 0x277,
		0xc0000080, 0xc0000080, 0x480, 0x493, 0x47f, 0x494, 0x9b, 0x79, 0x8b, 0x3a, 0xfe,
		0x179, 0x345, 0x7ff, 0x800, 0x8ff, 0x900, 0x10, 0x1d9, 0x38f, 0x600, 0x1ff, 0x200,
		0x201, 0x20e, 0x20f, 0x250, 0x258, 0x259, 0x268, 0x26f, 0x2ff };
	uint64_t area = vmcs_get(state, VM_ENTRY_MSR_LOAD_ADDRESS);
	uint64_t entry = area + 16ull * states_below(source, 3);
	uint64_t msr = msrs[states_below(source, COUNT(msrs))];

	vmcs_set(state, VM_ENTRY_MSR_LOAD_COUNT, 1 + states_below(source, 3));
	for (unsigned i = 0; i < 3; i++)
		if (!vmcs_memory(state, area + 16 * i))
			vmcs_set_memory(state, area + 16 * i, 0x174);
	vmcs_set_memory(state, entry, states_below(source, 8) ? msr : msr ^ one_bit(source, 64));
	vmcs_set_memory(state, entry + 8,
	        states_below(source, 3) ? some_value(source) : 0x0007040600070406);
}

static void
change_events(struct state_source *source, struct vmcs *state)
{
	uint64_t event = (states_below(source, 16) ? 1ull << 31 : 0) | states_below(source, 8) << 8;

	event |= states_below(source, 2) ? states_below(source, 40) : states_below(source, 3);
	event |= states_below(source, 2) ? 0 : 1ull << (11 + states_below(source, 3));
	switch (states_below(source, 6)) {
	case 0: vmcs_set(state, GUEST_ACTIVITY_STATE, states_below(source, 5)); break;
	case 1: toggle(state, GUEST_INTERRUPTIBILITY_STATE, one_bit(source, 6)); break;
	case 2: toggle(state, GUEST_PENDING_DEBUG_EXCEPTIONS, one_bit(source, 34)); break;
	case 3: vmcs_set(state, GUEST_PENDING_DEBUG_EXCEPTIONS, 0x11000); break;
	case 4: toggle(state, GUEST_RFLAGS, one_bit(source, 18)); break;
	default:
		vmcs_set(state, VM_ENTRY_INTERRUPTION_INFORMATION, event);
		vmcs_set(state, VM_ENTRY_INSTRUCTION_LENGTH, states_below(source, 18));
		break;
	}
}

/* A limit, and whether it counts pages: G. */
static void
change_limit(struct state_source *source, struct vmcs *state)
{
	static const uint32_t limits[] = { 0, 0xffe, 0xfff, 0x1000, 0xfffff, 0x100000, 0xfffff7ff,
		0xffffffff, 0x7fffffff };
	unsigned step = 2 * states_below(source, 8);

	vmcs_set(state, GUEST_ES_LIMIT + step, limits[states_below(source, COUNT(limits))]);
	if (states_below(source, 2))
		toggle(state, GUEST_ES_ACCESS_RIGHTS + step, 1 << 15);
}

/* The DPLs and RPLs of CS and SS, which many rules compare. */
static void
change_privilege(struct state_source *source, struct vmcs *state)
{
	unsigned step = 2 * states_below(source, 6);
	uint32_t rights = GUEST_ES_ACCESS_RIGHTS + step, selector = GUEST_ES_SELECTOR + step;

	switch (states_below(source, 4)) {
	case 0: toggle(state, rights, 1ull << (5 + states_below(source, 2))); break;
	case 1: toggle(state, selector, one_bit(source, 3)); break;
	case 2: toggle(state, rights, one_bit(source, 4)); break;
	default: toggle(state, GUEST_SS_ACCESS_RIGHTS, 0x60); break;
	}
}

static void
change_link(struct state_source *source, struct vmcs *state)
{
	static const uint64_t links[] = { BASE_LINKED, BASE_SHADOW, BASE_OTHER };

	switch (states_below(source, 4)) {
	case 0: vmcs_set(state, VMCS_LINK_POINTER, state->address); break;
	case 1:
		vmcs_set(state, VMCS_LINK_POINTER, BASE_LINKED);
		vmcs_set(state, EXECUTIVE_VMCS_POINTER, BASE_LINKED);
		break;
	case 2: toggle(state, VMCS_LINK_POINTER, one_bit(source, 64)); break;
	default:
		vmcs_set(state, VMCS_LINK_POINTER, links[states_below(source, COUNT(links))]);
		break;
	}
}

static void (*const changes[])(
        struct state_source *source, struct vmcs *state) = { change_any_field, load_msr, load_msr,
	change_controls, change_controls, change_control_field, change_msr_area, change_msr_area,
	change_events, change_events, change_limit, change_privilege, change_link, use_control,
	change_areas, change_pdptes, change_ldtr, use_fred, enter_smm };

void
states_make(struct state_source *source, uint64_t seed, uint64_t number, struct vmcs *state)
{
	source->random = seed ^ number * 0x9e3779b97f4a7c15ull;
	next(source);
	fuzz_state(&source->fuzz, seed, number, state);
	if (states_below(source, 3) == 0)
		return;
	if (states_below(source, 2))
		*state = source->bases[source->fuzz
		                .usable[states_below(source, source->fuzz.usable_count)]];
	for (unsigned i = states_below(source, MOST_CHANGES) + 1; i > 0; i--)
		changes[states_below(source, COUNT(changes))](source, state);
}

void
states_prepare(struct state_source *source, const struct capabilities *processor)
{
	source->bases = allocate(base_count(), sizeof(*source->bases));
	for (unsigned i = 0; i < base_count(); i++)
		base_make(i, processor, &source->bases[i]);
	fuzz_prepare(&source->fuzz, processor, source->bases);
}

void
states_free(struct state_source *source)
{
	fuzz_free(&source->fuzz);
	free(source->bases);
}

void
states_prepare_models(struct state_source sources[MODELS])
{
	models_derive();
	for (unsigned i = 0; i < MODELS; i++)
		states_prepare(&sources[i], &models[i]);
}

void
states_free_models(struct state_source sources[MODELS])
{
	for (unsigned i = 0; i < MODELS; i++)
		states_free(&sources[i]);
}

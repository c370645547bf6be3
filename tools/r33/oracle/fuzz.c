/*
 * Random guest states: see fuzz.h.
 *
 * A mutation changes one thing that a rule looks at, mostly to a value at a boundary: a bit
 * flipped, a power of two and its neighbours, an address at the edge of the canonical ones, another
 * base's value.  What would bring down the host side of the entry is left alone: exit controls, host
 * state, MSRs that the kernel lives by.
 */
#include "fuzz.h"

#include <stdlib.h>

#include <r33/array.h>

#include "base/util.h"
#include "rules/batch.h"
#include "state/bases.h"

#define PIN       PIN_BASED_VM_EXECUTION_CONTROLS
#define PRIMARY   PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
#define SECONDARY SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS
/* Changing the base costs the kernel a whole VMCS, so some states of the same follow each other. */
enum { SEGMENTS = 8, FIELD_STEP = 2, MOST_MUTATIONS = 3, STATES_A_BASE = 256 };

/* xorshift64*, Vigna: small, and the same everywhere. */
struct random {
	uint64_t state;
};

static uint64_t
next(struct random *random)
{
	random->state ^= random->state >> 12;
	random->state ^= random->state << 25;
	random->state ^= random->state >> 27;
	return random->state * 0x2545f4914f6cdd1dull;
}

static unsigned
below(struct random *random, size_t limit)
{
	return (unsigned)((next(random) >> 33) % limit);
}

/* splitmix64: neighbouring numbers begin far from each other. */
static struct random
random_of(uint64_t seed, uint64_t number)
{
	uint64_t z = seed * 0x9e3779b97f4a7c15ull + number * 0xd1b54a32d192ed03ull + 1;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	z ^= z >> 31;
	return (struct random){ z ? z : 1 };
}

/* Fields that are mutated as plain numbers. */
static const uint32_t plain_fields[] = { GUEST_CR0, GUEST_CR3, GUEST_CR4, GUEST_DR7,
	GUEST_IA32_DEBUGCTL, GUEST_IA32_SYSENTER_ESP, GUEST_IA32_SYSENTER_EIP,
	GUEST_IA32_PERF_GLOBAL_CTRL, GUEST_IA32_PAT, GUEST_IA32_EFER, GUEST_IA32_S_CET, GUEST_SSP,
	GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR, GUEST_IA32_PKRS, GUEST_UINV, GUEST_GDTR_BASE,
	GUEST_IDTR_BASE, GUEST_GDTR_LIMIT, GUEST_IDTR_LIMIT, GUEST_RIP, GUEST_RFLAGS,
	GUEST_INTERRUPTIBILITY_STATE, GUEST_PENDING_DEBUG_EXCEPTIONS, GUEST_PDPTE0, GUEST_PDPTE1,
	GUEST_PDPTE2, GUEST_PDPTE3, VM_ENTRY_EXCEPTION_ERROR_CODE, VIRTUAL_PROCESSOR_ID };

static uint64_t
boundary(const struct fuzz *fuzz, struct random *random)
{
	unsigned width = fuzz->capabilities->physical_address_width;
	uint64_t lower_half = 1ull << (fuzz->capabilities->linear_address_width - 1u);
	const uint64_t values[] = { 0, 1, ~0ull, 0xffff, 0x10000, 0xffffffff, 0x100000000,
		0x7fffffffffff, 0x800000000000, 0xffff7fffffffffff, 0xffff800000000000, lower_half,
		lower_half - 1, ~lower_half, ~lower_half + 1, 1ull << width, (1ull << width) - 1,
		1ull << (width - 1), 0xfff, 0xfffff, 0x100000 };
	unsigned bit = below(random, 64);

	switch (below(random, 3)) {
	case 0: return 1ull << bit;
	case 1: return (1ull << bit) - 1;
	default: return values[below(random, COUNT(values))];
	}
}

static void
flip(struct vmcs *state, uint32_t field, struct random *random)
{
	vmcs_set(state, field,
	        vmcs_get(state, field) ^ 1ull << below(random, vmcs_field_bits(field)));
}

/* A plain field: a bit flipped, a boundary, another base's value, or a boundary mixed in. */
static void
mutate_plain(const struct fuzz *fuzz, struct vmcs *state, uint32_t field, struct random *random)
{
	const struct vmcs *other = &fuzz->bases[fuzz->usable[below(random, fuzz->usable_count)]];

	switch (below(random, 6)) {
	case 0: vmcs_set(state, field, boundary(fuzz, random)); break;
	case 1: vmcs_set(state, field, vmcs_get(other, field)); break;
	case 2: vmcs_set(state, field, vmcs_get(state, field) ^ boundary(fuzz, random)); break;
	default: flip(state, field, random); break;
	}
}

static void
mutate_some_plain(const struct fuzz *fuzz, struct vmcs *state, struct random *random)
{
	mutate_plain(fuzz, state, plain_fields[below(random, COUNT(plain_fields))], random);
}

/* A segment register: its type, its DPL, its RPL, one field, or all of it from another base. */
static void
mutate_segment(const struct fuzz *fuzz, struct vmcs *state, struct random *random)
{
	static const uint32_t kinds[] = { GUEST_ES_SELECTOR, GUEST_ES_BASE, GUEST_ES_LIMIT,
		GUEST_ES_ACCESS_RIGHTS };
	const struct vmcs *other = &fuzz->bases[fuzz->usable[below(random, fuzz->usable_count)]];
	unsigned step = FIELD_STEP * below(random, SEGMENTS);
	uint32_t rights_field = GUEST_ES_ACCESS_RIGHTS + step;
	uint64_t rights = vmcs_get(state, rights_field);

	switch (below(random, 8)) {
	case 0: vmcs_set(state, rights_field, (rights & ~0xfull) | below(random, 16)); break;
	case 1: vmcs_set(state, rights_field, (rights & ~0x60ull) | below(random, 4) << 5); break;
	case 2:
		vmcs_set(state, GUEST_ES_SELECTOR + step,
		        (vmcs_get(state, GUEST_ES_SELECTOR + step) & ~7ull) | below(random, 8));
		break;
	case 3: vmcs_set(state, rights_field, rights ^ 1ull << below(random, 17)); break;
	case 4:
		for (unsigned i = 0; i < COUNT(kinds); i++)
			vmcs_set(state, kinds[i] + step, vmcs_get(other, kinds[i] + step));
		break;
	case 5: vmcs_set(state, GUEST_ES_SELECTOR + step, below(random, 5)); break;
	default: mutate_plain(fuzz, state, kinds[below(random, COUNT(kinds))] + step, random);
	}
}

static void
mutate_activity(const struct fuzz *fuzz, struct vmcs *state, struct random *random)
{
	static const uint64_t events[] = { 0, 0x80000202, 0x80000203, 0x80000020, 0x80000012,
		0x80000301, 0x80000306, 0x80000312, 0x80000b0d, 0x8000030d, 0x80000b08, 0x80000480,
		0x80000501, 0x80000603, 0x80000700, 0x80000320, 0x80000100, 0x00000202 };

	(void)fuzz;
	switch (below(random, 6)) {
	case 0: vmcs_set(state, GUEST_ACTIVITY_STATE, below(random, 6)); break;
	case 1: vmcs_set(state, GUEST_INTERRUPTIBILITY_STATE, below(random, 32)); break;
	case 2:
		vmcs_set(state, VM_ENTRY_INTERRUPTION_INFORMATION,
		        events[below(random, COUNT(events))]);
		vmcs_set(state, VM_ENTRY_INSTRUCTION_LENGTH, below(random, 17));
		break;
	case 3: flip(state, VM_ENTRY_INTERRUPTION_INFORMATION, random); break;
	case 4:
		vmcs_set(state, GUEST_RFLAGS,
		        vmcs_get(state, GUEST_RFLAGS) ^ 0x100ull << below(random, 2));
		break;
	default:
		vmcs_set(state, GUEST_PENDING_DEBUG_EXCEPTIONS,
		        vmcs_get(state, GUEST_PENDING_DEBUG_EXCEPTIONS) ^
		                1ull << (11 + below(random, 7)));
	}
}

/* Controls that decide which rules apply. */
static void
mutate_controls(const struct fuzz *fuzz, struct vmcs *state, struct random *random)
{
	static const uint8_t entry[] = { 2, 9, 13, 14, 15, 19, 20, 22 };

	(void)fuzz;
	switch (below(random, 5)) {
	case 0:
	case 1:
		vmcs_set(state, VM_ENTRY_CONTROLS,
		        vmcs_get(state, VM_ENTRY_CONTROLS) ^
		                1ull << entry[below(random, COUNT(entry))]);
		break;
	case 2:
		vmcs_set(state, SECONDARY,
		        vmcs_get(state, SECONDARY) ^ (below(random, 2) ? 1ull << 7 : 1ull << 1));
		break;
	case 3: vmcs_set(state, PIN, vmcs_get(state, PIN) ^ 1ull << 5); break;
	default: flip(state, VM_ENTRY_CONTROLS, random); break;
	}
}

/* The link pointer and what it points at; PDPTEs in memory; the MSR-load area. */
static void
mutate_memory(const struct fuzz *fuzz, struct vmcs *state, struct random *random)
{
	static const uint64_t links[] = { ~0ull, BASE_LINKED, BASE_SHADOW, BASE_OTHER, BASE_CR3,
		BATCH_VMCS, BASE_LINKED + 8, 0xffffffff };
	static const uint64_t msrs[] = { 0x174, 0x175, 0x176, 0xc0000100, 0xc0000101, 0xc0000102,
		0x277, 0x480, 0x492, 0x9b, 0x79, 0x800 };
	uint64_t entry = BASE_MSR_LOAD + 16ull * below(random, 2);
	uint64_t pdpte = BASE_CR3 + 8ull * below(random, 4);
	unsigned bit;

	switch (below(random, 5)) {
	case 0: vmcs_set(state, VMCS_LINK_POINTER, links[below(random, COUNT(links))]); break;
	case 1: flip(state, VMCS_LINK_POINTER, random); break;
	case 2:
		/* Present, and pointing at an empty page: a guest that uses it finds nothing. */
		bit = below(random, 36);
		vmcs_set_memory(state, pdpte, (BASE_EPT | 1) ^ 1ull << (bit < 12 ? bit : bit + 28));
		break;
	case 3:
		vmcs_set_memory(state, entry, msrs[below(random, COUNT(msrs))]);
		vmcs_set_memory(state, entry + 8,
		        below(random, 2) ? 0x0007040600070406 : boundary(fuzz, random));
		break;
	default:
		vmcs_set_memory(
		        state, entry, vmcs_memory(state, entry) ^ 1ull << (32 + below(random, 32)));
	}
}

static void (*const mutations[])(
        const struct fuzz *fuzz, struct vmcs *state, struct random *random) = { mutate_some_plain,
	mutate_some_plain, mutate_some_plain, mutate_segment, mutate_segment, mutate_segment,
	mutate_activity, mutate_activity, mutate_controls, mutate_memory };

void
fuzz_prepare(struct fuzz *fuzz, const struct capabilities *capabilities, const struct vmcs *bases)
{
	struct vmcs unused;

	*fuzz = (struct fuzz){ capabilities, bases, allocate(base_count(), sizeof(unsigned)), 0 };
	for (unsigned i = 0; i < base_count(); i++)
		if (!base_make(i, capabilities, &unused))
			fuzz->usable[fuzz->usable_count++] = i;
}

void
fuzz_free(struct fuzz *fuzz)
{
	free(fuzz->usable);
}

unsigned
fuzz_state(const struct fuzz *fuzz, uint64_t seed, uint64_t number, struct vmcs *state)
{
	struct random random = random_of(seed, number);
	unsigned base = fuzz->usable[number / STATES_A_BASE % fuzz->usable_count];

	*state = fuzz->bases[base];
	for (unsigned count = 1 + below(&random, MOST_MUTATIONS); count > 0; count--)
		mutations[below(&random, COUNT(mutations))](fuzz, state, &random);
	return base;
}

/*
 * The checks of VM entry.  Where the processor has no VMX the rules are the processor: kernel/rules decides, with
 * the host state beside it (SDM 3C 27.2.2 to 27.2.4).
 */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/instruction_errors.h>
#include <r33/msr.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "lib/string.h"
#include "rules/names.h"
#include "rules/rules.h"
#include "rules/terms.h"
#include "rules/values.h"
#include "vmx/svm/guest.h"

struct source {
	const struct vmcs_region *vmcs;
	const struct vmcs_format *format;
};

static bool
read_field(void *context, uint32_t field, uint64_t *value)
{
	const struct source *source = context;

	*value = 0;
	vmcs_region_read(source->vmcs, source->format, field, value);
	return true;
}

/* Of the fields that rules look at all halves are whole; those that this processor lacks are 0. */
static void
read_many(void *context, const uint32_t *fields, unsigned count, uint64_t *values, bool *known)
{
	const struct source *source = context;

	for (unsigned i = 0; i < count; i++) {
		unsigned slot = vmcs_slot(fields[i]);

		values[i] = source->format->exists[slot] ? source->vmcs->fields[slot] : 0;
		known[i] = true;
	}
}

static bool
read_memory(void *context, uint64_t address, uint64_t *value)
{
	(void)context;
	/* Where there is no memory, or the kernel keeps none, everything reads as ones. */
	*value = svm_is_memory(address, sizeof(*value)) ? *(const uint64_t *)address : ~0ull;
	return true;
}

/* The kernel writes the host state itself: this finds its mistakes, and answers them as a processor would. */
static bool
host_state_is_valid(const struct vmcs_region *vmcs, const struct capabilities *c)
{
	static const uint32_t selectors[] = { HOST_ES_SELECTOR, HOST_CS_SELECTOR, HOST_SS_SELECTOR,
		HOST_DS_SELECTOR, HOST_FS_SELECTOR, HOST_GS_SELECTOR, HOST_TR_SELECTOR };
	static const uint32_t addresses[] = { HOST_FS_BASE, HOST_GS_BASE, HOST_TR_BASE,
		HOST_GDTR_BASE, HOST_IDTR_BASE, HOST_IA32_SYSENTER_ESP, HOST_IA32_SYSENTER_EIP,
		HOST_RIP };
	uint32_t exit = (uint32_t)vmcs_get(vmcs, VM_EXIT_CONTROLS);
	uint64_t cr0 = vmcs_get(vmcs, HOST_CR0), cr4 = vmcs_get(vmcs, HOST_CR4);
	uint64_t efer = vmcs_get(vmcs, HOST_IA32_EFER);

	if ((c->cr0_fixed0 & ~cr0) || (cr0 & ~c->cr0_fixed1) || (c->cr4_fixed0 & ~cr4) ||
	        (cr4 & ~c->cr4_fixed1) || !(cr4 & CR4_PAE) ||
	        vmcs_get(vmcs, HOST_CR3) >> c->physical_address_width)
		return false;
	for (unsigned i = 0; i < COUNT(selectors); i++)
		if (vmcs_get(vmcs, selectors[i]) & (SELECTOR_RPL | SELECTOR_TI))
			return false;
	if (!vmcs_get(vmcs, HOST_CS_SELECTOR) || !vmcs_get(vmcs, HOST_TR_SELECTOR))
		return false;
	for (unsigned i = 0; i < COUNT(addresses); i++)
		if (not_canonical_by(c->linear_address_width, vmcs_get(vmcs, addresses[i])))
			return false;
	if ((exit & VM_EXIT_LOAD_IA32_PAT) &&
	        wrong_memory_types(vmcs_get(vmcs, HOST_IA32_PAT), PAT_TYPES))
		return false;
	if ((exit & VM_EXIT_LOAD_IA32_EFER) &&
	        ((efer & ~c->efer_bits) || (efer & (EFER_LMA | EFER_LME)) != (EFER_LMA | EFER_LME)))
		return false;
	return exit & VM_EXIT_HOST_ADDRESS_SPACE_SIZE;
}

/* The first violation with this outcome, or NULL. */
static const struct rule_violation *
find(const struct rule_violation *violations, size_t count, enum rule_outcome outcome)
{
	for (size_t i = 0; i < count; i++)
		if (violations[i].rule->outcome == outcome)
			return &violations[i];
	return NULL;
}

/*
 * Entered again and again, a guest changes RIP and what no rule looks at.  What was found good is remembered: the
 * same values once more are good, with any RIP in the same 2 GiB.  States that rules look beyond the fields for
 * are not remembered.
 */
#define HOST_FIELDS 64

static struct {
	bool known;
	uint64_t values[VMCS_SLOTS];
} good;
static uint16_t watched[RULE_FIELD_COUNT + HOST_FIELDS]; /* slots, all but RIP's */
static unsigned watched_count;

static void
find_watched(void)
{
	static const unsigned host_groups[] = { 3, 7, 11, 15 };

	for (unsigned i = F_NONE + 1; i < RULE_FIELD_COUNT; i++)
		if (i != F_GUEST_RIP)
			watched[watched_count++] = (uint16_t)vmcs_slot(rule_field_encoding(i));
	for (unsigned i = 0; i < COUNT(host_groups); i++) {
		struct vmcs_slot_range range = vmcs_slot_ranges[host_groups[i]];

		for (unsigned slot = range.first; slot < range.end; slot++)
			watched[watched_count++] = (uint16_t)slot;
	}
}

static bool
is_known_to_be_good(const struct vmcs_region *vmcs)
{
	uint64_t differs = 0;

	if (!good.known || (vmcs_get(vmcs, GUEST_RIP) ^ good.values[vmcs_slot(GUEST_RIP)]) >> 31)
		return false;
	for (unsigned i = 0; i < watched_count; i++)
		differs |= vmcs->fields[watched[i]] ^ good.values[watched[i]];
	return !differs;
}

static bool
looks_outside(const struct vmcs_region *vmcs, const struct capabilities *c)
{
	bool pae = (vmcs_get(vmcs, GUEST_CR0) & CR0_PG) && (vmcs_get(vmcs, GUEST_CR4) & CR4_PAE);

	return vmcs_get(vmcs, VMCS_LINK_POINTER) != ~0ull ||
	       vmcs_get(vmcs, VM_ENTRY_MSR_LOAD_COUNT) || (pae && !c->ept);
}

static void
remember(const struct vmcs_region *vmcs, const struct capabilities *c)
{
	if (watched_count == 0)
		find_watched();
	good.known = !looks_outside(vmcs, c);
	if (good.known)
		memcpy(good.values, vmcs->fields, sizeof(good.values));
}

struct entry_checked
svm_check_entry(const struct vmcs_region *vmcs, const struct vmcs_format *format,
        const struct capabilities *capabilities, uint64_t current_vmcs)
{
	static struct rule_violation violations[RULES_MAX];
	struct source source = { vmcs, format };
	struct rule_input input = {
		.read = read_field,
		.read_many = read_many,
		.read_memory = read_memory,
		.context = &source,
		.capabilities = capabilities,
		.current_vmcs_known = true,
		.current_vmcs = current_vmcs,
	};
	const struct rule_violation *violation;
	size_t count;

	if (is_known_to_be_good(vmcs))
		return (struct entry_checked){ ENTRY_GOOD, 0, 0 };
	count = rules_check(&input, violations, RULES_MAX);
	if (count > RULES_MAX)
		count = RULES_MAX;
	if (find(violations, count, VMFAIL_CONTROL))
		return (struct entry_checked){ ENTRY_VMFAIL, VM_ERROR_CONTROL_FIELDS, 0 };
	if (!host_state_is_valid(vmcs, capabilities))
		return (struct entry_checked){ ENTRY_VMFAIL, VM_ERROR_HOST_STATE, 0 };
	violation = find(violations, count, INVALID_GUEST_STATE);
	if (violation)
		return (struct entry_checked){ ENTRY_FAILED, EXIT_REASON_INVALID_GUEST_STATE,
			rule_qualification(violation) };
	violation = find(violations, count, MSR_LOAD_FAILS);
	if (violation)
		return (struct entry_checked){ ENTRY_FAILED, EXIT_REASON_MSR_LOADING,
			rule_qualification(violation) };
	remember(vmcs, capabilities);
	return (struct entry_checked){ ENTRY_GOOD, 0, 0 };
}

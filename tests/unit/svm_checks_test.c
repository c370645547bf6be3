/* Unit tests of kernel/vmx/svm/checks.c: which of a VMCS's mistakes VM entry answers, and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/exit_reasons.h>
#include <r33/instruction_errors.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "rules_models.h"
#include "svm_base.h"
#include "vmx/svm/guest.h"

#define CURRENT   0x200000
#define MSR_LOADS 0x1106000ull /* mapped at this address of the test's own memory */

static struct vmcs_region region;
static struct vmcs_format format;
static const struct capabilities *processor = &models[TIGERLAKE];

bool
svm_is_memory(uint64_t physical, size_t size)
{
	return physical >= MSR_LOADS && physical + size <= MSR_LOADS + 4096;
}

static void
set(uint32_t field, uint64_t value)
{
	vmcs_set(&region, field, value);
}

/* A 64-bit guest that breaks no rule, and a host. */
static void
fill(void)
{
	static const uint32_t selectors[] = { HOST_ES_SELECTOR, HOST_CS_SELECTOR, HOST_SS_SELECTOR,
		HOST_DS_SELECTOR, HOST_FS_SELECTOR, HOST_GS_SELECTOR, HOST_TR_SELECTOR };
	static void *memory;

	if (!memory)
		memory = mmap((void *)MSR_LOADS, 4096, PROT_READ | PROT_WRITE,
		        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	assert_ptr_equal(memory, (void *)MSR_LOADS);
	memset(memory, 0, 4096);
	memset(&region, 0, sizeof(region));
	models_derive();
	vmcs_format_derive(&format, processor);
	svm_base_store("64-bit", processor, set);
	set(VMCS_LINK_POINTER, ~0ull);
	set(HOST_CR0, processor->cr0_fixed0);
	set(HOST_CR4, processor->cr4_fixed0 | CR4_PAE);
	set(HOST_IA32_EFER, EFER_LMA | EFER_LME);
	set(HOST_IA32_PAT, 0x7040600070406);
	for (unsigned i = 0; i < COUNT(selectors); i++)
		set(selectors[i], 8);
	set(VM_EXIT_CONTROLS, vmcs_get(&region, VM_EXIT_CONTROLS) |
	                              VM_EXIT_HOST_ADDRESS_SPACE_SIZE | VM_EXIT_LOAD_IA32_EFER |
	                              VM_EXIT_LOAD_IA32_PAT);
}

static void
assert_outcome(enum entry_outcome outcome, uint32_t number, uint64_t qualification)
{
	struct entry_checked checked = svm_check_entry(&region, &format, processor, CURRENT);

	if (checked.outcome != outcome || checked.number != number ||
	        checked.qualification != qualification)
		fail_msg("outcome %d number %u qualification %lu instead of %d %u %lu",
		        checked.outcome, checked.number, (unsigned long)checked.qualification,
		        outcome, number, (unsigned long)qualification);
}

static void
one_bad_msr(void)
{
	uint32_t *entry = (uint32_t *)MSR_LOADS;

	entry[4] = IA32_FS_BASE; /* the second */
	entry[0] = IA32_STAR;
	set(VM_ENTRY_MSR_LOAD_ADDRESS, MSR_LOADS);
	set(VM_ENTRY_MSR_LOAD_COUNT, 2);
}

/* Controls before host state, host state before guest state, guest state before MSR loading. */
static void
order(void **state)
{
	(void)state;
	fill();
	assert_outcome(ENTRY_GOOD, 0, 0);
	one_bad_msr();
	assert_outcome(ENTRY_FAILED, EXIT_REASON_MSR_LOADING, 2);
	set(GUEST_RFLAGS, 0);
	assert_outcome(ENTRY_FAILED, EXIT_REASON_INVALID_GUEST_STATE, 0);
	set(HOST_CR4, 0);
	assert_outcome(ENTRY_VMFAIL, VM_ERROR_HOST_STATE, 0);
	set(CR3_TARGET_COUNT, 5);
	assert_outcome(ENTRY_VMFAIL, VM_ERROR_CONTROL_FIELDS, 0);
}

/* The exit qualification: 4 for the link pointer, 3 for NMI with blocking by STI, 2 for PDPTEs, else 0. */
static void
qualifications(void **state)
{
	(void)state;
	fill();
	set(VMCS_LINK_POINTER, 0x123);
	assert_outcome(ENTRY_FAILED, EXIT_REASON_INVALID_GUEST_STATE, 4);
	set(VMCS_LINK_POINTER, CURRENT);
	assert_outcome(ENTRY_FAILED, EXIT_REASON_INVALID_GUEST_STATE, 4);
	fill();
	svm_base_store("pae", processor, set);
	set(GUEST_PDPTE0, 0x3);
	assert_outcome(ENTRY_FAILED, EXIT_REASON_INVALID_GUEST_STATE, 2);
	fill();
	set(GUEST_RFLAGS, RFLAGS_ONE | RFLAGS_IF);
	set(GUEST_INTERRUPTIBILITY_STATE, BLOCKING_BY_STI);
	set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | EVENT_NMI | VECTOR_NMI);
	assert_outcome(ENTRY_FAILED, EXIT_REASON_INVALID_GUEST_STATE, 3);
	fill();
	set(GUEST_ACTIVITY_STATE, 7);
	assert_outcome(ENTRY_FAILED, EXIT_REASON_INVALID_GUEST_STATE, 0);
}

/* Each mistake in the host state is VM-instruction error 8 (SDM 3C 27.2.2). */
static void
host_state(void **state)
{
	static const struct {
		uint32_t field;
		uint64_t set, cleared;
	} cases[] = {
		{ HOST_CR0, 0, CR0_PG },
		{ HOST_CR4, 0, CR4_VMXE },
		{ HOST_CR4, 0, CR4_PAE },
		{ HOST_CR4, BIT(31), 0 },
		{ HOST_CR3, BIT(40), 0 },
		{ HOST_ES_SELECTOR, 1, 0 },
		{ HOST_CS_SELECTOR, 4, 0 },
		{ HOST_CS_SELECTOR, 0, 8 },
		{ HOST_TR_SELECTOR, 0, 8 },
		{ HOST_FS_BASE, BIT(47), 0 },
		{ HOST_IDTR_BASE, BIT(63), 0 },
		{ HOST_RIP, BIT(48), 0 },
		{ HOST_IA32_PAT, BIT(25), 0 },
		{ HOST_IA32_EFER, BIT(9), 0 },
		{ HOST_IA32_EFER, 0, EFER_LMA },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fill();
		assert_outcome(ENTRY_GOOD, 0, 0);
		set(cases[i].field,
		        (vmcs_get(&region, cases[i].field) & ~cases[i].cleared) | cases[i].set);
		assert_outcome(ENTRY_VMFAIL, VM_ERROR_HOST_STATE, 0);
	}
	fill();
	set(HOST_SS_SELECTOR, 0); /* may be null */
	assert_outcome(ENTRY_GOOD, 0, 0);
}

/* A field that this processor lacks counts as 0. */
static void
missing_fields(void **state)
{
	(void)state;
	fill();
	format.exists[vmcs_slot(GUEST_ACTIVITY_STATE)] = false;
	set(GUEST_ACTIVITY_STATE, 7);
	assert_outcome(ENTRY_GOOD, 0, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(order),
		cmocka_unit_test(qualifications),
		cmocka_unit_test(host_state),
		cmocka_unit_test(missing_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

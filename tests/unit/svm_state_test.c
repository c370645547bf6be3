/* Unit tests of kernel/vmx/svm/load.c and save.c: a VMCS into a VMCB and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "svm_fixture.h"

#define HOST_CR0_VALUE (CR0_PG | CR0_CD | CR0_NW | CR0_WP | CR0_NE | CR0_ET | CR0_PE)

static void
set(uint32_t field, uint64_t value)
{
	vmcs_set(&vmcs, field, value);
}

static uint64_t
get(uint32_t field)
{
	return vmcs_get(&vmcs, field);
}

/* Guest state that says who each field is; what it may not say is set right. */
static void
fill_vmcs(void)
{
	fixture_fresh(LONG_MODE);
	guest.host_cr0 = HOST_CR0_VALUE;
	guest.host_efer = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE;
	guest.host_pat = 0x7040600070406;
	guest.secondary = 0;
	for (unsigned i = 0; i < 8; i++) {
		set(GUEST_ES_SELECTOR + 2 * i, 0x100 + 8 * i);
		set(GUEST_ES_BASE + 2 * i, 0x10000 * (i + 1));
		set(GUEST_ES_LIMIT + 2 * i, 0x1000 * (i + 1) + 0xfff);
		set(GUEST_ES_ACCESS_RIGHTS + 2 * i, 0xc093);
	}
	set(GUEST_CS_ACCESS_RIGHTS, 0xa09b);
	set(GUEST_FS_ACCESS_RIGHTS, RIGHTS_UNUSABLE | 0xc0f3);
	set(GUEST_LDTR_ACCESS_RIGHTS, RIGHTS_UNUSABLE);
	set(GUEST_TR_ACCESS_RIGHTS, 0x8b);
	set(GUEST_GDTR_BASE, 0xffff800000001000);
	set(GUEST_GDTR_LIMIT, 0x1ff);
	set(GUEST_IDTR_BASE, 0xffff800000002000);
	set(GUEST_IDTR_LIMIT, 0xffff);
	set(GUEST_CR0, CR0_PG | CR0_NE | CR0_ET | CR0_TS | CR0_PE);
	set(GUEST_CR3, CR3_TABLES);
	set(GUEST_CR4, CR4_PAE | CR4_VMXE | CR4_CET);
	set(GUEST_DR7, 0x433);
	set(GUEST_IA32_DEBUGCTL, 2);
	set(GUEST_RIP, CODE);
	set(GUEST_RSP, STACK);
	set(GUEST_RFLAGS, RFLAGS_ONE | RFLAGS_IF);
	set(GUEST_IA32_SYSENTER_CS, 0x18);
	set(GUEST_IA32_SYSENTER_ESP, 0xffff800000003000);
	set(GUEST_IA32_SYSENTER_EIP, 0xffff800000004000);
	set(GUEST_IA32_EFER, EFER_LMA | EFER_LME);
	set(GUEST_IA32_PAT, 0x606060606060606);
	set(GUEST_INTERRUPTIBILITY_STATE, BLOCKING_BY_NMI);
	set(GUEST_PENDING_DEBUG_EXCEPTIONS, PENDING_BS);
	set(VM_ENTRY_CONTROLS, VM_ENTRY_IA32E_MODE_GUEST | VM_ENTRY_LOAD_DEBUG_CONTROLS |
	                               VM_ENTRY_LOAD_IA32_EFER | VM_ENTRY_LOAD_IA32_PAT);
	set(VM_EXIT_CONTROLS,
	        VM_EXIT_SAVE_DEBUG_CONTROLS | VM_EXIT_SAVE_IA32_EFER | VM_EXIT_SAVE_IA32_PAT);
}

static void
enter(void)
{
	svm_load_controls(&guest);
	svm_load_guest(&guest);
}

/* Whatever the guest has not touched is in the VMCS as it was, bit for bit. */
static void
there_and_back(void **state)
{
	static struct vmcs_region before;

	(void)state;
	fill_vmcs();
	before = vmcs;
	enter();
	svm_save_guest(&guest);
	/* VM exit sets CR0's bits as they really are. */
	assert_true(get(GUEST_CR0) == (CR0_PG | CR0_NE | CR0_ET | CR0_TS | CR0_PE));
	assert_memory_equal(&vmcs, &before, sizeof(vmcs));
}

/* ... in every segment register, whatever its access rights. */
static void
access_rights_come_back(void **state)
{
	(void)state;
	for (uint32_t rights = 0; rights < 0x20000; rights++) {
		uint32_t written = rights & 0x1f0ff;

		if (rights != written)
			continue;
		fill_vmcs();
		for (unsigned i = 0; i < 7; i++)
			set(GUEST_ES_ACCESS_RIGHTS + 2 * i, written);
		enter();
		svm_save_guest(&guest);
		for (unsigned i = 0; i < 7; i++)
			assert_int_equal(get(GUEST_ES_ACCESS_RIGHTS + 2 * i), written);
	}
}

/* An unusable register is not present for AMD-V; a TSS never busy and always there, or QEMU ends. */
static void
segments_as_qemu_bears_them(void **state)
{
	(void)state;
	fill_vmcs();
	enter();
	assert_int_equal(vmcb.segments[VMCB_CS].attributes, 0xa9b);
	assert_int_equal(vmcb.segments[VMCB_DS].attributes, 0xc93);
	assert_int_equal(vmcb.segments[VMCB_FS].attributes & ATTRIBUTE_P, 0);
	assert_int_equal(vmcb.segments[VMCB_LDTR].attributes & ATTRIBUTE_P, 0);
	assert_int_equal(vmcb.segments[VMCB_TR].attributes, 0x89);
	assert_int_equal(vmcb.segments[VMCB_GS].selector, 0x128);
	assert_true(vmcb.segments[VMCB_GS].base == 0x60000);
	assert_int_equal(vmcb.segments[VMCB_GS].limit, 0x6fff);
	set(GUEST_TR_ACCESS_RIGHTS, RIGHTS_UNUSABLE | 0x83);
	enter();
	assert_int_equal(vmcb.segments[VMCB_TR].attributes, 0x81);
}

/* What the guest has loaded: accessed, unusable for null selectors, DPL 0 in real mode, TR busy. */
static void
segments_that_the_guest_loads(void **state)
{
	(void)state;
	fill_vmcs();
	enter();
	vmcb.segments[VMCB_DS] = (struct vmcb_segment){ 0x18, 0xc92, 0xffffffff, 0 };
	vmcb.segments[VMCB_CS] = (struct vmcb_segment){ 0x08, 0xa9a, 0xffffffff, 0 };
	vmcb.segments[VMCB_ES] = (struct vmcb_segment){ 0, 0, 0, 0 };
	vmcb.segments[VMCB_SS] = (struct vmcb_segment){ 3, 0x60, 0, 0 };
	vmcb.segments[VMCB_LDTR] = (struct vmcb_segment){ 0, 0x82, 0, 0 };
	vmcb.segments[VMCB_TR] = (struct vmcb_segment){ 0x20, 0x89, 0x67, 0x5000 };
	svm_save_guest(&guest);
	assert_int_equal(get(GUEST_DS_ACCESS_RIGHTS), 0xc093);
	assert_int_equal(get(GUEST_CS_ACCESS_RIGHTS), 0xa09b);
	assert_int_equal(get(GUEST_ES_ACCESS_RIGHTS), RIGHTS_UNUSABLE);
	assert_int_equal(get(GUEST_SS_ACCESS_RIGHTS), RIGHTS_UNUSABLE | 0x60);
	assert_int_equal(get(GUEST_LDTR_ACCESS_RIGHTS), RIGHTS_UNUSABLE);
	assert_int_equal(get(GUEST_TR_ACCESS_RIGHTS), 0x8b);
	assert_int_equal(get(GUEST_TR_SELECTOR), 0x20);
	assert_true(get(GUEST_TR_BASE) == 0x5000);

	fill_vmcs();
	set(GUEST_CR0, CR0_NE | CR0_ET);
	enter();
	vmcb.segments[VMCB_DS] = (struct vmcb_segment){ 0x1234, 0x0f3, 0xffff, 0x12340 };
	svm_save_guest(&guest);
	assert_int_equal(get(GUEST_DS_ACCESS_RIGHTS), 0x93);
}

/* CR0.CD, NW and the reserved bits stay (SDM 3C 27.3.2.1): CD and NW are 0 for the guest here. */
static void
control_registers(void **state)
{
	(void)state;
	fill_vmcs();
	set(GUEST_CR0, CR0_PG | CR0_NE | CR0_CD | CR0_NW | CR0_PE | CR0_MP);
	enter();
	assert_true(vmcb.cr0 == (CR0_PG | CR0_NE | CR0_ET | CR0_MP | CR0_PE));
	assert_true(vmcb.cr3 == CR3_TABLES);
	/* Bits of CR4 that this processor has not are kept beside the VMCB. */
	assert_true(vmcb.cr4 == CR4_PAE);
	assert_true(guest.cr4 == (CR4_PAE | CR4_VMXE | CR4_CET));
}

static void
assert_efer(uint64_t expected, uint64_t in_vmcb)
{
	enter();
	assert_true(guest.efer == expected);
	assert_true(vmcb.efer == in_vmcb);
	svm_save_guest(&guest);
}

/* EFER by its field, or LMA and LME by the control and CR0.PG; SVME is ours; LME never without LMA. */
static void
efer(void **state)
{
	const uint64_t svme = BIT(12);

	(void)state;
	fill_vmcs();
	set(GUEST_IA32_EFER, EFER_LMA | EFER_LME | EFER_NXE);
	assert_efer(EFER_LMA | EFER_LME | EFER_NXE, svme | EFER_LMA | EFER_LME | EFER_NXE);
	set(VM_ENTRY_CONTROLS, VM_ENTRY_IA32E_MODE_GUEST);
	guest.host_efer = svme | EFER_SCE | EFER_LME | EFER_LMA;
	assert_efer(EFER_SCE | EFER_LMA | EFER_LME, svme | EFER_SCE | EFER_LMA | EFER_LME);
	set(VM_ENTRY_CONTROLS, 0);
	assert_efer(EFER_SCE, svme | EFER_SCE);
	set(GUEST_CR0, CR0_NE | CR0_PE);
	assert_efer(EFER_SCE | EFER_LME, svme | EFER_SCE);
	/* VM exit tells by the control what LMA is. */
	assert_int_equal(get(VM_ENTRY_CONTROLS) & VM_ENTRY_IA32E_MODE_GUEST, 0);
	guest.efer |= EFER_LMA;
	svm_save_guest(&guest);
	assert_int_equal(get(VM_ENTRY_CONTROLS), VM_ENTRY_IA32E_MODE_GUEST);
}

/* PDPTEs are the fields with EPT, else memory; TCG finds them in a page of ours. */
static void
pdptes(void **state)
{
	(void)state;
	fill_vmcs();
	set(VM_ENTRY_CONTROLS, 0);
	set(GUEST_CS_ACCESS_RIGHTS, 0xc09b);
	((uint64_t *)DATA)[4] = 0x5001;
	((uint64_t *)DATA)[7] = 0x8001;
	set(GUEST_CR3, DATA + 0x20);
	set(GUEST_PDPTE0, 0x1001);
	set(GUEST_PDPTE3, 0x4001);
	guest.host_efer = 0;
	enter();
	assert_true(guest.pdpt[0] == 0x5001 && guest.pdpt[1] == 0 && guest.pdpt[3] == 0x8001);
	assert_true(vmcb.cr3 == 0xfee00000);
	svm_save_guest(&guest);
	assert_true(get(GUEST_CR3) == DATA + 0x20);
	assert_true(get(GUEST_PDPTE0) == 0x1001); /* without EPT VM exit leaves them alone */

	set(PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, PRIMARY_ACTIVATE_SECONDARY_CONTROLS);
	set(SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, SECONDARY_EPT);
	enter();
	assert_true(guest.pdpt[0] == 0x1001 && guest.pdpt[3] == 0x4001);
	guest.pdpt[0] |= 0x20; /* TCG sets the accessed bit, which no PDPTE has */
	svm_save_guest(&guest);
	assert_true(get(GUEST_PDPTE0) == 0x1001);
	guest.pdptes[1] = 0x2001;
	svm_save_guest(&guest);
	assert_true(get(GUEST_PDPTE1) == 0x2001);
}

/* DR7 and IA32_DEBUGCTL, PAT: loaded, saved or left alone as the controls say. */
static void
msrs_and_debug_controls(void **state)
{
	(void)state;
	fill_vmcs();
	set(GUEST_DR7, 0xfffff433);
	enter();
	assert_true(vmcb.dr7 == 0xffff2433);
	assert_true(guest.debugctl == 2);
	assert_true(guest.pat == 0x606060606060606);
	guest.debugctl = 1;
	guest.pat = 0x700000000000000;
	vmcb.dr7 = 0x401;
	vmcb.sysenter_eip = 0x1234;
	svm_save_guest(&guest);
	assert_true(get(GUEST_DR7) == 0x401 && get(GUEST_IA32_DEBUGCTL) == 1);
	assert_true(get(GUEST_IA32_PAT) == 0x700000000000000);
	assert_true(get(GUEST_IA32_SYSENTER_EIP) == 0x1234);
	set(VM_ENTRY_CONTROLS, 0);
	set(VM_EXIT_CONTROLS, 0);
	enter();
	assert_true(vmcb.dr7 == 0x400 && guest.debugctl == 0 && guest.pat == guest.host_pat);
	svm_save_guest(&guest);
	assert_true(get(GUEST_DR7) == 0x401 && get(GUEST_IA32_DEBUGCTL) == 1);
	assert_true(get(GUEST_IA32_PAT) == 0x700000000000000);
}

/* Each control that has an intercept of its own sets it, and none other. */
static void
intercepts(void **state)
{
	static const struct {
		uint32_t primary, secondary;
		uint32_t intercepts, more;
		uint16_t cr_read, cr_write, dr_read;
	} cases[] = {
		{ .primary = PRIMARY_RDTSC_EXITING,
		        .intercepts = INTERCEPT_RDTSC,
		        .more = INTERCEPT_RDTSCP },
		{ .primary = PRIMARY_RDPMC_EXITING, .intercepts = INTERCEPT_RDPMC },
		{ .primary = PRIMARY_INVLPG_EXITING, .intercepts = INTERCEPT_INVLPG },
		{ .primary = PRIMARY_PAUSE_EXITING, .intercepts = INTERCEPT_PAUSE },
		{ .primary = PRIMARY_MONITOR_EXITING, .more = INTERCEPT_MONITOR },
		{ .primary = PRIMARY_MWAIT_EXITING },
		{ .primary = PRIMARY_HLT_EXITING },
		{ .primary = PRIMARY_MOV_DR_EXITING, .dr_read = 0xffff },
		{ .primary = PRIMARY_CR8_LOAD_EXITING, .cr_write = 0x100 },
		{ .primary = PRIMARY_CR8_STORE_EXITING, .cr_read = 0x100 },
		{ .primary = PRIMARY_TPR_SHADOW, .cr_read = 0x100, .cr_write = 0x100 },
		{ .secondary = SECONDARY_DESCRIPTOR_TABLE_EXITING, .intercepts = INTERCEPT_TABLES },
		{ .secondary = SECONDARY_WBINVD_EXITING },
	};
	struct vmcb plain;

	(void)state;
	fill_vmcs();
	enter();
	plain = vmcb;
	assert_int_equal(plain.intercept_cr_write & 0x19, 0x19);
	assert_int_equal(plain.intercept_dr_write, 0xffff);
	assert_int_equal(
	        plain.intercepts & (INTERCEPT_INTR | INTERCEPT_IO | INTERCEPT_MSR |
	                                   INTERCEPT_CPUID | INTERCEPT_HLT | INTERCEPT_SHUTDOWN),
	        INTERCEPT_INTR | INTERCEPT_IO | INTERCEPT_MSR | INTERCEPT_CPUID | INTERCEPT_HLT |
	                INTERCEPT_SHUTDOWN);
	/* MWAIT of TCG waits for an interrupt that may not come. */
	assert_int_equal(plain.intercepts_more, INTERCEPT_SVM | INTERCEPT_ICEBP | INTERCEPT_WBINVD |
	                                                INTERCEPT_MWAIT | INTERCEPT_XSETBV);
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fill_vmcs();
		set(PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS,
		        cases[i].primary | PRIMARY_ACTIVATE_SECONDARY_CONTROLS);
		set(SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, cases[i].secondary);
		enter();
		assert_int_equal(vmcb.intercepts ^ plain.intercepts, cases[i].intercepts);
		assert_int_equal(vmcb.intercepts_more ^ plain.intercepts_more, cases[i].more);
		assert_int_equal(
		        vmcb.intercept_cr_read ^ plain.intercept_cr_read, cases[i].cr_read);
		assert_int_equal(
		        vmcb.intercept_cr_write ^ plain.intercept_cr_write, cases[i].cr_write);
		assert_int_equal(
		        vmcb.intercept_dr_read ^ plain.intercept_dr_read, cases[i].dr_read);
	}
}

/* Secondary controls count when they are activated, and a TSC offset when it is used. */
static void
activated_controls(void **state)
{
	struct vmcb plain;

	(void)state;
	fill_vmcs();
	enter();
	plain = vmcb;
	fill_vmcs();
	set(SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, ~0u);
	set(TSC_OFFSET, 0x1234);
	enter();
	assert_int_equal(vmcb.intercepts, plain.intercepts);
	assert_true(vmcb.tsc_offset == 0);
	set(PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, PRIMARY_TSC_OFFSETTING);
	enter();
	assert_true(vmcb.tsc_offset == 0x1234);
}

/* Reserved flags read as the architecture has them; the injected event is not injected again. */
static void
flags_and_event(void **state)
{
	(void)state;
	fill_vmcs();
	set(VM_ENTRY_INTERRUPTION_INFORMATION, EVENT_VALID | EVENT_NMI | VECTOR_NMI);
	enter();
	vmcb.rflags = ~0ull;
	guest.exit.reason = 12;
	guest.exit.qualification = 0x1122;
	svm_save_guest(&guest);
	assert_true(get(GUEST_RFLAGS) == 0x3f7fd7);
	assert_int_equal(get(VM_ENTRY_INTERRUPTION_INFORMATION), EVENT_NMI | VECTOR_NMI);
	assert_int_equal(get(EXIT_REASON), 12);
	assert_int_equal(get(EXIT_QUALIFICATION), 0x1122);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(access_rights_come_back),
		cmocka_unit_test(segments_as_qemu_bears_them),
		cmocka_unit_test(segments_that_the_guest_loads),
		cmocka_unit_test(control_registers),
		cmocka_unit_test(efer),
		cmocka_unit_test(pdptes),
		cmocka_unit_test(msrs_and_debug_controls),
		cmocka_unit_test(intercepts),
		cmocka_unit_test(activated_controls),
		cmocka_unit_test(flags_and_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

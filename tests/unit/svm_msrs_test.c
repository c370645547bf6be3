/* Unit tests of kernel/vmx/svm/msrs.c: RDMSR and WRMSR of a guest, and the MSR areas. */
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
#include <r33/exit_reasons.h>
#include <r33/msr.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "svm_fixture.h"

#define assert_exits(verdict, number) \
	do { \
		assert_int_equal(verdict, SVM_VM_EXIT); \
		assert_int_equal(guest.exit.reason, number); \
	} while (0)

static bool
injects(unsigned vector)
{
	return vmcb.event_injection << 32 >> 32 ==
	       (SVM_EVENT_VALID | SVM_EVENT_EXCEPTION | vector |
	               (vector == VECTOR_GP && (vmcb.cr0 & CR0_PE) ? SVM_EVENT_ERROR_CODE : 0));
}

static enum svm_verdict
msr(uint32_t number, bool write, uint64_t value)
{
	vmcb.rip = CODE;
	guest.registers[1] = 0xffffffff00000000 | number;
	guest.registers[0] = 0xffffffff00000000 | (uint32_t)value;
	guest.registers[2] = 0xffffffff00000000 | value >> 32;
	CODE_BYTES(0x0f, write ? 0x30 : 0x32);
	vmcb.event_injection = 0;
	return fixture_leaves(SVM_EXIT_MSR, write, 0);
}

/* The MSR bitmap: two ranges, for reads and for writes; everything else exits. */
static void
msr_bitmap(void **state)
{
	static const struct {
		uint32_t msr;
		unsigned byte;
	} places[] = { { 0x174, 0x174 / 8 }, { 0x1fff, 0x3ff }, { 0xc0000080, 0x410 },
		{ 0xc0001fff, 0x7ff } };
	static const uint32_t outside[] = { 0x2000, 0xbfffffff, 0xc0002000, 0xffffffff };
	uint8_t *bitmap = (uint8_t *)BITMAPS;

	(void)state;
	fixture_fresh(LONG_MODE);
	assert_exits(msr(IA32_SYSENTER_CS, false, 0), EXIT_REASON_RDMSR); /* no bitmap */
	assert_int_equal(guest.exit.instruction_length, 2);
	guest.primary = PRIMARY_MSR_BITMAPS;
	vmcs_set(&vmcs, MSR_BITMAP_ADDRESS, BITMAPS);
	for (unsigned i = 0; i < COUNT(places); i++) {
		assert_int_equal(msr(places[i].msr, false, 0), SVM_GO_ON);
		bitmap[places[i].byte] = (uint8_t)(1u << places[i].msr % 8);
		assert_exits(msr(places[i].msr, false, 0), EXIT_REASON_RDMSR);
		assert_int_equal(msr(places[i].msr, true, 0), SVM_GO_ON);
		bitmap[places[i].byte] = 0;
		bitmap[places[i].byte + 0x800] = (uint8_t)(1u << places[i].msr % 8);
		assert_exits(msr(places[i].msr, true, 0), EXIT_REASON_WRMSR);
		assert_int_equal(msr(places[i].msr, false, 0), SVM_GO_ON);
	}
	for (unsigned i = 0; i < COUNT(outside); i++)
		assert_exits(msr(outside[i], false, 0), EXIT_REASON_RDMSR);
	vmcs_set(&vmcs, MSR_BITMAP_ADDRESS,
	        0x40000000); /* where there is no memory all bits are ones */
	assert_exits(msr(IA32_SYSENTER_CS, false, 0), EXIT_REASON_RDMSR);
}

/* RDMSR and WRMSR that do not exit: the guest's own, with the processor's checks. */
static void
msrs(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	guest.primary = PRIMARY_MSR_BITMAPS;
	vmcs_set(&vmcs, MSR_BITMAP_ADDRESS, BITMAPS);
	assert_int_equal(msr(IA32_SYSENTER_EIP, true, 0xffff800000001234), SVM_GO_ON);
	assert_true(vmcb.sysenter_eip == 0xffff800000001234 && vmcb.rip == CODE + 2);
	assert_int_equal(msr(IA32_SYSENTER_EIP, false, 0), SVM_GO_ON);
	assert_true(guest.registers[0] == 0x1234 && guest.registers[2] == 0xffff8000);
	assert_int_equal(msr(IA32_SYSENTER_EIP, true, 1ull << 47), SVM_GO_ON);
	assert_true(
	        injects(VECTOR_GP) && vmcb.rip == CODE && vmcb.sysenter_eip == 0xffff800000001234);
	assert_int_equal(msr(IA32_PAT, true, 0x0007040600070401), SVM_GO_ON);
	assert_true(!vmcb.event_injection && guest.pat == 0x0007040600070401);
	assert_int_equal(msr(IA32_PAT, true, 0x0207040600070401), SVM_GO_ON);
	assert_true(injects(VECTOR_GP));
	/* EFER: reserved bits, LME under paging; LMA is not written. */
	assert_int_equal(msr(IA32_EFER, true, 1 << 9), SVM_GO_ON);
	assert_true(injects(VECTOR_GP));
	assert_int_equal(msr(IA32_EFER, true, EFER_SCE), SVM_GO_ON);
	assert_true(injects(VECTOR_GP));
	assert_int_equal(msr(IA32_EFER, true, EFER_SCE | EFER_LME), SVM_GO_ON);
	assert_true(!vmcb.event_injection && guest.efer == (EFER_SCE | EFER_LME | EFER_LMA));
	assert_true(vmcb.efer == (guest.efer | BIT(12)));
	/* Others are the machine's to read; to write none. */
	fake_msr = IA32_APIC_BASE;
	fake_msr_value = 0xfee00900;
	assert_int_equal(msr(IA32_APIC_BASE, false, 0), SVM_GO_ON);
	assert_true(guest.registers[0] == 0xfee00900);
	assert_int_equal(msr(IA32_APIC_BASE, true, 0), SVM_GO_ON);
	assert_true(injects(VECTOR_GP));
	assert_int_equal(msr(0x1234, false, 0), SVM_GO_ON);
	assert_true(injects(VECTOR_GP));
	fake_time = 1000;
	vmcb.tsc_offset = 0x200000000;
	assert_int_equal(msr(0x10, false, 0), SVM_GO_ON);
	assert_true(guest.registers[0] == 1000 && guest.registers[2] == 2);
}

/* The MSR areas of VM entry and VM exit. */
static void
msr_areas(void **state)
{
	struct {
		uint32_t msr, reserved;
		uint64_t value;
	} *entries = (void *)DATA;

	(void)state;
	fixture_fresh(LONG_MODE);
	vmcs_set(&vmcs, VM_ENTRY_MSR_LOAD_ADDRESS, DATA);
	vmcs_set(&vmcs, VM_ENTRY_MSR_LOAD_COUNT, 2);
	entries[0].msr = IA32_STAR;
	entries[0].value = 0x1234;
	entries[1].msr = IA32_LSTAR;
	entries[1].value = 0x5678;
	assert_int_equal(svm_load_msrs(&guest), 0);
	assert_true(vmcb.star == 0x1234 && vmcb.lstar == 0x5678);
	entries[1].value = 1ull << 63;
	assert_int_equal(svm_load_msrs(&guest), 2);
	entries[0].reserved = 1;
	assert_int_equal(svm_load_msrs(&guest), 1);
	entries[0].reserved = 0;
	entries[0].msr = IA32_FS_BASE;
	assert_int_equal(svm_load_msrs(&guest), 1);
	vmcs_set(&vmcs, VM_ENTRY_MSR_LOAD_ADDRESS, WINDOW + WINDOW_BYTES - 16);
	assert_int_equal(svm_load_msrs(&guest), 1);
	vmcs_set(&vmcs, VM_ENTRY_MSR_LOAD_COUNT, 0xffffffff);
	assert_int_equal(svm_load_msrs(&guest), 1);
	vmcs_set(&vmcs, VM_EXIT_MSR_STORE_ADDRESS, DATA);
	vmcs_set(&vmcs, VM_EXIT_MSR_STORE_COUNT, 1);
	entries[0].msr = IA32_LSTAR;
	svm_store_msrs(&guest);
	assert_true(entries[0].value == 0x5678);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(msr_bitmap),
		cmocka_unit_test(msrs),
		cmocka_unit_test(msr_areas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

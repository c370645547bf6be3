/* Unit tests of kernel/vmx/svm/control_registers.c: MOV CR, CLTS, LMSW, SMSW, MOV DR of a guest. */
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
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "svm_fixture.h"

#define RBX 3

static void
set(uint32_t field, uint64_t value)
{
	vmcs_set(&vmcs, field, value);
}

static enum svm_verdict
leaves(void)
{
	vmcb.event_injection = 0;
	return fixture_leaves(SVM_EXIT_CR_WRITE, 0, 0);
}

/* MOV of this kind between CRn and RBX. */
static enum svm_verdict
mov(unsigned number, bool to, uint64_t value)
{
	vmcb.rip = CODE;
	guest.registers[RBX] = value;
	if (number == 8)
		CODE_BYTES(0x44, 0x0f, to ? 0x22 : 0x20, 0xc3);
	else
		CODE_BYTES(0x0f, to ? 0x22 : 0x20, (uint8_t)(0xc3 | number << 3));
	return leaves();
}

static void
assert_exit(enum svm_verdict verdict, uint64_t qualification, unsigned length)
{
	assert_int_equal(verdict, SVM_VM_EXIT);
	assert_int_equal(guest.exit.reason, EXIT_REASON_CONTROL_REGISTER);
	assert_true(guest.exit.qualification == qualification);
	assert_int_equal(guest.exit.instruction_length, length);
	assert_true(vmcb.rip == CODE);
}

static void
assert_done(enum svm_verdict verdict, unsigned length)
{
	assert_int_equal(verdict, SVM_GO_ON);
	assert_true(vmcb.event_injection == 0);
	assert_true(vmcb.rip == CODE + length);
}

static void
assert_gp(enum svm_verdict verdict)
{
	assert_int_equal(verdict, SVM_GO_ON);
	assert_true((vmcb.event_injection & 0xffffffff) ==
	            (SVM_EVENT_VALID | SVM_EVENT_EXCEPTION | SVM_EVENT_ERROR_CODE | VECTOR_GP));
	assert_true(vmcb.rip == CODE);
}

/* Bits that the mask owns read from the shadow; a write that differs from the shadow there exits. */
static void
masks_and_shadows(void **state)
{
	uint64_t cr0;

	(void)state;
	fixture_fresh(LONG_MODE);
	cr0 = vmcb.cr0;
	set(CR0_GUEST_HOST_MASK, CR0_NE | CR0_TS);
	set(CR0_READ_SHADOW, CR0_TS | CR0_WP);
	assert_done(mov(0, false, 0), 3);
	assert_true(guest.registers[RBX] == ((cr0 & ~CR0_NE) | CR0_TS));
	assert_exit(mov(0, true, cr0), RBX << 8, 3);
	assert_exit(mov(0, true, (cr0 & ~CR0_NE)), RBX << 8, 3);
	/* What equals the shadow is done, with the host's bits as they really are. */
	assert_done(mov(0, true, (cr0 & ~CR0_NE) | CR0_TS | CR0_WP), 3);
	assert_true(vmcb.cr0 == (cr0 | CR0_WP));

	set(CR4_GUEST_HOST_MASK, CR4_VMXE);
	set(CR4_READ_SHADOW, 0);
	assert_done(mov(4, false, 0), 3);
	assert_true(guest.registers[RBX] == CR4_PAE);
	assert_exit(mov(4, true, CR4_PAE | CR4_VMXE), 4 | RBX << 8, 3);
	assert_done(mov(4, true, CR4_PAE | CR4_SMEP | CR4_PGE), 3);
	assert_true(guest.cr4 == (CR4_PAE | CR4_VMXE | CR4_SMEP | CR4_PGE));
	assert_true(vmcb.cr4 == (CR4_PAE | CR4_PGE)); /* what this processor has */
}

/* What raises #GP(0): SDM 2B, "MOV - Move to/from Control Registers", and VMX's fixed bits. */
static void
refused_values(void **state)
{
	static const struct {
		enum fixture_mode mode;
		unsigned number;
		uint64_t set, cleared;
	} cases[] = {
		{ LONG_MODE, 0, BIT(32), 0 },
		{ LONG_MODE, 0, CR0_NW, 0 },
		{ LONG_MODE, 0, 0, CR0_PE },
		{ LONG_MODE, 0, 0, CR0_PG }, /* in 64-bit code */
		{ LONG_MODE, 0, 0, CR0_NE },
		{ LONG_MODE, 4, 0, CR4_PAE },
		{ LONG_MODE, 4, 0, CR4_VMXE },
		{ LONG_MODE, 4, CR4_LA57, 0 },
		{ LONG_MODE, 4, BIT(31), 0 },
		{ LONG_MODE, 4, CR4_CET, 0 }, /* without CR0.WP */
		{ LONG_MODE, 3, BIT(40), 0 },
		{ LONG_MODE, 3, BIT(63), 0 }, /* without PCIDE */
		{ PROTECTED_MODE, 4, CR4_PCIDE, 0 },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		uint64_t old, cr0, cr4, cr3;

		fixture_fresh(cases[i].mode);
		cr0 = vmcb.cr0;
		cr4 = guest.cr4;
		cr3 = guest.cr3;
		old = cases[i].number == 0 ? cr0 : cases[i].number == 3 ? cr3 : cr4;
		assert_gp(mov(cases[i].number, true, (old | cases[i].set) & ~cases[i].cleared));
		assert_true(vmcb.cr0 == cr0 && guest.cr4 == cr4 && guest.cr3 == cr3);
	}
	fixture_fresh(LONG_MODE);
	guest.secondary = 0; /* not unrestricted: PG and PE are fixed too */
	vmcb.segments[VMCB_CS].attributes = 0xc9b;
	assert_gp(mov(0, true, vmcb.cr0 & ~CR0_PG));
}

/* Paging on and off turn LMA; VMRUN gets what it can bear. */
static void
paging_and_lma(void **state)
{
	(void)state;
	fixture_fresh(PROTECTED_MODE);
	guest.efer = EFER_LME;
	assert_gp(mov(0, true, vmcb.cr0 | CR0_PG)); /* without PAE */
	guest.cr4 |= CR4_PAE;
	assert_done(mov(0, true, vmcb.cr0 | CR0_PG), 3);
	assert_true(guest.efer == (EFER_LME | EFER_LMA));
	assert_true(vmcb.efer == (EFER_LME | EFER_LMA | BIT(12)) && vmcb.cr3 == CR3_TABLES);
	/* To compatibility mode, and out of it. */
	assert_done(mov(0, true, vmcb.cr0 & ~CR0_PG), 3);
	assert_true(guest.efer == EFER_LME && vmcb.efer == BIT(12));
}

/* PAE paging loads PDPTEs, and refuses reserved bits in them. */
static void
pdptes(void **state)
{
	uint64_t *table = (uint64_t *)(DATA + 0x40), directory = (CR3_TABLES + 0x2000) | 1;

	(void)state;
	fixture_fresh(PROTECTED_MODE);
	guest.cr4 |= CR4_PAE;
	table[0] = directory;
	table[1] = 0x1e6; /* not present: nothing is reserved */
	guest.cr3 = DATA + 0x40;
	assert_done(mov(0, true, vmcb.cr0 | CR0_PG), 3);
	assert_true(guest.pdptes[0] == directory && guest.pdpt[0] == directory &&
	            vmcb.cr3 == 0xfee00000);
	table[3] = 0x7001;
	assert_done(mov(3, true, DATA + 0x5f), 3); /* bits 4:0 do not count */
	assert_true(guest.pdptes[3] == 0x7001 && guest.cr3 == DATA + 0x5f);
	for (unsigned bit = 1; bit < 64; bit++) {
		bool reserved = 0xffffff00000001e6 >> bit & 1;

		vmcb.rip = CODE;
		table[2] = 1 | BIT(bit);
		if (reserved)
			assert_gp(mov(3, true, DATA + 0x40));
		else
			assert_done(mov(3, true, DATA + 0x40), 3);
	}
}

/* CR3 exits, but not for a target; the register's number and direction. */
static void
cr3_and_cr8_exits(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	guest.primary = PRIMARY_CR3_LOAD_EXITING | PRIMARY_CR3_STORE_EXITING |
	                PRIMARY_CR8_LOAD_EXITING | PRIMARY_CR8_STORE_EXITING;
	assert_exit(mov(3, true, CR3_TABLES), 3 | RBX << 8, 3);
	assert_exit(mov(3, false, 0), 3 | 1 << 4 | RBX << 8, 3);
	assert_exit(mov(8, true, 3), 8 | RBX << 8, 4);
	assert_exit(mov(8, false, 0), 8 | 1 << 4 | RBX << 8, 4);
	set(CR3_TARGET_VALUE1, CR3_TABLES);
	set(CR3_TARGET_COUNT, 1);
	assert_exit(mov(3, true, CR3_TABLES), 3 | RBX << 8, 3);
	set(CR3_TARGET_COUNT, 2);
	assert_done(mov(3, true, CR3_TABLES), 3);
	guest.primary = 0;
	assert_done(mov(3, false, 0), 3);
	assert_true(guest.registers[RBX] == CR3_TABLES);
	assert_gp(mov(8, true, 0x10));
}

/* The virtual TPR behind CR8, and its threshold. */
static void
tpr_shadow(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	guest.primary = PRIMARY_TPR_SHADOW;
	set(VIRTUAL_APIC_ADDRESS, DATA);
	set(TPR_THRESHOLD, 5);
	assert_done(mov(8, true, 7), 4);
	assert_int_equal(*(uint32_t *)(DATA + 0x80), 0x70);
	assert_done(mov(8, false, 0), 4);
	assert_true(guest.registers[RBX] == 7);
	assert_int_equal(mov(8, true, 4), SVM_VM_EXIT); /* a trap: behind the instruction */
	assert_int_equal(guest.exit.reason, 43);
	assert_true(vmcb.rip == CODE + 4 && guest.exit.instruction_length == 0);
}

/* CLTS by mask and shadow (SDM 3C 26.1.3). */
static void
clts(void **state)
{
	static const struct {
		bool masked, shadow, exits, clears;
	} cases[] = { { false, false, false, true }, { false, true, false, true },
		{ true, false, false, false }, { true, true, true, false } };

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(LONG_MODE);
		CODE_BYTES(0x0f, 0x06);
		vmcb.cr0 |= CR0_TS;
		set(CR0_GUEST_HOST_MASK, cases[i].masked ? CR0_TS : 0);
		set(CR0_READ_SHADOW, cases[i].shadow ? CR0_TS : 0);
		if (cases[i].exits)
			assert_exit(leaves(), 2 << 4, 2);
		else
			assert_done(leaves(), 2);
		assert_int_equal(!(vmcb.cr0 & CR0_TS), cases[i].clears);
	}
}

/* LMSW: source data in bits 31:16, bit 6 for memory with its address; PE is set, never cleared. */
static void
lmsw(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	set(CR0_GUEST_HOST_MASK, CR0_TS | CR0_PE);
	set(CR0_READ_SHADOW, CR0_PE);
	guest.registers[RBX] = 0xffff000b;
	CODE_BYTES(0x0f, 0x01, 0xf3);
	assert_exit(leaves(), 3 << 4 | 0xbull << 16, 3);
	*(uint16_t *)DATA = 0x9;
	guest.registers[RBX] = DATA;
	CODE_BYTES(0x0f, 0x01, 0x33);
	assert_exit(leaves(), 3 << 4 | BIT(6) | 0x9ull << 16, 3);
	assert_true(guest.exit.linear == DATA);
	/* PE = 0 in the source is no difference. */
	guest.registers[RBX] = CR0_MP;
	CODE_BYTES(0x0f, 0x01, 0xf3);
	assert_done(leaves(), 3);
	assert_true((vmcb.cr0 & 0xf) == (CR0_MP | CR0_PE));
	/* Nor is a bit that is 1 in the shadow as well. */
	set(CR0_READ_SHADOW, CR0_PE | CR0_TS);
	vmcb.rip = CODE;
	guest.registers[RBX] = CR0_TS;
	assert_done(leaves(), 3);
	assert_true((vmcb.cr0 & 0xf) == CR0_PE);
}

/* SMSW shows masked bits as the shadow has them, in the size of the operand. */
static void
smsw(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	set(CR0_GUEST_HOST_MASK, CR0_NE | CR0_PG);
	set(CR0_READ_SHADOW, CR0_PG);
	guest.registers[RBX] = ~0ull;
	CODE_BYTES(0x0f, 0x01, 0xe3); /* smsw %ebx */
	assert_done(leaves(), 3);
	assert_true(guest.registers[RBX] == (CR0_PG | CR0_ET | CR0_PE));
	vmcb.rip = CODE;
	guest.registers[RBX] = ~0ull;
	CODE_BYTES(0x66, 0x0f, 0x01, 0xe3);
	assert_done(leaves(), 4);
	assert_true(guest.registers[RBX] == (~0xffffull | CR0_ET | CR0_PE));
	vmcb.rip = CODE;
	guest.registers[RBX] = DATA;
	CODE_BYTES(0x0f, 0x01, 0x23); /* smsw (%rbx): a word, always */
	*(uint32_t *)DATA = 0xffffffff;
	assert_done(leaves(), 3);
	assert_int_equal(*(uint32_t *)DATA, 0xffff0011);
}

static enum svm_verdict
mov_dr(unsigned number, bool to, uint64_t value)
{
	vmcb.rip = CODE;
	vmcb.event_injection = 0;
	guest.registers[RBX] = value;
	CODE_BYTES(0x0f, to ? 0x23 : 0x21, (uint8_t)(0xc3 | number << 3));
	return fixture_leaves(SVM_EXIT_DR_WRITE + number, 0, 0);
}

/* MOV DR: exits with number, direction and register; else checks, GD and the fixed bits. */
static void
debug_registers(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	guest.primary = PRIMARY_MOV_DR_EXITING;
	assert_int_equal(mov_dr(7, true, 0), SVM_VM_EXIT);
	assert_int_equal(guest.exit.reason, EXIT_REASON_MOV_DR);
	assert_true(
	        guest.exit.qualification == (7 | RBX << 8) && guest.exit.instruction_length == 3);
	assert_int_equal(mov_dr(0, false, 0), SVM_VM_EXIT);
	assert_true(guest.exit.qualification == (BIT(4) | RBX << 8));
	guest.primary = 0;
	assert_done(mov_dr(2, true, 0x1234), 3);
	assert_true(fake_debug_registers[2] == 0x1234);
	assert_done(mov_dr(2, false, 0), 3);
	assert_true(guest.registers[RBX] == 0x1234);
	assert_gp(mov_dr(7, true, BIT(32)));
	assert_gp(mov_dr(6, true, BIT(63)));
	assert_done(mov_dr(7, true, 0xffffffff), 3);
	assert_true(vmcb.dr7 == 0xffff2fff);
	/* General detect: #DB before the access, and GD is cleared. */
	assert_int_equal(mov_dr(6, false, 0), SVM_GO_ON);
	assert_true((vmcb.event_injection & 0xff) == VECTOR_DB && (vmcb.dr6 & BIT(13)));
	assert_true(vmcb.dr7 == 0xffff0fff && vmcb.rip == CODE);
	/* DR4 is DR6, but with CR4.DE #UD. */
	vmcb.dr6 = 0xffff0ff1;
	assert_done(mov_dr(4, false, 0), 3);
	assert_true(guest.registers[RBX] == 0xffff0ff1);
	guest.cr4 |= CR4_DE;
	assert_int_equal(mov_dr(4, false, 0), SVM_GO_ON);
	assert_true((vmcb.event_injection & 0xff) == VECTOR_UD);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_and_shadows),
		cmocka_unit_test(refused_values),
		cmocka_unit_test(paging_and_lma),
		cmocka_unit_test(pdptes),
		cmocka_unit_test(cr3_and_cr8_exits),
		cmocka_unit_test(tpr_shadow),
		cmocka_unit_test(clts),
		cmocka_unit_test(lmsw),
		cmocka_unit_test(smsw),
		cmocka_unit_test(debug_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

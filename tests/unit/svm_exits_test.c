/* Unit tests of kernel/vmx/svm/exits.c, msrs.c and vmx_instructions.c: what each #VMEXIT becomes. */
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

/* Instructions that leave with their length, RIP at themselves. */
static void
plain_exits(void **state)
{
	static const struct {
		uint8_t code[4];
		unsigned length;
		uint64_t exit_code;
		uint32_t reason;
	} cases[] = {
		{ { 0x0f, 0xa2 }, 2, SVM_EXIT_CPUID, EXIT_REASON_CPUID },
		{ { 0x0f, 0x31 }, 2, SVM_EXIT_RDTSC, EXIT_REASON_RDTSC },
		{ { 0x0f, 0x01, 0xf9 }, 3, SVM_EXIT_RDTSCP, EXIT_REASON_RDTSCP },
		{ { 0x0f, 0x33 }, 2, SVM_EXIT_RDPMC, EXIT_REASON_RDPMC },
		{ { 0xf3, 0x90 }, 2, SVM_EXIT_PAUSE, EXIT_REASON_PAUSE },
		{ { 0x0f, 0x01, 0xc8 }, 3, SVM_EXIT_MONITOR, EXIT_REASON_MONITOR },
		{ { 0x0f, 0x01, 0xc9 }, 3, SVM_EXIT_MWAIT, EXIT_REASON_MWAIT },
		{ { 0x0f, 0x01, 0xd1 }, 3, SVM_EXIT_XSETBV, EXIT_REASON_XSETBV },
		{ { 0x0f, 0x08 }, 2, SVM_EXIT_WBINVD, EXIT_REASON_INVD },
		{ { 0x0f, 0x09 }, 2, SVM_EXIT_WBINVD, EXIT_REASON_WBINVD },
		{ { 0xf4 }, 1, SVM_EXIT_HLT, EXIT_REASON_HLT },
		{ { 0x66, 0x0f, 0xa2 }, 3, SVM_EXIT_CPUID, EXIT_REASON_CPUID },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++)
		for (unsigned mode = LONG_MODE; mode <= REAL_MODE; mode++) {
			uint64_t rip;

			fixture_fresh(mode);
			rip = vmcb.rip;
			guest.primary = PRIMARY_HLT_EXITING | PRIMARY_MWAIT_EXITING;
			guest.secondary = SECONDARY_WBINVD_EXITING;
			fixture_code(cases[i].code, sizeof(cases[i].code));
			assert_exits(fixture_leaves(cases[i].exit_code, 0, 0), cases[i].reason);
			assert_int_equal(guest.exit.instruction_length, cases[i].length);
			assert_true(vmcb.rip == rip);
		}
	fixture_fresh(LONG_MODE);
	assert_exits(fixture_leaves(SVM_EXIT_SHUTDOWN, 0, 0), EXIT_REASON_TRIPLE_FAULT);
}

/* Without the control the instruction is performed: WBINVD, HLT, which then waits, and MWAIT, which never does. */
static void
performed(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x0f, 0x09);
	assert_int_equal(fixture_leaves(SVM_EXIT_WBINVD, 0, 0), SVM_GO_ON);
	assert_true(vmcb.rip == CODE + 2 && guest.activity == ACTIVITY_ACTIVE);
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0xf4);
	assert_int_equal(fixture_leaves(SVM_EXIT_HLT, 0, 0), SVM_GO_ON);
	assert_true(vmcb.rip == CODE + 1 && guest.activity == ACTIVITY_HLT);
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x0f, 0x01, 0xc9);
	assert_int_equal(fixture_leaves(SVM_EXIT_MWAIT, 0, 0), SVM_GO_ON);
	assert_true(vmcb.rip == CODE + 3 && guest.activity == ACTIVITY_ACTIVE);
	/* With RFLAGS.TF it is a step. */
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x0f, 0x09);
	vmcb.rflags |= RFLAGS_TF;
	assert_int_equal(fixture_leaves(SVM_EXIT_WBINVD, 0, 0), SVM_GO_ON);
	assert_true(injects(VECTOR_DB) && (vmcb.dr6 & PENDING_BS));
	/* Outside 64-bit mode RIP has 32 bits. */
	fixture_fresh(REAL_MODE);
	vmcb.segments[VMCB_CS].base = CODE + 1;
	vmcb.rip = 0xffffffff;
	CODE_BYTES(0x0f, 0x09);
	assert_int_equal(fixture_leaves(SVM_EXIT_WBINVD, 0, 0), SVM_GO_ON);
	assert_true(vmcb.rip == 1);
}

/* What only AMD has is undefined. */
static void
not_of_intel(void **state)
{
	(void)state;
	for (uint64_t code = SVM_EXIT_VMRUN; code <= SVM_EXIT_SKINIT; code++) {
		fixture_fresh(LONG_MODE);
		assert_int_equal(fixture_leaves(code, 0, 0), SVM_GO_ON);
		assert_true(injects(VECTOR_UD));
	}
}

/* I/O, AMD's EXITINFO1 to Intel's qualification (SDM 3C, "Exit Qualification for I/O Instructions"). */
static void
io(void **state)
{
	static const struct {
		uint8_t code[4];
		unsigned length;
		uint64_t info, qualification;
	} cases[] = {
		{ { 0xec }, 1, 0x3f80011, 0x3f80008 },       /* IN AL, DX */
		{ { 0xef }, 1, 0x3f80040, 0x3f80003 },       /* OUT DX, EAX */
		{ { 0x66, 0xed }, 2, 0x3f80021, 0x3f80009 }, /* IN AX, DX */
		{ { 0xe4, 0x80 }, 2, 0x800011, 0x800048 },   /* IN AL, imm8 */
		{ { 0xe7, 0x80 }, 2, 0x800040, 0x800043 },   /* OUT imm8, EAX */
		{ { 0xf3, 0x6c }, 2, 0x3f8001d, 0x3f80038 }, /* REP INSB */
		{ { 0x6f }, 1, 0x3f80044, 0x3f80013 },       /* OUTSD */
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(PROTECTED_MODE);
		guest.primary = PRIMARY_UNCONDITIONAL_IO_EXITING;
		guest.registers[6] = DATA;
		guest.registers[7] = DATA + 8;
		fixture_code(cases[i].code, sizeof(cases[i].code));
		assert_exits(fixture_leaves(SVM_EXIT_IO, cases[i].info, CODE + cases[i].length),
		        EXIT_REASON_IO_INSTRUCTION);
		assert_true(guest.exit.qualification == cases[i].qualification);
		assert_int_equal(guest.exit.instruction_length, cases[i].length);
	}
	assert_true(guest.exit.linear == DATA); /* OUTSD: DS:ESI */
	assert_int_equal(guest.exit.instruction_information, 1 << 7 | 3 << 15);
}

/* Each port has its bit; an access of several ports exits by any of them, and where it wraps around. */
static void
io_bitmaps(void **state)
{
	uint8_t *bitmaps = (uint8_t *)BITMAPS;
	static const struct {
		unsigned closed, port, bytes;
		bool exits;
	} cases[] = {
		{ 0x80, 0x80, 1, true },
		{ 0x80, 0x81, 1, false },
		{ 0x80, 0x7f, 1, false },
		{ 0x80, 0x7f, 2, true },
		{ 0x80, 0x7d, 4, true },
		{ 0x80, 0x7c, 4, false },
		{ 0x8000, 0x7fff, 1, false },
		{ 0x8000, 0x7fff, 2, true },
		{ 0xffff, 0xffff, 1, true },
		{ 0x80, 0xffff, 1, false },
		{ 0x80, 0xffff, 2, true },
		{ 0x80, 0xfffd, 4, true },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(LONG_MODE);
		guest.primary = PRIMARY_IO_BITMAPS | PRIMARY_UNCONDITIONAL_IO_EXITING;
		vmcs_set(&vmcs, IO_BITMAP_A_ADDRESS, BITMAPS);
		vmcs_set(&vmcs, IO_BITMAP_B_ADDRESS, BITMAPS + 0x1000);
		bitmaps[cases[i].closed / 8] |= (uint8_t)(1u << cases[i].closed % 8);
		guest.registers[0] = 0x1122334455667788;
		CODE_BYTES(0xed);
		assert_int_equal(fixture_leaves(SVM_EXIT_IO,
		                         cases[i].port << 16 | cases[i].bytes << 4 | 1, CODE + 1),
		        cases[i].exits ? SVM_VM_EXIT : SVM_GO_ON);
		assert_true(vmcb.rip == CODE + !cases[i].exits);
	}
	/* Without a device ones are read: of the last case but two, a byte. */
	fixture_fresh(LONG_MODE);
	guest.registers[0] = 0x1122334455667700;
	CODE_BYTES(0xec);
	assert_int_equal(fixture_leaves(SVM_EXIT_IO, 0x80 << 16 | 1 << 4 | 1, CODE + 1), SVM_GO_ON);
	assert_true(guest.registers[0] == 0x11223344556677ff);
}

/* VMX instructions, which AMD-V takes for undefined, with SDM 3C's instruction information. */
static void
vmx_instructions(void **state)
{
	static const struct {
		uint8_t code[8];
		unsigned length;
		uint32_t reason, information;
		uint64_t qualification;
	} cases[] = {
		{ { 0x0f, 0x01, 0xc1 }, 3, EXIT_REASON_VMCALL, 0, 0 },
		{ { 0x0f, 0x01, 0xc2 }, 3, EXIT_REASON_VMLAUNCH, 0, 0 },
		{ { 0x0f, 0x01, 0xc3 }, 3, EXIT_REASON_VMRESUME, 0, 0 },
		{ { 0x0f, 0x01, 0xc4 }, 3, EXIT_REASON_VMXOFF, 0, 0 },
		/* vmxon 8(%rax), vmptrld 8(%rax): 64-bit addresses, DS, no index, base RAX */
		{ { 0xf3, 0x0f, 0xc7, 0x70, 0x08 }, 5, EXIT_REASON_VMXON,
		        2 << 7 | 3 << 15 | 1 << 22 | 0 << 23 | 6u << 28, 8 },
		{ { 0x0f, 0xc7, 0x70, 0xf8 }, 4, EXIT_REASON_VMPTRLD,
		        2 << 7 | 3 << 15 | 1 << 22 | 0 << 23 | 6u << 28, -8ull },
		/* vmclear %fs:(%rbx,%rcx,4) */
		{ { 0x64, 0x66, 0x0f, 0xc7, 0x34, 0x8b }, 6, EXIT_REASON_VMCLEAR,
		        2 | 2 << 7 | 4 << 15 | 1 << 18 | 3 << 23 | 6u << 28, 0 },
		/* vmptrst 0x10(%rip): RIP of the next instruction counts */
		{ { 0x0f, 0xc7, 0x3d, 0x10, 0, 0, 0 }, 7, EXIT_REASON_VMPTRST,
		        2 << 7 | 3 << 15 | 1 << 22 | 1 << 27 | 7u << 28, CODE + 7 + 0x10 },
		/* vmread %rdx, %rcx; vmwrite %r9, %rsi */
		{ { 0x0f, 0x78, 0xd1 }, 3, EXIT_REASON_VMREAD, 1 << 3 | 1 << 10 | 2u << 28, 0 },
		{ { 0x4c, 0x0f, 0x79, 0xce }, 4, EXIT_REASON_VMWRITE, 6 << 3 | 1 << 10 | 9u << 28,
		        0 },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		fixture_fresh(LONG_MODE);
		fixture_code(cases[i].code, sizeof(cases[i].code));
		assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0), cases[i].reason);
		assert_int_equal(guest.exit.instruction_length, cases[i].length);
		assert_true(guest.exit.qualification == cases[i].qualification);
		if (guest.exit.instruction_information != cases[i].information)
			fail_msg("case %u: %#x instead of %#x", i,
			        guest.exit.instruction_information, cases[i].information);
		/* In compatibility mode all but VMCALL are undefined. */
		fixture_fresh(LONG_MODE);
		vmcb.segments[VMCB_CS].attributes = 0xc9b;
		fixture_code(cases[i].code, sizeof(cases[i].code));
		assert_int_equal(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0),
		        i == 0 ? SVM_VM_EXIT : SVM_GO_ON);
	}
	/* UD2 stays #UD. */
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x0f, 0x0b);
	assert_int_equal(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0), SVM_GO_ON);
	assert_true(injects(VECTOR_UD));
	vmcs_set(&vmcs, EXCEPTION_BITMAP, BIT(VECTOR_UD));
	assert_exits(
	        fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0), EXIT_REASON_EXCEPTION_OR_NMI);
	assert_int_equal(
	        guest.exit.interruption, EVENT_VALID | EVENT_HARDWARE_EXCEPTION | VECTOR_UD);
	assert_true(vmcb.rflags & RFLAGS_RF);
}

/* VMREAD and VMWRITE that the shadow VMCS serves: the bitmaps have a bit for each encoding. */
static void
shadow_vmcs(void **state)
{
	struct vmcs_region *shadow = (struct vmcs_region *)DATA;

	(void)state;
	fixture_fresh(LONG_MODE);
	vmcs_format_derive(&format, &(struct capabilities){ 0 });
	guest.secondary = SECONDARY_VMCS_SHADOWING;
	vmcs_set(&vmcs, VMREAD_BITMAP_ADDRESS, BITMAPS);
	vmcs_set(&vmcs, VMWRITE_BITMAP_ADDRESS, BITMAPS + 0x1000);
	vmcs_set(&vmcs, VMCS_LINK_POINTER, DATA);
	vmcs_set(shadow, GUEST_RIP, 0x1122);
	guest.registers[2] = GUEST_RIP;
	CODE_BYTES(0x0f, 0x78, 0xd1); /* vmread %rdx, %rcx */
	vmcb.rflags |= RFLAGS_CF | RFLAGS_ZF;
	assert_int_equal(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0), SVM_GO_ON);
	assert_true(guest.registers[1] == 0x1122 && vmcb.rip == CODE + 3);
	assert_true(vmcb.rflags == RFLAGS_ONE);
	vmcb.rip = CODE;
	guest.registers[2] = 0x6fff; /* no field */
	fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0);
	assert_true(vmcb.rflags == (RFLAGS_ONE | RFLAGS_ZF));
	vmcb.rip = CODE;
	vmcs_set(&vmcs, VMCS_LINK_POINTER, ~0ull);
	guest.registers[2] = GUEST_RIP;
	fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0);
	assert_true(vmcb.rflags == (RFLAGS_ONE | RFLAGS_CF));
	vmcb.rip = CODE;
	vmcb.segments[VMCB_SS].attributes |= 0x60; /* CPL 3 */
	fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0);
	assert_true(injects(VECTOR_GP));
	((uint8_t *)BITMAPS)[GUEST_RIP / 8] = (uint8_t)BIT(GUEST_RIP % 8);
	assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0), EXIT_REASON_VMREAD);
	guest.registers[2] = 0x8000;
	assert_exits(fixture_leaves(SVM_EXIT_EXCEPTION + VECTOR_UD, 0, 0), EXIT_REASON_VMREAD);
}

/* LGDT and its kin: displacement, and information bits 29:28. */
static void
descriptor_tables(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	CODE_BYTES(0x0f, 0x01, 0x50, 0x20); /* lgdt 0x20(%rax) */
	assert_exits(fixture_leaves(SVM_EXIT_GDTR_WRITE, 0, 0), EXIT_REASON_GDTR_OR_IDTR);
	assert_int_equal(guest.exit.instruction_information, 2 << 7 | 3 << 15 | 1 << 22 | 2 << 28);
	assert_int_equal(guest.exit.qualification, 0x20);
	CODE_BYTES(0x0f, 0x00, 0xcb); /* str %ebx */
	assert_exits(fixture_leaves(SVM_EXIT_TR_READ, 0, 0), EXIT_REASON_LDTR_OR_TR);
	assert_int_equal(guest.exit.instruction_information, 3 << 3 | 1 << 10 | 1 << 28);
}

/* A nested page fault on what the EPT has not, with the address by which the guest got there. */
static void
ept_violations(void **state)
{
	(void)state;
	fixture_fresh(PROTECTED_MODE);

	nested_reset(guest.nested,
	        0x40000000 | EPTP_FOUR_LEVELS | 6); /* tables where there is nothing */
	CODE_BYTES(0x8b, 0x06);
	assert_exits(fixture_leaves(SVM_EXIT_NESTED_PAGE_FAULT, BIT(32) | 4 | 0x10, CODE),
	        EXIT_REASON_EPT_MISCONFIGURATION);
	assert_true(guest.exit.physical == CODE);
	/* An EPT of one page table, in which DATA is missing. */
	((uint64_t *)(WINDOW + 0x5000))[0] = (WINDOW + 0x6000) | 7;
	((uint64_t *)(WINDOW + 0x6000))[0] = (WINDOW + 0x7000) | 7;
	((uint64_t *)(WINDOW + 0x7000))[WINDOW >> 21] = (WINDOW + 0x8000) | 7;
	for (unsigned i = 0; i < 512; i++)
		((uint64_t *)(WINDOW + 0x8000))[i] =
		        WINDOW + i * 0x1000 == DATA ? 0 : (WINDOW + i * 0x1000) | 0x37;
	nested_reset(guest.nested, (WINDOW + 0x5000) | EPTP_FOUR_LEVELS | 6);
	guest.registers[6] = DATA + 0x123; /* mov (%esi), %eax */
	assert_exits(fixture_leaves(SVM_EXIT_NESTED_PAGE_FAULT, BIT(32) | 4, DATA + 0x123),
	        EXIT_REASON_EPT_VIOLATION);
	assert_true(guest.exit.qualification == 0x181);
	assert_true(guest.exit.linear == DATA + 0x123 && guest.exit.physical == DATA + 0x123);
	/* An access that is not found leaves no address. */
	guest.registers[6] = CODE;
	assert_exits(fixture_leaves(SVM_EXIT_NESTED_PAGE_FAULT, BIT(32) | 6, DATA),
	        EXIT_REASON_EPT_VIOLATION);
	assert_true(guest.exit.qualification == 0x102 && guest.exit.linear == 0);
	/* An event whose delivery met a page that is only not mapped yet is delivered once more. */
	vmcb.exit_interrupt_info = SVM_EVENT_VALID | SVM_EVENT_NMI | 2;
	assert_int_equal(fixture_leaves(SVM_EXIT_NESTED_PAGE_FAULT, BIT(32) | 6, STACK), SVM_GO_ON);
	assert_true(vmcb.event_injection == (SVM_EVENT_VALID | SVM_EVENT_NMI | 2));
}

/* INVLPG tells the linear address. */
static void
invlpg(void **state)
{
	(void)state;
	fixture_fresh(LONG_MODE);
	guest.registers[0] = 0xffff800000000000;
	vmcb.segments[VMCB_GS].base = 0x1000;
	CODE_BYTES(0x65, 0x0f, 0x01, 0x78, 0x10);
	assert_exits(fixture_leaves(SVM_EXIT_INVLPG, 0, 0), EXIT_REASON_INVLPG);
	assert_true(guest.exit.qualification == 0xffff800000001010);
	assert_int_equal(guest.exit.instruction_length, 5);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_exits),
		cmocka_unit_test(performed),
		cmocka_unit_test(not_of_intel),
		cmocka_unit_test(io),
		cmocka_unit_test(io_bitmaps),
		cmocka_unit_test(vmx_instructions),
		cmocka_unit_test(shadow_vmcs),
		cmocka_unit_test(descriptor_tables),
		cmocka_unit_test(ept_violations),
		cmocka_unit_test(invlpg),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

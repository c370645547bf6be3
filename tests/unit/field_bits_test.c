/* Unit tests of the names of bits and of values in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/vmcs_fields.h>

#include "rules/field_bits.h"

enum { TEXT = 400 };

/* clang-format off */

#define CR0_BITS(X) X(PE) X(MP) X(EM) X(TS) X(ET) X(NE) X(WP) X(AM) X(NW) X(CD) X(PG)
#define CR4_BITS(X) \
	X(VME) X(PVI) X(TSD) X(DE) X(PSE) X(PAE) X(MCE) X(PGE) X(PCE) X(OSFXSR) X(OSXMMEXCPT) \
	X(UMIP) X(LA57) X(VMXE) X(SMXE) X(FSGSBASE) X(PCIDE) X(OSXSAVE) X(SMEP) X(SMAP) X(PKE) \
	X(CET) X(PKS)

static const struct {
	uint32_t field;
	uint64_t value;
	const char *words;
} decoded[] = {
	{ GUEST_CS_ACCESS_RIGHTS, 0xa09b, "type 11 (code, readable, accessed), S = 1, DPL 0, P, L, G" },
	{ GUEST_SS_ACCESS_RIGHTS, 0xc0f3, "type 3 (data, writable, accessed), S = 1, DPL 3, P, D/B, G" },
	{ GUEST_ES_ACCESS_RIGHTS, 0x10000, "unusable" },
	{ GUEST_DS_ACCESS_RIGHTS, 0x1c001, "unusable, type 1 (16-bit TSS, available), S = 0, DPL 0, not present, D/B, G" },
	{ GUEST_GS_ACCESS_RIGHTS, 0x93, "type 3 (data, writable, accessed), S = 1, DPL 0, P" },
	/* The same type is another segment when S is 0. */
	{ GUEST_TR_ACCESS_RIGHTS, 0x8b, "type 11 (TSS, busy), S = 0, DPL 0, P" },
	{ GUEST_TR_ACCESS_RIGHTS, 0x83, "type 3 (16-bit TSS, busy), S = 0, DPL 0, P" },
	{ GUEST_LDTR_ACCESS_RIGHTS, 0x82, "type 2 (LDT), S = 0, DPL 0, P" },
	{ GUEST_FS_ACCESS_RIGHTS, 0x1f93, "type 3 (data, writable, accessed), S = 1, DPL 0, P, AVL, bits 11:8" },
	{ GUEST_FS_ACCESS_RIGHTS, 0x80020000, "type 0 (reserved), S = 0, DPL 0, not present, bit 17, bit 31" },
	{ GUEST_SS_SELECTOR, 0x2b, "index 5, TI 0, RPL 3" },
	{ GUEST_LDTR_SELECTOR, 0xffff, "index 8191, TI 1, RPL 3" },
	{ GUEST_RFLAGS, 0x202, "IF, IOPL 0" },
	{ GUEST_RFLAGS, 0x23003, "CF, VM, IOPL 3" },
	{ GUEST_RFLAGS, 0, "bit 1 = 0, IOPL 0" },
	{ GUEST_RFLAGS, 0x40802a, "bit 3, bit 5, bit 15, bit 22, IOPL 0" },
	{ GUEST_ACTIVITY_STATE, 0, "active" },
	{ GUEST_ACTIVITY_STATE, 1, "HLT" },
	{ GUEST_ACTIVITY_STATE, 3, "wait-for-SIPI" },
	{ GUEST_ACTIVITY_STATE, 4, "no activity state" },
	{ GUEST_ACTIVITY_STATE, UINT64_MAX, "no activity state" },
	{ GUEST_INTERRUPTIBILITY_STATE, 0, "no blocking" },
	{ GUEST_INTERRUPTIBILITY_STATE, 0x9, "blocking by STI, blocking by NMI" },
	{ GUEST_INTERRUPTIBILITY_STATE, 0x20, "bit 5" },
	{ VM_ENTRY_INTERRUPTION_INFORMATION, 0x80000202, "NMI, vector 2, valid" },
	{ VM_ENTRY_INTERRUPTION_INFORMATION, 0x80000b0d, "hardware exception, vector 13, deliver error code, valid" },
	{ VM_ENTRY_INTERRUPTION_INFORMATION, 0x2f, "external interrupt, vector 47, not valid" },
	{ VM_ENTRY_INTERRUPTION_INFORMATION, 0x80001100, "reserved type 1, vector 0, bit 12, valid" },
	{ GUEST_IA32_PAT, 0x0007040600070406, "WB, WT, UC-, UC, WB, WT, UC-, UC" },
	{ GUEST_IA32_PAT, 0xff08020301050406, "WB, WT, WP, WC, 3 (reserved), 2 (reserved), 8 (reserved), 255 (reserved)" },
	{ GUEST_CR0, 0x80000021, "PE, NE, PG" },
	{ GUEST_CR0, 0x700000040, "bit 6, bits 34:32" },
	{ GUEST_CR0, 0, "no bit is 1" },
	{ GUEST_CR4, 0x100002020, "PAE, VMXE, FRED" },
	{ GUEST_IA32_EFER, 0xd01, "SCE, LME, LMA, NXE" },
	{ GUEST_IA32_EFER, 0x1000, "bit 12" },
	{ GUEST_PENDING_DEBUG_EXCEPTIONS, 0x5001, "B0, enabled breakpoint, BS" },
	{ GUEST_IA32_DEBUGCTL, 0x3, "LBR, BTF" },
	{ GUEST_DR7, 0x400, "bit 10" },
	{ GUEST_DR7, 0x000d0402, "G0, R/W0 1, LEN0 3, bit 10" },
	{ GUEST_IA32_S_CET, 0x1005, "SH_STK_EN, ENDBR_EN, EB_LEG_BITMAP_BASE 1" },
	{ VM_ENTRY_CONTROLS, 0x93ff, "load debug controls, IA-32e mode guest, load IA32_EFER" },
	{ PIN_BASED_VM_EXECUTION_CONTROLS, 0x3f, "external-interrupt exiting, NMI exiting, virtual NMIs" },
	{ PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0x8401e172, "CR3-load exiting, CR3-store exiting, activate secondary controls" },
	{ SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS, 0x82, "enable EPT, unrestricted guest" },
	{ VM_EXIT_CONTROLS, 0x36fff, "save debug controls, host address-space size" },
	{ GUEST_RIP, 0x1234, "" },
	{ GUEST_CR3, 0x1000, "" },
	{ GUEST_TR_LIMIT, 0x67, "" },
	{ EXCEPTION_BITMAP, 0x60042, "" },
	{ 0xffffffff, 5, "" },
};

static const struct {
	uint32_t field;
	uint64_t bits;
	const char *names;
} named[] = {
	{ GUEST_CR0, 1 << 5, "NE (bit 5)" },
	{ GUEST_CR0, 0xffffffff00000021, "PE (bit 0), NE (bit 5), bits 63:32" },
	{ GUEST_SS_ACCESS_RIGHTS, 1 << 6, "DPL (bits 6:5)" },
	{ GUEST_SS_ACCESS_RIGHTS, 0xf0f, "type (bits 3:0), bits 11:8" },
	{ GUEST_INTERRUPT_STATUS, 0x3000, "SVI (bits 15:8)" },
	{ GUEST_CR3, 5ull << 40, "bit 40, bit 42" },
	{ GUEST_RIP, UINT64_MAX, "bits 63:0" },
	{ GUEST_RIP, 1ull << 63, "bit 63" },
	{ GUEST_RIP, 0, "" },
};

/* clang-format on */

static void
values_are_decoded(void **state)
{
	char text[TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(decoded); i++) {
		assert_int_equal(
		        vmcs_field_decode(text, sizeof(text), decoded[i].field, decoded[i].value),
		        strlen(decoded[i].words));
		assert_string_equal(text, decoded[i].words);
	}
}

static void
bits_are_named(void **state)
{
	char text[TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(named); i++) {
		assert_int_equal(
		        vmcs_field_name_bits(text, sizeof(text), named[i].field, named[i].bits),
		        strlen(named[i].names));
		assert_string_equal(text, named[i].names);
	}
}

/* The name of a control register's bit is that of its constant. */
static void
control_register_bits_are_named(void **state)
{
	(void)state;
#define ASSERT_CR0(bit) \
	assert_string_equal(vmcs_field_bit_name(GUEST_CR0, __builtin_ctzll(CR0_##bit)), #bit);
#define ASSERT_CR4(bit) \
	assert_string_equal(vmcs_field_bit_name(GUEST_CR4, __builtin_ctzll(CR4_##bit)), #bit);
	CR0_BITS(ASSERT_CR0)
	CR4_BITS(ASSERT_CR4)
	for (unsigned bit = 0; bit < 200; bit++)
		assert_null(vmcs_field_bit_name(GUEST_CR3, bit));
	assert_null(vmcs_field_bit_name(GUEST_CR0, 6));
	assert_null(vmcs_field_bit_name(GUEST_CR0, 64));
	assert_null(vmcs_field_bit_name(GUEST_CR0, UINT32_MAX));
	assert_null(vmcs_field_bit_name(GUEST_RFLAGS, 1));
}

/* In every table bits ascend, do not overlap and are bits of the field. */
static void
tables_are_in_order(void **state)
{
	size_t fields = 0;

	(void)state;
	for (uint32_t field = 0; field < 0x10000; field++) {
		static const unsigned widths[] = { 16, 64, 32, 64 };
		size_t count;
		const struct bit_field *bits = vmcs_bit_fields(field, &count);

		fields += bits != NULL;
		assert_int_equal(bits != NULL, count > 0);
		for (size_t i = 0; i < count; i++) {
			assert_true(bits[i].low <= bits[i].high);
			assert_true(bits[i].high < widths[field >> 13 & 3]);
			assert_true(i == 0 || bits[i].low > bits[i - 1].high);
			assert_string_equal(vmcs_field_bit_name(field, bits[i].high), bits[i].name);
		}
	}
	assert_int_equal(fields, 8 + 8 + 16);
}

/* Whatever the room, the text is the beginning of the whole, terminated, and nothing else is
 * written. */
static void
texts_are_cut(void **state)
{
	char whole[TEXT], *text;

	(void)state;
	for (size_t i = 0; i < COUNT(decoded); i++) {
		size_t length =
		        vmcs_field_decode(whole, sizeof(whole), decoded[i].field, decoded[i].value);

		for (size_t size = 1; size <= length + 1; size++) {
			text = malloc(size);
			assert_int_equal(
			        vmcs_field_decode(text, size, decoded[i].field, decoded[i].value),
			        length);
			assert_int_equal(strlen(text), size - 1);
			assert_memory_equal(text, whole, size - 1);
			free(text);
		}
		assert_int_equal(
		        vmcs_field_decode(NULL, 0, decoded[i].field, decoded[i].value), length);
	}
	assert_int_equal(vmcs_field_name_bits(NULL, 0, GUEST_CR0, 1), strlen("PE (bit 0)"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_decoded),
		cmocka_unit_test(bits_are_named),
		cmocka_unit_test(control_register_bits_are_named),
		cmocka_unit_test(tables_are_in_order),
		cmocka_unit_test(texts_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * QEMU is understood: the texts here are its own, of version 7.2; and a guest's addresses lead to where the kernel
 * has put its memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <r33/control_registers.h>
#include <r33/msr.h>
#include <r33/paging.h>
#include <r33/segments.h>

#include "gdb/qemu_guest.h"
#include "gdb/run.h"

static const char registers_64[] =
        "\r\nCPU#0\r\n"
        "RAX=0000000080000031 RBX=0000000000000002 RCX=0000000000000003 RDX=0000000000000004\r\n"
        "RSI=0000000000000005 RDI=0000000000000006 RBP=0000000000000007 RSP=0000000001038000\r\n"
        "R8 =0000000000000008 R9 =0000000000000009 R10=fedcba9876543210 R11=000000000000000b\r\n"
        "R12=000000000000000c R13=000000000000000d R14=000000000000000e R15=000000000000000f\r\n"
        "RIP=0000000001010003 RFL=00000202 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0\r\n"
        "ES =0018 0000000000000000 ffffffff 00cf9300 DPL=0 DS   [-WA]\r\n"
        "CS =0008 0000000000000000 ffffffff 00af9b00 DPL=0 CS64 [-RA]\r\n"
        "SS =0018 0000000000000000 ffffffff 00cf9300 DPL=0 DS   [-WA]\r\n"
        "DS =0018 0000000000000000 ffffffff 00cf9300 DPL=0 DS   [-WA]\r\n"
        "FS =0018 ffff800000001000 ffffffff 00cf9300 DPL=0 DS   [-WA]\r\n"
        "GS =0000 0000000000000000 00000000 00000000\r\n"
        "LDT=0000 0000000000000000 00000000 00008200 DPL=0 LDT\r\n"
        "TR =0020 0000000001002400 00000088 00008900 DPL=0 TSS64-avl\r\n"
        "GDT=     0000000001002000 000000ff\r\n"
        "IDT=     0000000001002800 000007ff\r\n"
        "CR0=80000031 CR2=00000000deadb000 CR3=0000000001003000 CR4=00000020\r\n"
        "DR0=0000000000000000 DR1=0000000000000000 DR2=0000000000000000 DR3=0000000000000000 \r\n"
        "DR6=00000000ffff0ff0 DR7=0000000000000400\r\n"
        "EFER=0000000000001500\r\n"
        "FCW=037f FSW=0000 [ST=0] FTW=00 MXCSR=00001f80\r\n";

static const char registers_16[] =
        "\r\nCPU#0\r\n"
        "EAX=00000001 EBX=00000002 ECX=00000003 EDX=00060fb1\r\n"
        "ESI=00000005 EDI=00000006 EBP=00000007 ESP=0000fff0\r\n"
        "EIP=0000fff0 EFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0\r\n"
        "ES =0000 00000000 0000ffff 00009300\r\n"
        "CS =f000 ffff0000 0000ffff 00009b00\r\n"
        "SS =0000 00000000 0000ffff 00009300\r\n"
        "DS =0000 00000000 0000ffff 00009300\r\n"
        "FS =0000 00000000 0000ffff 00009300\r\n"
        "GS =0000 00000000 0000ffff 00009300\r\n"
        "LDT=0000 00000000 0000ffff 00008200\r\n"
        "TR =0000 00000000 0000ffff 00008b00\r\n"
        "GDT=     00000000 0000ffff\r\n"
        "IDT=     00000000 0000ffff\r\n"
        "CR0=60000010 CR2=00000000 CR3=00000000 CR4=00000000\r\n"
        "EFER=0000000000000000\r\n";

static void
registers_of_64_bit_code_are_read(void **state)
{
	struct cpu cpu;

	(void)state;
	assert_true(qemu_registers(registers_64, &cpu));
	assert_int_equal(cpu.registers[CPU_RAX], 0x80000031);
	assert_int_equal(cpu.registers[CPU_RBX], 2);
	assert_int_equal(cpu.registers[CPU_RDI], 6);
	assert_int_equal(cpu.registers[CPU_RSP], 0x1038000);
	assert_int_equal(cpu.registers[CPU_R8], 8);
	assert_int_equal(cpu.registers[CPU_R8 + 2], 0xfedcba9876543210);
	assert_int_equal(cpu.registers[CPU_R15], 15);
	assert_int_equal(cpu.registers[CPU_RIP], 0x1010003);
	assert_int_equal(cpu.rflags, 0x202);
	assert_int_equal(cpu.segments[CPU_CS].selector, 8);
	assert_int_equal(cpu.segments[CPU_CS].access_rights, 0xa09b);
	assert_int_equal(cpu.segments[CPU_CS].limit_bytes, 0xffffffff);
	assert_int_equal(cpu.segments[CPU_FS].base, 0xffff800000001000);
	assert_true(cpu.segments[CPU_FS].valid);
	assert_false(cpu.segments[CPU_GS].valid);
	/* VM entry wants a busy TSS, VMRUN leaves it available. */
	assert_int_equal(cpu.segments[CPU_TR].access_rights, 0x8b);
	assert_int_equal(cpu.segments[CPU_TR].base, 0x1002400);
	assert_int_equal(cpu.gdtr.base, 0x1002000);
	assert_int_equal(cpu.gdtr.limit_bytes, 0xff);
	assert_int_equal(cpu.idtr.limit_bytes, 0x7ff);
	assert_int_equal(cpu.cr0, 0x80000031);
	assert_int_equal(cpu.cr2, 0xdeadb000);
	assert_int_equal(cpu.cr3, 0x1003000);
	assert_int_equal(cpu.cr4, 0x20);
	assert_int_equal(cpu.efer, 0x1500);
}

static void
registers_of_16_bit_code_are_read(void **state)
{
	struct cpu cpu;

	(void)state;
	assert_true(qemu_registers(registers_16, &cpu));
	assert_int_equal(cpu.registers[CPU_RDX], 0x60fb1);
	assert_int_equal(cpu.registers[CPU_RSP], 0xfff0);
	assert_int_equal(cpu.registers[CPU_R8], 0);
	assert_int_equal(cpu.registers[CPU_RIP], 0xfff0);
	assert_int_equal(cpu.rflags, 2);
	assert_int_equal(cpu.segments[CPU_CS].base, 0xffff0000);
	assert_int_equal(cpu.segments[CPU_CS].access_rights, 0x9b);
	assert_int_equal(cpu.cr0, 0x60000010);
}

/* A text that is cut off anywhere lacks something. */
static void
what_is_missing_is_noticed(void **state)
{
	const char *end = strstr(registers_16, "EFER=");
	char text[sizeof(registers_16)];
	struct cpu cpu;

	(void)state;
	for (size_t length = 0; length <= (size_t)(end - registers_16) + 5; length++) {
		memcpy(text, registers_16, length);
		text[length] = '\0';
		assert_false(qemu_registers(text, &cpu));
	}
}

static void
stops_are_told_apart(void **state)
{
	struct stop stop;

	(void)state;
	qemu_stop("T05thread:01;", &stop);
	assert_int_equal(stop.reason, STOP_NOTHING_SAID);
	qemu_stop("T05thread:01;watch:1fe8;", &stop);
	assert_int_equal(stop.reason, STOP_WATCH_WRITE);
	assert_int_equal(stop.watched, 0x1fe8);
	qemu_stop("T05thread:01;rwatch:ffff800000001000;", &stop);
	assert_int_equal(stop.reason, STOP_WATCH_READ);
	assert_int_equal(stop.watched, 0xffff800000001000);
	qemu_stop("T05thread:01;awatch:10;", &stop);
	assert_int_equal(stop.reason, STOP_WATCH_WRITE);
}

/* Physical memory: 64 pages. */
enum { PAGE_COUNT = 64 };
static uint8_t memory[PAGE_COUNT][PAGE_BYTES];
static struct debuggee debuggee;
static const struct kernel_places places = { .svm_vmrun = 0x106e47, .svm_vmexit = 0x106e4a };

static size_t
read_physical(struct debuggee *machine, uint64_t physical, uint8_t *bytes, size_t length)
{
	(void)machine;
	if (physical >= sizeof(memory) || length > sizeof(memory) - physical)
		return 0;
	memcpy(bytes, memory[0] + physical, length);
	return length;
}

/* The registers are given. */
static bool
know(struct debuggee *machine)
{
	(void)machine;
	return true;
}

static const struct debugger debugger = {
	.registers = know, .control_registers = know, .vmx = know, .read_physical = read_physical
};

static void
set_entry(unsigned page, unsigned index, uint64_t entry)
{
	memcpy(memory[page] + 8 * index, &entry, sizeof(entry));
}

/* EPT in pages 16 to 19: guest page n is host page 32 + n.  The guest's tables are its pages 1 to 4. */
static int
begin(void **state)
{
	(void)state;
	memset(memory, 0, sizeof(memory));
	memset(&debuggee, 0, sizeof(debuggee));
	debuggee.debugger = &debugger;
	debuggee.places = &places;
	for (unsigned i = 0; i < 3; i++)
		set_entry(16 + i, 0, (17 + i) * PAGE_BYTES | EPT_READ_WRITE_EXECUTE);
	for (unsigned i = 0; i < 16; i++)
		set_entry(19, i, (32 + i) * PAGE_BYTES | EPT_READ_WRITE_EXECUTE | 6 << 3);
	debuggee.shown.ept_pointer = 16 * PAGE_BYTES | 0x1e;
	return 0;
}

static void
check_translation(bool in_guest, uint64_t linear, uint64_t wanted)
{
	uint64_t physical = 0;

	assert_true(qemu_translate(&debuggee, in_guest, linear, &physical));
	assert_int_equal(physical, wanted);
}

static void
unpaged_addresses_go_through_ept(void **state)
{
	uint64_t physical;

	(void)state;
	check_translation(true, 0x5123, 37 * PAGE_BYTES + 0x123);
	check_translation(false, 0x5123, 0x5123);
	assert_false(qemu_translate(&debuggee, true, 0x10000, &physical));
	debuggee.shown.ept_pointer = SVM_SHOWN_NOTHING;
	check_translation(true, 0x5123, 0x5123);
}

/* The guest's page 4 leads 5 on; the same tables in the host's memory at page 1 lead elsewhere. */
static void
four_levels_go_through_ept(void **state)
{
	uint64_t physical;

	(void)state;
	debuggee.cpu.cr0 = CR0_PG | CR0_PE;
	debuggee.cpu.cr4 = CR4_PAE;
	debuggee.cpu.efer = EFER_LMA | EFER_LME;
	debuggee.cpu.cr3 = 1 * PAGE_BYTES;
	for (unsigned i = 1; i < 4; i++) {
		set_entry(32 + i, 0, (i + 1) * PAGE_BYTES | PAGE_PRESENT);
		set_entry(i, 0, (i + 1) * PAGE_BYTES | PAGE_PRESENT);
	}
	set_entry(36, 7, 5 * PAGE_BYTES | PAGE_PRESENT);
	set_entry(4, 7, 9 * PAGE_BYTES | PAGE_PRESENT);
	check_translation(true, 0x7abc, 37 * PAGE_BYTES + 0xabc);
	check_translation(false, 0x7abc, 9 * PAGE_BYTES + 0xabc);
	assert_false(qemu_translate(&debuggee, true, 0x8000, &physical));
}

/* The PDPTEs are those in the kernel's page, wherever CR3 leads. */
static void
pae_has_the_kernels_pdptes(void **state)
{
	(void)state;
	debuggee.cpu.cr0 = CR0_PG | CR0_PE;
	debuggee.cpu.cr4 = CR4_PAE;
	debuggee.cpu.cr3 = 0xfee00000;
	debuggee.shown.pdpt_host_physical = 50 * PAGE_BYTES;
	set_entry(50, 1, 3 * PAGE_BYTES | PDPTE_PRESENT);
	set_entry(35, 0, 4 * PAGE_BYTES | PAGE_PRESENT);
	set_entry(36, 2, 6 * PAGE_BYTES | PAGE_PRESENT);
	check_translation(true, 0x40002010, 38 * PAGE_BYTES + 0x10);
}

/* Noted by the kernel, but for its own two instructions. */
static void
the_guest_is_known(void **state)
{
	(void)state;
	debuggee.cpu.segments[CPU_CS].access_rights = RIGHTS_L;
	debuggee.cpu.registers[CPU_RIP] = 0x1010000;
	assert_false(qemu_is_in_guest(&debuggee));
	debuggee.shown.in_guest = 1;
	assert_true(qemu_is_in_guest(&debuggee));
	debuggee.cpu.registers[CPU_RIP] = places.svm_vmrun;
	assert_false(qemu_is_in_guest(&debuggee));
	debuggee.cpu.registers[CPU_RIP] = places.svm_vmexit;
	assert_false(qemu_is_in_guest(&debuggee));
	/* A guest can have code at that address, too: not in 64-bit mode at CPL 0. */
	debuggee.cpu.segments[CPU_CS].access_rights = RIGHTS_DB;
	assert_true(qemu_is_in_guest(&debuggee));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_of_64_bit_code_are_read),
		cmocka_unit_test(registers_of_16_bit_code_are_read),
		cmocka_unit_test(what_is_missing_is_noticed),
		cmocka_unit_test(stops_are_told_apart),
		cmocka_unit_test_setup(unpaged_addresses_go_through_ept, begin),
		cmocka_unit_test_setup(four_levels_go_through_ept, begin),
		cmocka_unit_test_setup(pae_has_the_kernels_pdptes, begin),
		cmocka_unit_test_setup(the_guest_is_known, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

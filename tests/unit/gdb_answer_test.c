/* Bochs' debugger is understood: the texts here are its own, of version 2.7 if none is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#include "gdb/answer.h"

static const char registers[] =
        "r\nCPU0:\n"
        "rax: 00000000_e0000018\nrbx: 00000000_00000001\nrcx: fedcba98_76543210\n"
        "rdx: 00000000_00000002\nrsp: 00000000_7fefffe8\nrbp: 00000000_7feffff0\n"
        "rsi: 00000000_00000003\nrdi: 00000000_7fe00000\nr8 : 00000000_00000008\n"
        "r9 : 00000000_00000009\nr10: 00000000_00000010\nr11: 00000000_00000011\n"
        "r12: 00000000_00000012\nr13: 00000000_00000013\nr14: 00000000_00000014\n"
        "r15: 00000000_00000015\nrip: 00000000_4000018d\nssp: 00000000_00001000\n"
        "eflags 0x00000206: id vip vif ac vm rf nt IOPL=0 of df IF tf sf zf af PF cf\n";

static const char segments[] =
        "sreg\n"
        "es:0x0018, dh=0x00cf9300, dl=0x0000ffff, valid=1\n"
        "\tData segment, base=0x00000000, limit=0xffffffff, Read/Write, Accessed\n"
        "cs:0x0008, dh=0x00af9b00, dl=0x0000ffff, valid=1\n"
        "\tCode segment, base=0x00000000, limit=0xffffffff, Execute/Read, Non-Conforming, "
        "Accessed, 64-bit\n"
        "ss:0x001b, dh=0x0000f300, dl=0x00000000, valid=1\n"
        "\tData segment, base=0x00000000, limit=0x00000000, Read/Write, Accessed\n"
        "ds:0x0000, dh=0x00001000, dl=0x00000000, valid=0\n"
        "fs:0xf000, dh=0x000f9300, dl=0x0000ffff, valid=1\n"
        "gs:0x0030, dh=0x12009334, dl=0x5678ffff, valid=1\n"
        "ldtr:0x0000, dh=0x00008200, dl=0x0000ffff, valid=1\n"
        "tr:0x0028, dh=0x00008b16, dl=0xb0000067, valid=1\n"
        "gdtr:base=0x000000000016b080, limit=0x37\n"
        "idtr:base=0x000000000017c7c0, limit=0x33f\n";

static const char control[] = "creg\n"
                              "CR0=0x80010033: PG cd nw ac WP NE ET ts em MP PE\n"
                              "CR2=page fault laddr=0x00000000deadb000\n"
                              "CR3=0x0000001a3000\n"
                              "    PCD=page-level cache disable=0\n"
                              "    PWT=page-level write-through=0\n"
                              "CR4=0x00042620: pks cet pke smap smep keylock OSXSAVE pcid\n"
                              "CR8: 0x5\n"
                              "EFER=0x00000d00: ffxsr NXE LMA LME sce\n"
                              "XCR0=0x00000007: cet_s cet_u pkru\n";

/* Of 3.0, in the guest: a colon after "eflags", flags of validity that count more, new bits. */
static const char registers_of_3_0[] =
        "r\nCPU0:\n"
        "rax: 00000000_00000000\nrbx: 00000000_00000000\nrcx: fedcba98_76543210\n"
        "rdx: 00000000_00000000\nrsp: 00000000_01038000\nrbp: 00000000_00000000\n"
        "rsi: 00000000_00000000\nrdi: 00000000_00000000\nr8 : 00000000_00000000\n"
        "r9 : 00000000_00000000\nr10: 00000000_00000000\nr11: 00000000_00000000\n"
        "r12: 00000000_00000000\nr13: 00000000_00000000\nr14: 00000000_00000000\n"
        "r15: 00000000_00000015\nrip: 00000000_01010000\nssp: 00000000_00000000\n"
        "eflags: 0x00000202: id vip vif ac vm rf nt IOPL=0 of df IF tf sf zf af pf cf\n";

static const char segments_of_3_0[] =
        "sreg\n"
        "es:0x0010, dh=0x00cf9300, dl=0x0000ffff, valid=31\n"
        "\tData segment, base=0x00000000, limit=0xffffffff, Read/Write, Accessed\n"
        "cs:0xf000, dh=0xff0093ff, dl=0x0000ffff, valid=7\n"
        "\tData segment, base=0xffff0000, limit=0x0000ffff, Read/Write, Accessed\n"
        "ss:0x0018, dh=0x00cf9300, dl=0x0000ffff, valid=1\n"
        "ds:0x0018, dh=0x00cf9300, dl=0x0000ffff, valid=1\n"
        "fs:0x0018, dh=0x00cf9300, dl=0x0000ffff, valid=1\n"
        "gs:0x0018, dh=0x00cf9300, dl=0x0000ffff, valid=1\n"
        "ldtr:0x0000, dh=0x00000000, dl=0x00000000, valid=0\n"
        "tr:0x0020, dh=0x01008b00, dl=0x24000088, valid=1\n"
        "gdtr:base=0x0000000001002000, limit=0xff\n"
        "idtr:base=0x0000000001002800, limit=0x7ff\n";

static const char control_of_3_0[] =
        "creg\n"
        "CR0=0x80000031: PG cd nw ac wp NE ET ts em mp PE\n"
        "CR2=page fault laddr=0x0000000000000000\n"
        "CR3=0x000001003000\n"
        "    PCD=page-level cache disable=0\n"
        "    PWT=page-level write-through=0\n"
        "CR4=0x00002020: lass uintr pks cet pke smap smep keylock osxsave pcid fsgsbase smx VMX "
        "la57 "
        "umip osxmmexcpt osfxsr pce pge mce PAE pse de tsd pvi vme\n"
        "CR8: 0x0\n"
        "EFER=0x00000500: ffxsr nxe LMA LME sce\n"
        "XCR0=0x00000007: tiledata tilecfg hwp lbr uintr hdc cet_s cet_u pasid pkru pt hi_zmm\n";

static void
version_3_0_is_understood(void **state)
{
	struct cpu cpu = { 0 };

	(void)state;
	assert_true(answer_registers(registers_of_3_0, &cpu));
	assert_int_equal(cpu.registers[CPU_RCX], 0xfedcba9876543210);
	assert_int_equal(cpu.registers[CPU_R15], 0x15);
	assert_int_equal(cpu.registers[CPU_RIP], 0x1010000);
	assert_int_equal(cpu.rflags, 0x202);
	assert_true(answer_segments(segments_of_3_0, &cpu));
	assert_true(cpu.segments[CPU_ES].valid);
	assert_int_equal(cpu.segments[CPU_CS].base, 0xffff0000);
	assert_int_equal(cpu.segments[CPU_CS].limit_bytes, 0xffff);
	assert_false(cpu.segments[CPU_LDTR].valid);
	assert_int_equal(cpu.segments[CPU_TR].base, 0x1002400);
	assert_int_equal(cpu.idtr.limit_bytes, 0x7ff);
	assert_true(answer_control_registers(control_of_3_0, &cpu));
	assert_int_equal(cpu.cr0, 0x80000031);
	assert_int_equal(cpu.cr3, 0x1003000);
	assert_int_equal(cpu.cr4, 0x2020);
	assert_int_equal(cpu.efer, 0x500);
}

/* All general registers; one that is missing is noticed. */
static void
registers_are_read(void **state)
{
	struct cpu cpu = { 0 };

	(void)state;
	assert_true(answer_registers(registers, &cpu));
	assert_int_equal(cpu.registers[CPU_RAX], 0xe0000018);
	assert_int_equal(cpu.registers[CPU_RCX], 0xfedcba9876543210);
	assert_int_equal(cpu.registers[CPU_RSP], 0x7fefffe8);
	assert_int_equal(cpu.registers[CPU_RBP], 0x7feffff0);
	assert_int_equal(cpu.registers[CPU_R8], 8);
	assert_int_equal(cpu.registers[CPU_R8 + 1], 9);
	assert_int_equal(cpu.registers[CPU_R15], 0x15);
	assert_int_equal(cpu.registers[CPU_RIP], 0x4000018d);
	assert_int_equal(cpu.rflags, 0x206);
	assert_int_equal(cpu.ssp, 0x1000);
	for (size_t length = 0; registers + length < strstr(registers, "eflags"); length += 7) {
		char *cut = strndup(registers, length);

		assert_false(answer_registers(cut, &cpu));
		free(cut);
	}
}

/* Segments with bases, limits in bytes, and access rights as the VMCS has them. */
static void
segments_are_read(void **state)
{
	struct cpu cpu = { 0 };

	(void)state;
	assert_true(answer_segments(segments, &cpu));
	assert_int_equal(cpu.segments[CPU_CS].selector, 8);
	assert_int_equal(cpu.segments[CPU_CS].access_rights, 0xa09b);
	assert_int_equal(cpu.segments[CPU_CS].limit_bytes, 0xffffffff);
	assert_true(cpu.segments[CPU_CS].valid);
	assert_int_equal(cpu.segments[CPU_SS].access_rights, 0xf3);
	assert_int_equal(cpu.segments[CPU_SS].limit_bytes, 0);
	assert_false(cpu.segments[CPU_DS].valid);
	assert_int_equal(cpu.segments[CPU_FS].selector, 0xf000);
	assert_int_equal(cpu.segments[CPU_FS].limit_bytes, 0xfffff);
	assert_int_equal(cpu.segments[CPU_GS].base, 0x12345678);
	assert_int_equal(cpu.segments[CPU_TR].base, 0x16b000);
	assert_int_equal(cpu.segments[CPU_TR].limit_bytes, 0x67);
	assert_int_equal(cpu.gdtr.base, 0x16b080);
	assert_int_equal(cpu.gdtr.limit_bytes, 0x37);
	assert_int_equal(cpu.idtr.limit_bytes, 0x33f);
	assert_false(answer_segments(registers, &cpu));
	assert_false(answer_segments("cs:0x0008, dh=0x00af9b00\n", &cpu));
}

/* Control registers. */
static void
control_registers_are_read(void **state)
{
	struct cpu cpu = { 0 };

	(void)state;
	assert_true(answer_control_registers(control, &cpu));
	assert_int_equal(cpu.cr0, 0x80010033);
	assert_int_equal(cpu.cr2, 0xdeadb000);
	assert_int_equal(cpu.cr3, 0x1a3000);
	assert_int_equal(cpu.cr4, 0x42620);
	assert_int_equal(cpu.cr8, 5);
	assert_int_equal(cpu.efer, 0xd00);
	assert_false(answer_control_registers("CR0=0x80010033\n", &cpu));
}

/* Memory: all bytes up to one that is not mapped, never more than there is room for. */
static void
memory_is_read(void **state)
{
	static const char whole[] = "x /20bmx 0x40000000\n[bochs]:\n"
	                            "0x0000000040000000:B9 82 04 00 00 0F 32 F7  C2 00 00 00 80 75 "
	                            "0B BA \n0x0000000040000010:01 02 03 04 \n";
	static const char unmapped[] =
	        "x /16bmx 0x3ffffff8\n[bochs]:\n0x000000003ffffff8:bx_dbg_read_linear: physical "
	        "memory read error (phy=0x00003ffffff8, lin=0x000000003ffffff8)\n";
	static const char partly[] =
	        "[bochs]:\n0x0000000040000ff8:01 02 bx_dbg_read_linear: physical address not "
	        "available for linear 0x0000000040001000\n";
	uint8_t bytes[20];

	(void)state;
	assert_int_equal(answer_memory(whole, bytes, sizeof(bytes)), 20);
	assert_int_equal(bytes[0], 0xb9);
	assert_int_equal(bytes[8], 0xc2);
	assert_int_equal(bytes[15], 0xba);
	assert_int_equal(bytes[19], 4);
	assert_int_equal(answer_memory(whole, bytes, 3), 3);
	assert_int_equal(answer_memory(unmapped, bytes, sizeof(bytes)), 0);
	assert_int_equal(answer_memory(partly, bytes, sizeof(bytes)), 2);
	assert_int_equal(answer_memory("", bytes, sizeof(bytes)), 0);
	assert_int_equal(answer_memory(NULL, bytes, sizeof(bytes)), 0);
}

/* Translations, also behind EPT, where the walk of each level comes first. */
static void
translations_are_read(void **state)
{
	uint64_t physical = 0;

	(void)state;
	assert_true(answer_translation(
	        "page 0x40000123\nPML4: 0x00000000001a4027    ps\n"
	        "linear page 0x0000000040000000 maps to physical page 0x0000001a6000\n",
	        0x40000123, &physical));
	assert_int_equal(physical, 0x1a6123);
	assert_true(answer_translation(
	        "page 0x1010123\nEPT  PML4: 0x00000000001c6007    X W R\n"
	        "EPT  PDE: 0x00000000010000b7 PS X W R ignore_pat WB\n"
	        " PDPE: 0x0000000001005003    ps         a pcd pwt S W P\n"
	        "linear page 0x0000000001010000 maps to physical page 0x000001010000\n",
	        0x1010123, &physical));
	assert_int_equal(physical, 0x1010123);
	assert_false(answer_translation("PML4: 0x00000000001a4027\n"
	                                "physical address not available for linear 0x80000000\n",
	        0x80000000, &physical));
	assert_false(answer_translation("", 0, &physical));
}

/* Parameters. */
static void
parameters_are_read(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_true(answer_parameter(
	        "show \"cpu0.VMX.vmcsptr\"\nshow param name: <cpu0.VMX.vmcsptr>\nvmcsptr = "
	        "0x1d5000\n",
	        &value));
	assert_int_equal(value, 0x1d5000);
	assert_true(answer_parameter("show param name: <x>\nin_vmx_guest = true\n", &value));
	assert_int_equal(value, 1);
	assert_true(answer_parameter("show param name: <x>\nin_vmx_guest = false\n", &value));
	assert_int_equal(value, 0);
	assert_false(answer_parameter("show param name: <x>\nMSR = {\n", &value));
	assert_false(answer_parameter("can't find param <x>\n", &value));
	assert_false(answer_parameter("show param name: <cpu0.x>\n"
	                              "can't find param <cpu0.x> in global or default CPU tree\n",
	        &value));
}

static const struct {
	const char *text;
	enum stop_reason reason;
	uint64_t watched;
	bool placed;
	uint16_t selector;
	uint64_t offset;
} stops[] = {
	{ "s\nNext at t=19538062\n(0) [0x0000001a618e] 0023:000000004000018e (unk. ctxt): mov rbp, "
	  "rsp              ; 4889e5\n",
	        STOP_NOTHING_SAID, 0, true, 0x23, 0x4000018e },
	{ "c\n(0) Breakpoint 2, 0x0000000001010000 in ?? ()\nNext at t=19562183\n(0) "
	  "[0x000001010000] 0008:0000000001010000 (unk. ctxt): mov rax, cr0\n",
	        STOP_BREAKPOINT, 0, true, 8, 0x1010000 },
	{ "c\n(0) Caught write watch point at 0x000001001000\nNext at t=19562185\n(0) "
	  "[0x00000101000b] 0008:000000000101000b (unk. ctxt): mov rax, cr3\n",
	        STOP_WATCH_WRITE, 0x1001000, true, 8, 0x101000b },
	{ "c\n(0) Caught read watch point at 0x000000007000\nNext at t=1\n(0) [0x7c00] 0000:7c00 "
	  "(unk. ctxt): nop\n",
	        STOP_WATCH_READ, 0x7000, true, 0, 0x7c00 },
	{ "Next at t=0\n(0) [0x0000fffffff0] f000:fff0 (unk. ctxt): jmpf 0xf000:e05b\n",
	        STOP_NOTHING_SAID, 0, true, 0xf000, 0xfff0 },
	{ "c\n(0) Caught write watch point at rubbish\n", STOP_NOTHING_SAID, 0, false, 0, 0 },
	{ "", STOP_NOTHING_SAID, 0, false, 0, 0 },
};

/* Why and where the machine stopped. */
static void
stops_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stops); i++) {
		struct stop stop;

		answer_stop(stops[i].text, &stop);
		assert_int_equal(stop.reason, stops[i].reason);
		assert_int_equal(stop.watched, stops[i].watched);
		assert_int_equal(stop.placed, stops[i].placed);
		assert_int_equal(
		        stop.selector, stops[i].placed ? stops[i].selector : stop.selector);
		assert_int_equal(stop.offset, stops[i].offset);
	}
}

/* Errors are told from silence. */
static void
errors_are_noticed(void **state)
{
	(void)state;
	assert_true(answer_is_error("Error: no more linear breakpoint slots left.\n"));
	assert_true(answer_is_error("bx_dbg_load_segreg: not supported in long64 mode !\n"));
	assert_false(answer_is_error("lb 0x1000\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_are_read),
		cmocka_unit_test(segments_are_read),
		cmocka_unit_test(control_registers_are_read),
		cmocka_unit_test(version_3_0_is_understood),
		cmocka_unit_test(memory_is_read),
		cmocka_unit_test(translations_are_read),
		cmocka_unit_test(parameters_are_read),
		cmocka_unit_test(stops_are_read),
		cmocka_unit_test(errors_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* See svm_fixture.h. */
#include "svm_fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <r33/control_registers.h>
#include <r33/msr.h>
#include <r33/paging.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "cpu/fault.h"
#include "cpu/frames.h"
#include "cpu/x86.h"
#include "dev/apic.h"
#include "dev/timer.h"
#include "vmx/svm/offer.h"
#include "vmx/svm/wait.h"

#define TABLES 16

struct svm_guest guest;
struct vmcs_region vmcs;
struct vmcb vmcb;
struct vmcs_format format;
struct capabilities capabilities;
uint64_t fake_time, fake_ticks, fake_debug_registers[4], fake_msr_value;
uint32_t fake_msr;
unsigned fake_interrupts_taken, fake_interrupts_to_self;
uint8_t kernel_stack_guard[PAGE_BYTES];

static struct nested nested;
static _Alignas(PAGE_BYTES) struct nested_table tables[TABLES];
static _Alignas(PAGE_BYTES) uint64_t pdpt[PAGE_TABLE_ENTRIES];

_Noreturn void
kernel_panic(const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	vfprintf(stderr, text, arguments);
	va_end(arguments);
	abort();
}

bool
frames_is_ram(uint64_t start, uint64_t size)
{
	return start >= WINDOW && size <= WINDOW_BYTES && start - WINDOW <= WINDOW_BYTES - size;
}

void
apic_interrupt_self(void)
{
	fake_interrupts_to_self++;
}

uint64_t
timer_ticks(void)
{
	return fake_ticks;
}

enum svm_verdict
svm_wait(struct svm_guest *waiting)
{
	return svm_exit(waiting, 0xffff); /* no reason has this number */
}

bool
svm_offer_msr(uint32_t msr, uint64_t *value)
{
	*value = fake_msr_value;
	return msr == fake_msr;
}

static void *
memory_at(void *context, uint64_t physical, bool write)
{
	(void)context;
	(void)write;
	return frames_is_ram(physical, 1) ? (void *)physical : NULL;
}

/* The window, and nothing else, is mapped to itself. */
static void
fill_tables(void)
{
	uint64_t *table = (uint64_t *)CR3_TABLES;

	table[0] = (CR3_TABLES + PAGE_BYTES) | PAGE_PRESENT | PAGE_WRITABLE;
	table[PAGE_TABLE_ENTRIES] = (CR3_TABLES + 2 * PAGE_BYTES) | PAGE_PRESENT | PAGE_WRITABLE;
	table[2 * PAGE_TABLE_ENTRIES + (WINDOW >> 21)] =
	        WINDOW | PAGE_PRESENT | PAGE_WRITABLE | PAGE_LARGE;
}

static void
fill_memory(void)
{
	static bool mapped;

	if (!mapped && mmap((void *)WINDOW, WINDOW_BYTES, PROT_READ | PROT_WRITE,
	                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
	                       0) != (void *)WINDOW) {
		perror("the guest's memory");
		exit(1);
	}
	mapped = true;
	memset((void *)WINDOW, 0, WINDOW_BYTES);
	fill_tables();
}

static void
fill_state(enum fixture_mode mode)
{
	uint16_t code_attributes = mode == LONG_MODE        ? 0xa9b
	                           : mode == PROTECTED_MODE ? 0xc9b
	                                                    : 0x09b;

	vmcb.cr0 = mode == LONG_MODE        ? CR0_PG | CR0_NE | CR0_ET | CR0_PE
	           : mode == PROTECTED_MODE ? CR0_NE | CR0_ET | CR0_PE
	                                    : CR0_NE | CR0_ET;
	guest.cr3 = CR3_TABLES;
	guest.cr4 = mode == LONG_MODE ? CR4_PAE | CR4_VMXE : CR4_VMXE;
	guest.efer = mode == LONG_MODE ? EFER_LMA | EFER_LME : 0;
	for (unsigned i = 0; i < VMCB_SEGMENTS; i++)
		vmcb.segments[i] = (struct vmcb_segment){ 0x18, mode == REAL_MODE ? 0x93 : 0xc93,
			mode == REAL_MODE ? 0xffff : 0xffffffff, mode == REAL_MODE ? DATA : 0 };
	vmcb.segments[VMCB_CS] = (struct vmcb_segment){ 8, code_attributes, 0xffffffff,
		mode == REAL_MODE ? CODE : 0 };
	vmcb.rip = mode == REAL_MODE ? 0 : CODE;
	vmcb.rflags = RFLAGS_ONE;
	vmcb.dr7 = 0x400;
	vmcb.dr6 = guest.dr6_before = DR6_FIXED;
	guest.registers[4] = mode == REAL_MODE ? 0x1000 : STACK;
}

void
fixture_fresh(enum fixture_mode mode)
{
	fill_memory();
	memset(&guest, 0, sizeof(guest));
	memset(&vmcs, 0, sizeof(vmcs));
	memset(&vmcb, 0, sizeof(vmcb));
	fake_ticks = fake_time = fake_interrupts_taken = fake_interrupts_to_self = 0;
	memset(fake_debug_registers, 0, sizeof(fake_debug_registers));
	capabilities = (struct capabilities){
		.cr0_fixed0 = CR0_PG | CR0_NE | CR0_PE,
		.cr0_fixed1 = 0xffffffff,
		.cr4_fixed0 = CR4_VMXE,
		.cr4_fixed1 = 0xf72fff,
		.physical_address_width = 40,
		.linear_address_width = 48,
		.efer_bits = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE,
		.debugctl_bits = 3,
		.ept = true,
		.unrestricted_guest = true,
	};
	nested = (struct nested){
		.tables = tables,
		.table_count = TABLES,
		.memory = { memory_at, NULL },
		.features = { .physical_bits = 40 },
		.scratch_page = WINDOW + WINDOW_BYTES - PAGE_BYTES,
		.private_guest_physical = 0xfee00000,
		.private_host_physical = (uint64_t)pdpt,
	};
	nested_reset_window(&nested, WINDOW, WINDOW_BYTES);
	guest.capabilities = &capabilities;
	guest.format = &format;
	guest.vmcs = &vmcs;
	guest.vmcb = &vmcb;
	guest.nested = &nested;
	guest.pdpt = pdpt;
	guest.cr4_native = 0x7ff;
	guest.secondary = 1u << 7; /* unrestricted guest */
	fill_state(mode);
}

void
fixture_code(const void *bytes, size_t size)
{
	memset((void *)CODE, 0x90, 32);
	memcpy((void *)CODE, bytes, size);
}

enum svm_verdict
fixture_leaves(uint64_t exit_code, uint64_t info1, uint64_t info2)
{
	guest.exit = (struct vm_exit){ 0 };
	vmcb.exit_code = exit_code;
	vmcb.exit_info1 = info1;
	vmcb.exit_info2 = info2;
	return svm_handle_exit(&guest);
}

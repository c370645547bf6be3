/* Page tables: the kernel's, and one address space for each module. */
#include "cpu/paging.h"

#include <r33/control_registers.h>
#include <r33/cpuid.h>
#include <r33/msr.h>
#include <r33/paging.h>

#include "cpu/frames.h"
#include "cpu/x86.h"
#include "lib/string.h"

/* IA32_PAT: entry number n; PAGE_LARGE_PAT alone chooses number 4, which is as number 0 after reset. */
#define PAT_ENTRY(n, type) ((uint64_t)(type) << 8 * (n))

#define ENTRY_ADDRESS     0x000ffffffffff000ull
#define GIB_SHIFT         30
#define SMALL_PAGES_UNTIL (2 * LARGE_PAGE_BYTES) /* where kernel image and stack lie: 4 KiB pages */

extern uint8_t kernel_start[], kernel_text_end[], kernel_rodata_end[], kernel_end[],
        kernel_stack_guard[];

static uint64_t *kernel_directory; /* the first GiB, in every address space */
static uint64_t *device_directory; /* ... and the last GiB below 4 GiB; NULL: nothing there */
static struct address_space kernel_space;

static uint64_t *
table_of(uint64_t entry)
{
	return (uint64_t *)(entry & ENTRY_ADDRESS);
}

/* The rights of the kernel's page at address, 0 for one that must not be touched. */
static uint64_t
kernel_page_rights(uint64_t address)
{
	if (address == 0 || address == (uint64_t)kernel_stack_guard)
		return 0;
	if (address >= (uint64_t)kernel_start && address < (uint64_t)kernel_text_end)
		return PAGE_PRESENT;
	if (address >= (uint64_t)kernel_text_end && address < (uint64_t)kernel_rodata_end)
		return PAGE_PRESENT | PAGE_NO_EXECUTE;
	return PAGE_PRESENT | PAGE_WRITABLE | PAGE_NO_EXECUTE;
}

static void
map_kernel(void)
{
	kernel_directory = frame_allocate();
	for (uint64_t address = 0; address < MEMORY_LIMIT; address += LARGE_PAGE_BYTES) {
		uint64_t *table;

		if (address >= SMALL_PAGES_UNTIL) {
			kernel_directory[address / LARGE_PAGE_BYTES] = address | PAGE_PRESENT |
			                                               PAGE_WRITABLE | PAGE_LARGE |
			                                               PAGE_NO_EXECUTE;
			continue;
		}
		table = frame_allocate();
		kernel_directory[address / LARGE_PAGE_BYTES] =
		        (uint64_t)table | PAGE_PRESENT | PAGE_WRITABLE;
		for (uint64_t i = 0; i < PAGE_TABLE_ENTRIES; i++) {
			uint64_t page = address + i * PAGE_BYTES;
			uint64_t rights = kernel_page_rights(page);

			table[i] = rights ? page | rights : 0;
		}
	}
}

struct address_space
address_space_create(void)
{
	struct address_space space = { frame_allocate() };
	uint64_t *pdpt = frame_allocate();
	uint64_t *directory = frame_allocate();

	space.pml4[0] = (uint64_t)pdpt | PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER;
	pdpt[0] = (uint64_t)kernel_directory | PAGE_PRESENT | PAGE_WRITABLE;
	pdpt[1] = (uint64_t)directory | PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER;
	if (device_directory)
		pdpt[DEVICE_SPACE_LOW >> GIB_SHIFT] =
		        (uint64_t)device_directory | PAGE_PRESENT | PAGE_WRITABLE | PAGE_NO_EXECUTE;
	return space;
}

/* The page-table entry of a linear address in user space; NULL when its table is missing and
 * create is false. */
static uint64_t *
user_entry(struct address_space space, uint64_t linear, bool create)
{
	uint64_t *directory = table_of(table_of(space.pml4[0])[1]);
	uint64_t *slot = &directory[linear / LARGE_PAGE_BYTES % PAGE_TABLE_ENTRIES];

	if (!*slot) {
		if (!create)
			return NULL;
		*slot = (uint64_t)frame_allocate() | PAGE_PRESENT | PAGE_WRITABLE | PAGE_USER;
	}
	return &table_of(*slot)[linear / PAGE_BYTES % PAGE_TABLE_ENTRIES];
}

void
address_space_map(
        struct address_space space, uint64_t linear, uint64_t physical, enum page_rights rights)
{
	static const uint64_t bits[] = {
		[MAP_READ_ONLY] = PAGE_NO_EXECUTE,
		[MAP_WRITABLE] = PAGE_NO_EXECUTE | PAGE_WRITABLE,
		[MAP_EXECUTABLE] = 0,
	};

	*user_entry(space, linear, true) = physical | bits[rights] | PAGE_PRESENT | PAGE_USER;
}

void
address_space_load(struct address_space space)
{
	write_cr3((uint64_t)space.pml4);
}

void
address_space_load_kernel(void)
{
	address_space_load(kernel_space);
}

uint64_t
address_space_translate(struct address_space space, uint64_t linear, bool write)
{
	uint64_t *entry;

	if (linear < USER_SPACE_LOW || linear >= USER_SPACE_HIGH)
		return 0;
	entry = user_entry(space, linear, false);
	if (!entry || !(*entry & PAGE_PRESENT) || (write && !(*entry & PAGE_WRITABLE)))
		return 0;
	/* The kernel writes by another address, whose entry the processor marks. */
	if (write)
		*entry |= PAGE_DIRTY;
	return (*entry & ENTRY_ADDRESS) + linear % PAGE_BYTES;
}

bool
address_space_is_dirty(struct address_space space, uint64_t linear)
{
	return *user_entry(space, linear, false) & PAGE_DIRTY;
}

bool
address_space_take_dirty(struct address_space space, uint64_t linear)
{
	uint64_t *entry = user_entry(space, linear, false);
	bool dirty = *entry & PAGE_DIRTY;

	*entry &= ~PAGE_DIRTY;
	return dirty;
}

/* Both directions: kernel_bytes is the kernel's side. */
static bool
copy_user(struct address_space space, uint64_t user, uint8_t *kernel_bytes, size_t size_bytes,
        bool to_user)
{
	while (size_bytes > 0) {
		uint64_t physical = address_space_translate(space, user, to_user);
		size_t chunk = PAGE_BYTES - user % PAGE_BYTES;

		if (!physical)
			return false;
		if (chunk > size_bytes)
			chunk = size_bytes;
		if (to_user)
			memcpy((void *)physical, kernel_bytes, chunk);
		else
			memcpy(kernel_bytes, (const void *)physical, chunk);
		user += chunk;
		kernel_bytes += chunk;
		size_bytes -= chunk;
	}
	return true;
}

bool
copy_from_user(struct address_space space, void *to, uint64_t from, size_t size_bytes)
{
	return copy_user(space, from, to, size_bytes, false);
}

bool
copy_to_user(struct address_space space, uint64_t to, const void *from, size_t size_bytes)
{
	return copy_user(space, to, (uint8_t *)(uintptr_t)from, size_bytes, true);
}

void *
paging_map_device(uint64_t physical, uint64_t size_bytes)
{
	uint64_t address_end = 1ull << (cpuid(CPUID_ADDRESS_WIDTHS, 0).eax & 0xff);
	uint64_t first = physical & -LARGE_PAGE_BYTES;
	uint64_t *pdpt = table_of(table_of(read_cr3())[0]);

	if (device_directory || size_bytes == 0 || physical >= address_end ||
	        size_bytes > address_end - physical ||
	        physical - first + size_bytes > DEVICE_SPACE_BYTES)
		return NULL;
	wrmsr(IA32_PAT, (rdmsr(IA32_PAT) & ~PAT_ENTRY(4, 0xff)) | PAT_ENTRY(4, MEMORY_TYPE_WC));
	device_directory = frame_allocate();
	for (uint64_t i = 0; first + i * LARGE_PAGE_BYTES < physical + size_bytes; i++)
		device_directory[i] = (first + i * LARGE_PAGE_BYTES) | PAGE_PRESENT |
		                      PAGE_WRITABLE | PAGE_LARGE | PAGE_LARGE_PAT;
	pdpt[DEVICE_SPACE_LOW >> GIB_SHIFT] =
	        (uint64_t)device_directory | PAGE_PRESENT | PAGE_WRITABLE;
	return (void *)(DEVICE_SPACE_LOW + physical - first);
}

void *
paging_map_registers(uint64_t physical, uint64_t size_bytes)
{
	uint64_t page = physical & -LARGE_PAGE_BYTES, *entry;
	uint64_t *pdpt = table_of(table_of(read_cr3())[0]);

	if (page < DEVICE_SPACE_LOW || page - DEVICE_SPACE_LOW >= DEVICE_SPACE_BYTES ||
	        physical - page + size_bytes > LARGE_PAGE_BYTES)
		return NULL;
	if (!device_directory) {
		device_directory = frame_allocate();
		pdpt[DEVICE_SPACE_LOW >> GIB_SHIFT] =
		        (uint64_t)device_directory | PAGE_PRESENT | PAGE_WRITABLE | PAGE_NO_EXECUTE;
	}
	entry = &device_directory[(page - DEVICE_SPACE_LOW) / LARGE_PAGE_BYTES];
	if (*entry)
		return NULL;
	*entry = page | PAGE_PRESENT | PAGE_WRITABLE | PAGE_LARGE | PAGE_CACHE_DISABLE;
	return (void *)physical;
}

const char *
paging_init(void)
{
	if (!(cpuid(CPUID_EXTENDED_FEATURES, 0).edx & CPUID_EDX_NX))
		return "this processor has no execute-disable bit, or the firmware has switched it "
		       "off";
	/* Without the NX bit in EFER the NX bits of our tables are reserved bits. */
	wrmsr(IA32_EFER, (rdmsr(IA32_EFER) | EFER_NXE) & ~EFER_SCE);
	map_kernel();
	kernel_space = address_space_create();
	address_space_load_kernel();
	/* Boot loaders may leave the caches off. */
	write_cr0((read_cr0() & ~(CR0_NW | CR0_CD)) | CR0_WP | CR0_NE | CR0_MP);
	return NULL;
}

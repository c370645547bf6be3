/*
 * Physical memory: a pointer that only moves upwards through the RAM that GRUB reported and
 * steps over what is taken.  Nothing is freed: a run of the kernel is one session of grading.
 */
#include "cpu/frames.h"

#include "cpu/fault.h"
#include "lib/string.h"

#define MAX_RESERVED (BOOT_MAX_MODULES + 8)
#define LOW_MEMORY   (1ull << 20) /* below: BIOS, real-mode leftovers; not ours */

struct range {
	uint64_t start;
	uint64_t end;
};

extern uint8_t kernel_start[], kernel_end[];

static const struct boot_information *memory_map;
static struct range reserved[MAX_RESERVED];
static size_t reserved_count;
static uint64_t next_frame = LOW_MEMORY;

void
frames_reserve(uint64_t start, uint64_t size_bytes)
{
	if (reserved_count == MAX_RESERVED)
		kernel_panic("more than %d reserved memory ranges", MAX_RESERVED);
	reserved[reserved_count++] = (struct range){ start, start + size_bytes };
}

/* The end of a reserved range that overlaps [start, start+size), or 0. */
static uint64_t
reserved_until(uint64_t start, uint64_t size_bytes)
{
	for (size_t i = 0; i < reserved_count; i++)
		if (start < reserved[i].end && start + size_bytes > reserved[i].start)
			return reserved[i].end;
	return 0;
}

bool
frames_are_reserved(uint64_t start, uint64_t size_bytes)
{
	return reserved_until(start, size_bytes) != 0;
}

bool
frames_is_ram(uint64_t start, uint64_t size_bytes)
{
	uint64_t end = start + size_bytes;

	if (end < start || end > MEMORY_LIMIT)
		return false;
	for (size_t i = 0; i < memory_map->memory_range_count; i++) {
		const struct boot_memory_range *range = &memory_map->memory_ranges[i];

		if (start >= range->start && end - range->start <= range->size_bytes)
			return true;
	}
	return false;
}

bool
frames_touch_ram(uint64_t start, uint64_t size_bytes)
{
	for (size_t i = 0; i < memory_map->memory_range_count; i++) {
		const struct boot_memory_range *range = &memory_map->memory_ranges[i];

		if (start < range->start ? range->start - start < size_bytes
		                         : start - range->start < range->size_bytes)
			return true;
	}
	return false;
}

const char *
frames_init(const struct boot_information *boot, const void *information, size_t information_bytes)
{
	memory_map = boot;
	frames_reserve((uint64_t)kernel_start, (uint64_t)(kernel_end - kernel_start));
	frames_reserve((uint64_t)information, information_bytes);
	for (size_t i = 0; i < boot->module_count; i++) {
		const struct boot_module *module = &boot->modules[i];

		if (module->size_bytes > MEMORY_LIMIT ||
		        module->start > MEMORY_LIMIT - module->size_bytes)
			return "a boot module is above 1 GiB";
		frames_reserve(module->start, module->size_bytes);
	}
	if (boot->memory_range_count == 0)
		return "the boot loader gave no memory map";
	return NULL;
}

void *
frames_allocate(unsigned count)
{
	uint64_t bytes = count * PAGE_BYTES;

	while (next_frame < MEMORY_LIMIT) {
		uint64_t frame = next_frame;
		uint64_t taken_until = reserved_until(frame, bytes);

		if (taken_until) {
			next_frame = (taken_until + PAGE_BYTES - 1) & -PAGE_BYTES;
			continue;
		}
		if (frames_is_ram(frame, bytes)) {
			next_frame += bytes;
			memset((void *)frame, 0, bytes);
			return (void *)frame;
		}
		next_frame += PAGE_BYTES;
	}
	kernel_panic(
	        "out of memory: the machine has less RAM than this run needs (give it 64 MiB)");
}

void *
frame_allocate(void)
{
	return frames_allocate(1);
}

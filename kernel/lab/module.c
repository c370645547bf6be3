/* Modules: found, checked, mapped. */
#include "lab/module.h"

#include <r33/guest.h>

#include "cpu/frames.h"
#include "lib/format.h"
#include "lib/string.h"
#include "rules/profile_file.h"

struct module module_labs[MODULE_LAB_COUNT];
struct module module_reference;
struct boot_module module_states;

/* The frame of a segment's page: every page of a segment was mapped by map_segment(). */
static uint8_t *
frame_of(const struct module *module, uint64_t linear)
{
	return (uint8_t *)address_space_translate(module->space, linear, false);
}

/* Fill one page of a segment from the file; what the file does not cover becomes zero. */
static void
fill_page(const struct module *module, const struct elf_segment *segment, uint64_t page)
{
	uint8_t *frame = frame_of(module, page);
	uint64_t file_end = segment->address + segment->file_bytes;
	uint64_t from = page > segment->address ? page : segment->address;
	uint64_t to = page + PAGE_BYTES < file_end ? page + PAGE_BYTES : file_end;

	memset(frame, 0, PAGE_BYTES);
	if (from < to)
		memcpy(frame + (from - page),
		        module->image + segment->file_offset + (from - segment->address),
		        to - from);
}

static void
map_segment(const struct module *module, const struct elf_segment *segment)
{
	uint64_t end = segment->address + segment->memory_bytes;
	enum page_rights rights = segment->executable ? MAP_EXECUTABLE
	                          : segment->writable ? MAP_WRITABLE
	                                              : MAP_READ_ONLY;

	for (uint64_t page = segment->address & -PAGE_BYTES; page < end; page += PAGE_BYTES) {
		address_space_map(module->space, page, (uint64_t)frame_allocate(), rights);
		fill_page(module, segment, page);
	}
}

/* Only pages that were written: a part writes two or three of the stack's sixteen. */
static void
reset_segment(const struct module *module, const struct elf_segment *segment)
{
	uint64_t end = segment->address + segment->memory_bytes;

	for (uint64_t page = segment->address & -PAGE_BYTES; page < end; page += PAGE_BYTES)
		if (address_space_take_dirty(module->space, page))
			fill_page(module, segment, page);
}

/* False, and module->error says so: its answers could differ from run to run. */
static bool
is_repeatable(struct module *module)
{
	uint64_t address = elf_random_number_instruction(module->image, &module->elf);

	if (address == 0)
		return true;
	format_string(module->problem, sizeof(module->problem),
	        "labs may not use random numbers, but at %#lx the module's code has the bytes of "
	        "RDRAND or RDSEED (0F C7 F0 to FF)",
	        address);
	module->error = module->problem;
	return false;
}

/* False, and module->error says so: the engine might not survive it. */
static bool
is_endurable(struct module *module)
{
	uint64_t address = elf_locked_bit_test(module->image, &module->elf);

	if (address == 0)
		return true;
	format_string(module->problem, sizeof(module->problem),
	        "labs may not contain LOCK before a bit test of a register, at which some "
	        "versions of QEMU end, but the module's code has the bytes of one at %#lx",
	        address);
	module->error = module->problem;
	return false;
}

static void
load(struct module *module, const struct boot_module *boot_module)
{
	module->present = true;
	module->image = (const uint8_t *)boot_module->start;
	module->error = elf_check(module->image, boot_module->size_bytes,
	        (struct elf_window){ MODULE_LOW, MODULE_HIGH }, &module->elf);
	if (module->error || !is_repeatable(module) || !is_endurable(module))
		return;
	module->space = address_space_create();
	for (size_t i = 0; i < module->elf.segment_count; i++)
		map_segment(module, &module->elf.segments[i]);
	for (uint64_t page = LAB_STACK_TOP - LAB_STACK_BYTES; page < LAB_STACK_TOP;
	        page += PAGE_BYTES)
		address_space_map(module->space, page, (uint64_t)frame_allocate(), MAP_WRITABLE);
	module->guest_page = frame_allocate();
	address_space_map(module->space, GUEST_PAGE, (uint64_t)module->guest_page, MAP_READ_ONLY);
}

void
module_reset(const struct module *module)
{
	static const struct elf_segment stack = {
		.address = LAB_STACK_TOP - LAB_STACK_BYTES,
		.memory_bytes = LAB_STACK_BYTES,
		.writable = true,
	};

	for (size_t i = 0; i < module->elf.segment_count; i++)
		if (module->elf.segments[i].writable)
			reset_segment(module, &module->elf.segments[i]);
	reset_segment(module, &stack);
}

/* The module that a boot module's command line names, or NULL. */
static struct module *
module_named(const char *name)
{
	if (strcmp(name, "reference") == 0)
		return &module_reference;
	if (strncmp(name, "lab", 3) == 0 && name[3] >= '0' && name[3] <= '9' && name[4] == '\0')
		return &module_labs[name[3] - '0'];
	return NULL;
}

const char *
modules_load(const struct boot_information *boot)
{
	for (size_t i = 0; i < MODULE_LAB_COUNT; i++)
		module_labs[i].kind = "lab";
	module_reference.kind = "reference";
	for (size_t i = 0; i < boot->module_count; i++) {
		struct module *module = module_named(boot->modules[i].command_line);

		if (strcmp(boot->modules[i].command_line, "states") == 0) {
			module_states = boot->modules[i];
			continue;
		}
		if (strcmp(boot->modules[i].command_line, PROFILE_MODULE) == 0)
			continue; /* profile_load() has read it */
		if (!module)
			return "a boot module's command line is neither \"reference\" nor "
			       "\"states\" nor \"profile\" nor \"lab\" with a digit";
		if (module->present)
			return "two boot modules have the same command line";
		load(module, &boot->modules[i]);
	}
	if (!module_reference.present)
		return "the boot module \"reference\" is missing";
	return module_reference.error;
}

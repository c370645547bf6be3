/* The guest's memory as the back end sees it: by linear address, through the guest's paging and the EPT. */
#include <r33/control_registers.h>
#include <r33/guest.h>
#include <r33/msr.h>
#include <r33/paging.h>

#include "cpu/frames.h"
#include "lib/string.h"
#include "vmx/svm/guest.h"
#include "vmx/svm/walk.h"

/* Reserved in a PDPTE of PAE paging, but for the bits beyond the physical width (SDM 3A table 4-8). */
#define PDPTE_RESERVED 0x1e6ull

extern uint8_t kernel_stack_guard[];

bool
svm_is_memory(uint64_t physical, size_t size)
{
	uint64_t first = physical & -PAGE_BYTES, guard = (uint64_t)kernel_stack_guard;
	uint64_t last = (physical + size - 1) & -PAGE_BYTES;

	if (size == 0 || physical < PAGE_BYTES || physical >= MEMORY_LIMIT ||
	        size > MEMORY_LIMIT - physical)
		return false;
	return (first > guard || last < guard) && frames_is_ram(physical, size);
}

bool
svm_read_physical(struct svm_guest *guest, uint64_t physical, void *bytes, size_t size)
{
	const void *memory = nested_memory(guest->nested, physical, false);

	if (!memory || physical % PAGE_BYTES + size > PAGE_BYTES)
		return false;
	memcpy(bytes, memory, size);
	return true;
}

static bool
read_table(void *context, uint64_t guest_physical, void *bytes, size_t size)
{
	return svm_read_physical(context, guest_physical, bytes, size);
}

static bool
translate(struct svm_guest *guest, uint64_t linear, uint64_t *physical)
{
	struct walk_state state = {
		.mode = !(guest->vmcb->cr0 & CR0_PG) ? WALK_UNPAGED
		        : guest->efer & EFER_LMA     ? WALK_4_LEVEL
		        : guest->cr4 & CR4_PAE       ? WALK_PAE
		                                     : WALK_32_BIT,
		.cr3 = guest->cr3,
		.physical_bits = guest->capabilities->physical_address_width,
		.large_pages_32 = guest->cr4 & CR4_PSE,
		.gib_pages = true,
		.no_execute = guest->efer & EFER_NXE,
		.read = read_table,
		.context = guest,
	};
	struct walk walk;

	memcpy(state.pdptes, guest->pdptes, sizeof(state.pdptes));
	walk = walk_guest(&state, linear);
	*physical = walk.physical;
	return walk.result == WALK_FOUND;
}

/* Page by page. */
static bool
copy(struct svm_guest *guest, uint64_t linear, uint8_t *bytes, size_t size, bool write)
{
	while (size > 0) {
		size_t chunk = PAGE_BYTES - linear % PAGE_BYTES;
		uint64_t physical;
		void *memory;

		if (chunk > size)
			chunk = size;
		if (!translate(guest, linear, &physical))
			return false;
		memory = nested_memory(guest->nested, physical, write);
		if (!memory)
			return false;
		if (write)
			memcpy(memory, bytes, chunk);
		else
			memcpy(bytes, memory, chunk);
		linear += chunk;
		bytes += chunk;
		size -= chunk;
	}
	return true;
}

bool
svm_read_linear(struct svm_guest *guest, uint64_t linear, void *bytes, size_t size)
{
	return copy(guest, linear, bytes, size, false);
}

bool
svm_write_linear(struct svm_guest *guest, uint64_t linear, const void *bytes, size_t size)
{
	return copy(guest, linear, (uint8_t *)(uintptr_t)bytes, size, true);
}

static enum code_size
code_size(const struct svm_guest *guest)
{
	if (svm_is_64bit(guest))
		return CODE_64;
	return guest->vmcb->segments[VMCB_CS].attributes & ATTRIBUTE_DB ? CODE_32 : CODE_16;
}

bool
svm_fetch(struct svm_guest *guest, struct guest_instruction *instruction)
{
	uint8_t code[GUEST_INSTRUCTION_MAX_BYTES];
	size_t size = sizeof(code);
	uint64_t linear = svm_segment_linear(guest, SEGMENT_CS, guest->vmcb->rip);

	/* As many bytes as there are: an instruction may end with its page. */
	if (linear % PAGE_BYTES + size > PAGE_BYTES && !svm_read_linear(guest, linear, code, size))
		size = PAGE_BYTES - linear % PAGE_BYTES;
	memset(instruction, 0, sizeof(*instruction));
	return svm_read_linear(guest, linear, code, size) &&
	       guest_instruction_decode(code, size, code_size(guest), instruction);
}

uint64_t
svm_segment_linear(const struct svm_guest *guest, unsigned segment, uint64_t offset)
{
	bool has_base = !svm_is_64bit(guest) || segment == SEGMENT_FS || segment == SEGMENT_GS;
	uint64_t linear = offset + (has_base ? guest->vmcb->segments[segment].base : 0);

	return svm_is_64bit(guest) ? linear : (uint32_t)linear;
}

uint64_t
svm_instruction_linear(struct svm_guest *guest, const struct guest_instruction *instruction)
{
	uint64_t offset = guest_instruction_offset(
	        instruction, guest->registers, guest->vmcb->rip + instruction->length_bytes);

	return svm_segment_linear(guest, instruction->segment, offset);
}

bool
svm_find_linear(struct svm_guest *guest, uint64_t physical, uint64_t *linear)
{
	struct guest_access accesses[GUEST_ACCESSES_MAX];
	struct guest_instruction instruction;
	unsigned stack_bytes = svm_is_64bit(guest)                                        ? 8
	                       : guest->vmcb->segments[VMCB_SS].attributes & ATTRIBUTE_DB ? 4
	                                                                                  : 2;
	size_t count;

	if (!svm_fetch(guest, &instruction))
		return false;
	count = guest_instruction_accesses(&instruction, guest->registers,
	        guest->vmcb->rip + instruction.length_bytes, stack_bytes, accesses);
	for (size_t i = 0; i < count; i++) {
		uint64_t candidate =
		        svm_segment_linear(guest, accesses[i].segment, accesses[i].offset);
		uint64_t found;

		/* The access may reach into the next page. */
		for (unsigned page = 0; page < 2; page++) {
			uint64_t there = page ? (candidate & -PAGE_BYTES) + PAGE_BYTES : candidate;

			if (translate(guest, there, &found) &&
			        found / PAGE_BYTES == physical / PAGE_BYTES) {
				*linear = (there & -PAGE_BYTES) | physical % PAGE_BYTES;
				return true;
			}
		}
	}
	return false;
}

bool
svm_load_pdptes(struct svm_guest *guest, uint64_t cr3)
{
	uint64_t width = ~0ull << guest->capabilities->physical_address_width;
	uint64_t pdptes[4];

	for (unsigned i = 0; i < 4; i++) {
		if (!svm_read_physical(guest, (cr3 & CR3_PAE_TABLE) + i * sizeof(pdptes[0]),
		            &pdptes[i], sizeof(pdptes[0])))
			return false;
		if ((pdptes[i] & PDPTE_PRESENT) && (pdptes[i] & (PDPTE_RESERVED | width)))
			return false;
	}
	memcpy(guest->pdptes, pdptes, sizeof(pdptes));
	return true;
}

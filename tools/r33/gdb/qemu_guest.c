/* The guest on QEMU: see qemu_guest.h. */
#include "qemu_guest.h"

#include <r33/control_registers.h>
#include <r33/msr.h>

#include "run.h"
#include "vmx/svm/ept_walk.h"
#include "vmx/svm/walk.h"

enum { PHYSICAL_BITS = 52, CPL_MASK = 3 };

bool
qemu_read_shown(struct debuggee *debuggee)
{
	struct svm_shown *shown = &debuggee->shown;

	return debuggee_read_physical(debuggee, debuggee->places->svm_shown, (uint8_t *)shown,
	               sizeof(*shown)) == sizeof(*shown);
}

/* The kernel notes it right before VMRUN and right behind it. */
bool
qemu_is_in_guest(const struct debuggee *debuggee)
{
	const struct kernel_places *places = debuggee->places;
	uint64_t pc = debuggee_pc(debuggee);
	bool is_host_code = debuggee_code_bits(debuggee) == 64 &&
	                    (debuggee->cpu.segments[CPU_CS].selector & CPL_MASK) == 0;

	return debuggee->shown.in_guest &&
	       !(is_host_code && (pc == places->svm_vmrun || pc == places->svm_vmexit));
}

/* One translation. */
struct translation {
	struct debuggee *debuggee;
	bool in_guest;
	uint64_t entry; /* of EPT, read last */
};

/* For ept_walk(): it looks at one entry at a time. */
static void *
entry_at(void *context, uint64_t physical, bool write)
{
	struct translation *translation = context;
	uint8_t *entry = (uint8_t *)&translation->entry;

	(void)write;
	return debuggee_read_physical(translation->debuggee, physical, entry,
	               sizeof(translation->entry)) == sizeof(translation->entry)
	               ? entry
	               : NULL;
}

/* From guest-physical to host-physical. */
static bool
to_host(struct translation *translation, uint64_t guest_physical, uint64_t *physical)
{
	static const struct ept_features all = { PHYSICAL_BITS, true, true, true };
	const struct host_memory memory = { entry_at, translation };
	struct ept_walk walk;

	*physical = guest_physical;
	if (!translation->in_guest || translation->debuggee->shown.ept_pointer == SVM_SHOWN_NOTHING)
		return true;
	walk = ept_walk(&memory, &all, translation->debuggee->shown.ept_pointer, guest_physical);
	*physical = walk.physical;
	return walk.result == EPT_FOUND;
}

/* For walk_guest(): an entry of the tables that CR3 leads to. */
static bool
read_entry(void *context, uint64_t guest_physical, void *bytes, size_t size)
{
	struct translation *translation = context;
	uint64_t physical;

	return to_host(translation, guest_physical, &physical) &&
	       debuggee_read_physical(translation->debuggee, physical, bytes, size) == size;
}

static enum walk_mode
mode_of(const struct cpu *cpu)
{
	if (!(cpu->cr0 & CR0_PG))
		return WALK_UNPAGED;
	if (cpu->efer & EFER_LMA)
		return WALK_4_LEVEL;
	return cpu->cr4 & CR4_PAE ? WALK_PAE : WALK_32_BIT;
}

bool
qemu_translate(struct debuggee *debuggee, bool in_guest, uint64_t linear, uint64_t *physical)
{
	struct translation translation = { .debuggee = debuggee, .in_guest = in_guest };
	struct walk_state state = { .physical_bits = PHYSICAL_BITS,
		.large_pages_32 = true,
		.gib_pages = true,
		.no_execute = true,
		.read = read_entry,
		.context = &translation };
	struct walk walk;

	if (!debuggee_control_registers(debuggee))
		return false;
	state.mode = mode_of(&debuggee->cpu);
	state.cr3 = debuggee->cpu.cr3;
	/* Those in force: the kernel has them in a page of its own. */
	if (state.mode == WALK_PAE && in_guest &&
	        debuggee_read_physical(debuggee, debuggee->shown.pdpt_host_physical,
	                (uint8_t *)state.pdptes, sizeof(state.pdptes)) != sizeof(state.pdptes))
		return false;
	walk = walk_guest(&state, linear);
	return walk.result == WALK_FOUND && to_host(&translation, walk.physical, physical);
}

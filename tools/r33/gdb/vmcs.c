/* The current VMCS, from outside: see vmcs.h. */
#include "vmcs.h"

#include <stdlib.h>
#include <string.h>

#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "base/util.h"

enum { MOST_FIELDS = 512, MOST_MSRS = 16, MOST_MEMORY = 8 };

#define NO_POINTER UINT64_MAX

/* One more field. */
static void
add(struct dump *dump, uint32_t field, uint64_t value)
{
	dump->fields[dump->field_count++] = (struct dump_field){ field, value, 0 };
}

/* A field's value in the dump, 0 if it has it not. */
static uint64_t
value_in(const struct dump *dump, uint32_t field)
{
	const uint64_t *value = dump_value(dump, field);

	return value ? *value : 0;
}

/* All fields of this type. */
static void
add_fields(struct dump *dump, const struct vmcs_layout *layout, enum vmcs_field_type type,
        const uint8_t *region)
{
	uint64_t value;

	for (size_t i = 0; i < VMCS_LAYOUT_FIELDS; i++) {
		if (vmcs_field_type(vmcs_layout_fields[i]) == type &&
		        vmcs_layout_value(layout, vmcs_layout_fields[i], region, &value))
			add(dump, vmcs_layout_fields[i], value);
	}
}

/* The processor has a newer value. */
static void
replace(struct dump *dump, uint32_t field, uint64_t value)
{
	for (size_t i = 0; i < dump->field_count; i++) {
		if (dump->fields[i].field == field)
			dump->fields[i].value = value;
	}
}

/* One that the debugger shows apart from the others. */
static void
replace_by_msr(struct debuggee *debuggee, struct dump *dump, uint32_t field, enum guest_msr msr)
{
	uint64_t value;

	if (debuggee->debugger->guest_msr(debuggee, msr, &value))
		replace(dump, field, value);
}

/* The guest runs: what the processor has in its registers counts. */
static void
replace_by_registers(struct debuggee *debuggee, struct dump *dump)
{
	const struct cpu *cpu = &debuggee->cpu;

	if (!debuggee_registers(debuggee) || !debuggee_bases(debuggee) ||
	        !debuggee_control_registers(debuggee))
		return;
	for (unsigned i = 0; i < CPU_SEGMENTS; i++) {
		const struct segment *segment = &cpu->segments[i];

		/* ES, CS, SS, DS, FS, GS, LDTR, TR: the encodings count up by 2. */
		replace(dump, GUEST_ES_SELECTOR + 2 * i, segment->selector);
		replace(dump, GUEST_ES_BASE + 2 * i, segment->base);
		replace(dump, GUEST_ES_LIMIT + 2 * i, segment->limit_bytes);
		replace(dump, GUEST_ES_ACCESS_RIGHTS + 2 * i,
		        segment->access_rights | (segment->valid ? 0 : RIGHTS_UNUSABLE));
	}
	replace(dump, GUEST_GDTR_BASE, cpu->gdtr.base);
	replace(dump, GUEST_GDTR_LIMIT, cpu->gdtr.limit_bytes);
	replace(dump, GUEST_IDTR_BASE, cpu->idtr.base);
	replace(dump, GUEST_IDTR_LIMIT, cpu->idtr.limit_bytes);
	replace(dump, GUEST_CR0, cpu->cr0);
	replace(dump, GUEST_CR3, cpu->cr3);
	replace(dump, GUEST_CR4, cpu->cr4);
	replace(dump, GUEST_RIP, cpu->registers[CPU_RIP]);
	replace(dump, GUEST_RSP, cpu->registers[CPU_RSP]);
	replace(dump, GUEST_RFLAGS, cpu->rflags);
	replace(dump, GUEST_SSP, cpu->ssp);
	replace(dump, GUEST_IA32_EFER, cpu->efer);
	replace_by_msr(debuggee, dump, GUEST_IA32_PAT, GUEST_MSR_PAT);
	replace_by_msr(debuggee, dump, GUEST_IA32_SYSENTER_CS, GUEST_MSR_SYSENTER_CS);
	replace_by_msr(debuggee, dump, GUEST_IA32_SYSENTER_ESP, GUEST_MSR_SYSENTER_ESP);
	replace_by_msr(debuggee, dump, GUEST_IA32_SYSENTER_EIP, GUEST_MSR_SYSENTER_EIP);
	dump->notes[dump->note_count++] =
	        copy_string("the guest runs: its registers are the processor's, the rest is as its "
	                    "last entry or exit left it");
}

/* Eight bytes of memory that a rule may look at. */
static void
add_memory(struct debuggee *debuggee, struct dump *dump, uint64_t address)
{
	uint64_t value;

	if (dump->memory_count < MOST_MEMORY && address % 8 == 0 &&
	        debuggee_read_physical(debuggee, address, (uint8_t *)&value, sizeof(value)) ==
	                sizeof(value))
		dump->memory[dump->memory_count++] = (struct dump_memory){ address, value };
}

/* The VMCS that the link pointer names, and PDPTEs that the entry would read. */
static void
add_all_memory(struct debuggee *debuggee, struct dump *dump)
{
	uint64_t link = value_in(dump, VMCS_LINK_POINTER);
	uint64_t primary = value_in(dump, PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS);
	uint64_t secondary = value_in(dump, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS);
	bool ept = primary & PRIMARY_ACTIVATE_SECONDARY_CONTROLS && secondary & SECONDARY_EPT;

	if (link != NO_POINTER)
		add_memory(debuggee, dump, link);
	if (!ept && value_in(dump, GUEST_CR4) & CR4_PAE &&
	        !(value_in(dump, VM_ENTRY_CONTROLS) & VM_ENTRY_IA32E_MODE_GUEST)) {
		for (unsigned i = 0; i < 4; i++)
			add_memory(debuggee, dump,
			        (value_in(dump, GUEST_CR3) & CR3_PAE_TABLE) + 8 * i);
	}
}

/* The VM-entry MSR-load list. */
static void
add_msr_load(struct debuggee *debuggee, struct dump *dump)
{
	uint64_t address = value_in(dump, VM_ENTRY_MSR_LOAD_ADDRESS);
	uint64_t count = value_in(dump, VM_ENTRY_MSR_LOAD_COUNT);

	for (unsigned i = 0; i < count && i < MOST_MSRS; i++) {
		struct {
			uint32_t index, reserved;
			uint64_t value;
		} entry;

		if (debuggee_read_physical(debuggee, address + i * sizeof(entry), (uint8_t *)&entry,
		            sizeof(entry)) != sizeof(entry))
			break;
		dump->msr_load[dump->msr_load_count++] =
		        (struct dump_msr){ (int)i + 1, entry.index, entry.reserved, entry.value };
	}
}

const char *
vmcs_dump_read(struct debuggee *debuggee, const struct vmcs_layout *layout, const char *cpu,
        struct dump *dump)
{
	uint8_t region[VMCS_REGION_BYTES];
	uint64_t pointer = NO_POINTER;

	*dump = (struct dump){ .format = DUMP_R33 };
	if (!debuggee_vmx(debuggee))
		return "the engine does not show VMX";
	if (debuggee->vmx == VMX_OFF)
		return "the processor is not in VMX operation yet";
	if (!debuggee->debugger->vmcs_pointer(debuggee, &pointer) || pointer == NO_POINTER)
		return "there is no current VMCS until VMPTRLD";
	if (debuggee_read_physical(debuggee, pointer, region, sizeof(region)) != sizeof(region))
		return "the memory of the current VMCS cannot be read";
	dump->cpu = copy_string(cpu);
	dump->has_current_vmcs = true;
	dump->current_vmcs = pointer;
	dump->fields = allocate(MOST_FIELDS, sizeof(*dump->fields));
	dump->memory = allocate(MOST_MEMORY, sizeof(*dump->memory));
	dump->msr_load = allocate(MOST_MSRS, sizeof(*dump->msr_load));
	add_fields(dump, layout, VMCS_FIELD_GUEST_STATE, region);
	if (debuggee->vmx == VMX_GUEST)
		replace_by_registers(debuggee, dump);
	add_fields(dump, layout, VMCS_FIELD_CONTROL, region);
	add_fields(dump, layout, VMCS_FIELD_READ_ONLY, region);
	add_msr_load(debuggee, dump);
	add_all_memory(debuggee, dump);
	return NULL;
}

void
vmcs_dump_free(struct dump *dump)
{
	for (int i = 0; i < dump->note_count; i++)
		free(dump->notes[i]);
	free(dump->cpu);
	free(dump->fields);
	free(dump->memory);
	free(dump->msr_load);
}

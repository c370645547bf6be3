/*
 * Lab 4: descriptor tables, DR7 and MSRs.
 *
 * A guest says where its GDT and IDT are, and what it wants to find in DR7 and in a dozen MSRs.
 * Write to the guest-state area what VM entry loads of this, or find out that the processor
 * would not enter such a guest.  README.md in this directory explains how.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the names in
 * <r33/msr.h>, <r33/control_registers.h>, <r33/controls.h>, <r33/cpuid.h>, <r33/vmcs_fields.h>, and
 * lab_printf().
 *
 * Of the VM-entry controls, which <r33/controls.h> names, these matter here: VM_ENTRY_LOAD_DEBUG_CONTROLS,
 * ..._IA32_PERF_GLOBAL_CTRL, ..._IA32_PAT, ..._IA32_EFER and ..._CET_STATE.  1: VM entry loads these from
 * the guest-state area, and the processor has the fields.
 */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/cpuid.h>
#include <r33/instructions.h>
#include <r33/parts.h>
//: solution

#define LIMIT_MAX              0xffff
#define DEBUGCTL_RESERVED      0xffffffffffff0038ull /* bits 63:16 and 5:3 */
#define MEMORY_TYPES           0xf3                  /* 0, 1, 4, 5, 6 and 7 */
#define S_CET_RESERVED         0x3c0                 /* bits 9:6 */
#define S_CET_ADDRESS          0xfffffffffffff000ull /* of the legacy bitmap */
#define SSP_ALIGNMENT          3
#define FIRST_FIXED_COUNTER    32
#define COUNTERS_FIRST_VERSION 2

static bool
is_canonical(uint64_t address)
{
	unsigned unused = 64 - (cpuid(CPUID_ADDRESS_WIDTHS, 0).eax >> 8 & 0xff);

	return (uint64_t)((int64_t)(address << unused) >> unused) == address;
}

static bool
debug_controls_are_possible(const struct guest *guest)
{
	return guest->dr7 >> 32 == 0 && (guest->debugctl & DEBUGCTL_RESERVED) == 0;
}

/* A bit for each counter that CPUID reports. */
static bool
counters_are_possible(const struct guest *guest)
{
	struct cpuid_result leaf = cpuid(CPUID_COUNTERS, 0);
	uint64_t counters = 0;

	if ((leaf.eax & 0xff) >= COUNTERS_FIRST_VERSION)
		counters = ((1ull << (leaf.eax >> 8 & 0xff)) - 1) |
		           ((1ull << (leaf.edx & 0x1f)) - 1) << FIRST_FIXED_COUNTER;
	return (guest->perf_global_ctrl & ~counters) == 0;
}

static bool
pat_is_possible(const struct guest *guest)
{
	for (unsigned byte = 0; byte < 8; byte++) {
		unsigned type = guest->pat >> (8 * byte) & 0xff;

		if (type > 7 || !(MEMORY_TYPES >> type & 1))
			return false;
	}
	return true;
}

static bool
efer_is_possible(const struct guest *guest)
{
	uint64_t bits = EFER_SCE | EFER_LME | EFER_LMA;
	bool lma = guest->efer & EFER_LMA, lme = guest->efer & EFER_LME;

	if (cpuid(CPUID_EXTENDED_FEATURES, 0).edx & CPUID_EDX_NX)
		bits |= EFER_NXE;
	if ((guest->efer & ~bits) || lma != guest->ia32e_mode)
		return false;
	return lma == lme || !(guest->cr0 & CR0_PG);
}

static bool
cet_is_possible(const struct guest *guest)
{
	bool both = (guest->s_cet & S_CET_SUPPRESS) && (guest->s_cet & S_CET_TRACKER);

	return !(guest->s_cet & S_CET_RESERVED) && !both &&
	       is_canonical(guest->s_cet & S_CET_ADDRESS) && !(guest->ssp & SSP_ALIGNMENT) &&
	       is_canonical(guest->ssp) && is_canonical(guest->interrupt_ssp_table);
}

/* What is loaded on every entry, and what the controls load. */
static bool
can_be_entered(const struct guest *guest, uint64_t controls)
{
	return is_canonical(guest->gdt_base) && guest->gdt_limit <= LIMIT_MAX &&
	       is_canonical(guest->idt_base) && guest->idt_limit <= LIMIT_MAX &&
	       is_canonical(guest->sysenter_esp) && is_canonical(guest->sysenter_eip) &&
	       (!(controls & VM_ENTRY_LOAD_DEBUG_CONTROLS) || debug_controls_are_possible(guest)) &&
	       (!(controls & VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL) ||
	               counters_are_possible(guest)) &&
	       (!(controls & VM_ENTRY_LOAD_IA32_PAT) || pat_is_possible(guest)) &&
	       (!(controls & VM_ENTRY_LOAD_IA32_EFER) || efer_is_possible(guest)) &&
	       (!(controls & VM_ENTRY_LOAD_CET_STATE) || cet_is_possible(guest));
}

static bool
write_tables_and_sysenter(const struct guest *guest)
{
	return vmwrite(GUEST_GDTR_BASE, guest->gdt_base) &&
	       vmwrite(GUEST_GDTR_LIMIT, guest->gdt_limit) &&
	       vmwrite(GUEST_IDTR_BASE, guest->idt_base) &&
	       vmwrite(GUEST_IDTR_LIMIT, guest->idt_limit) &&
	       vmwrite(GUEST_IA32_SYSENTER_CS, guest->sysenter_cs) &&
	       vmwrite(GUEST_IA32_SYSENTER_ESP, guest->sysenter_esp) &&
	       vmwrite(GUEST_IA32_SYSENTER_EIP, guest->sysenter_eip);
}

/* True when there is nothing to load. */
static bool
write_if(bool loaded, uint64_t field, uint64_t value)
{
	return !loaded || vmwrite(field, value);
}

static bool
write_loaded(const struct guest *guest, uint64_t controls)
{
	bool debug = controls & VM_ENTRY_LOAD_DEBUG_CONTROLS,
	     cet = controls & VM_ENTRY_LOAD_CET_STATE;

	return write_if(debug, GUEST_DR7, guest->dr7) &&
	       write_if(debug, GUEST_IA32_DEBUGCTL, guest->debugctl) &&
	       write_if(controls & VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL, GUEST_IA32_PERF_GLOBAL_CTRL,
	               guest->perf_global_ctrl) &&
	       write_if(controls & VM_ENTRY_LOAD_IA32_PAT, GUEST_IA32_PAT, guest->pat) &&
	       write_if(controls & VM_ENTRY_LOAD_IA32_EFER, GUEST_IA32_EFER, guest->efer) &&
	       write_if(cet, GUEST_IA32_S_CET, guest->s_cet) &&
	       write_if(cet, GUEST_SSP, guest->ssp) &&
	       write_if(cet, GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR, guest->interrupt_ssp_table);
}
//: end

/*
 * Write the fields for the guest's descriptor tables, DR7 and MSRs.
 *
 *   guest->gdt_base, gdt_limit, idt_base, idt_limit, sysenter_cs, sysenter_esp, sysenter_eip
 *                         VM entry always loads these.
 *   guest->dr7, debugctl, pat, efer, perf_global_ctrl, s_cet, ssp, interrupt_ssp_table
 *                         It loads these if a VM-entry control says so: vmread(VM_ENTRY_CONTROLS).
 *                         Otherwise the guest expects what the processor has, and it does not
 *                         matter what the member holds.
 *   guest->ia32e_mode     1 if the guest starts in IA-32e mode.
 *   guest->cr0            its control register 0.
 *
 * Returns ENTER when the fields that VM entry loads are written, REFUSE when this processor would
 * not enter this guest, whatever they hold (then it does not matter what was written).
 */
enum decision
set_tables_and_msrs(const struct guest *guest)
{
	//: solution
	uint64_t controls = vmread(VM_ENTRY_CONTROLS);

	if (!can_be_entered(guest, controls))
		return REFUSE;
	if (!write_tables_and_sysenter(guest) || !write_loaded(guest, controls))
		return UNWRITTEN;
	return ENTER;
	//: skeleton
	//| /* YOUR CODE HERE.  Begin with vmread(VM_ENTRY_CONTROLS). */
	//| (void)guest;
	//| return UNWRITTEN;
	//: end
}

/* Part 4: descriptor tables, debug controls and MSRs. */
#include <r33/instructions.h>
#include <r33/parts.h>

#define DR7_ALWAYS_ONE       0x400
#define PAT_AFTER_RESET      0x0007040600070406
#define ENTRY_LOAD_IA32_PAT  (1u << 14)
#define ENTRY_LOAD_IA32_EFER (1u << 15)

enum decision
set_tables_and_msrs(const struct guest *guest)
{
	uint64_t entry_controls = vmread(VM_ENTRY_CONTROLS);

	vmwrite(GUEST_GDTR_BASE, guest->gdt_base);
	vmwrite(GUEST_GDTR_LIMIT, guest->gdt_limit);
	vmwrite(GUEST_IDTR_BASE, guest->idt_base);
	vmwrite(GUEST_IDTR_LIMIT, guest->idt_limit);
	vmwrite(GUEST_DR7, DR7_ALWAYS_ONE);
	vmwrite(GUEST_IA32_DEBUGCTL, guest->debugctl);
	vmwrite(GUEST_IA32_SYSENTER_CS, 0);
	vmwrite(GUEST_IA32_SYSENTER_ESP, 0);
	vmwrite(GUEST_IA32_SYSENTER_EIP, 0);
	/* The next two fields exist where VM entry can load them. */
	if (entry_controls & ENTRY_LOAD_IA32_PAT)
		vmwrite(GUEST_IA32_PAT, PAT_AFTER_RESET);
	if (entry_controls & ENTRY_LOAD_IA32_EFER)
		vmwrite(GUEST_IA32_EFER, guest->ia32e_mode ? EFER_LME | EFER_LMA : 0);
	return ENTER;
}

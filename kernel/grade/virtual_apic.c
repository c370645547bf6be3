/* A virtual APIC with the interrupts that a guest wishes for. */
#include "grade/virtual_apic.h"

#include <r33/vmcs_fields.h>

#include "cpu/frames.h"
#include "lib/string.h"
#include "vmx/backend.h"

/* Offsets in the virtual-APIC page: eight registers of 32 bits, 16 bytes apart, for each. */
#define VIRTUAL_ISR     0x100
#define VIRTUAL_IRR     0x200
#define REGISTER_STEP   16
#define REGISTERS       8
#define FIELD_STEP      2
#define EOI_EXIT_FIELDS 4

void
virtual_apic_write_controls(const struct guest *guest)
{
	static uint8_t *page;

	if (!page)
		page = frame_allocate();
	memset(page, 0, PAGE_BYTES);
	for (unsigned i = 0; i < REGISTERS; i++) {
		*(uint32_t *)(page + VIRTUAL_ISR + REGISTER_STEP * i) = guest->virtual_isr[i];
		*(uint32_t *)(page + VIRTUAL_IRR + REGISTER_STEP * i) = guest->virtual_irr[i];
	}
	vmcs_write(VIRTUAL_APIC_ADDRESS, (uint64_t)page);
	vmcs_write(TPR_THRESHOLD, 0);
	for (unsigned i = 0; i < EOI_EXIT_FIELDS; i++)
		vmcs_write(EOI_EXIT_BITMAP0 + FIELD_STEP * i, 0);
}

/* Virtual-interrupt delivery (SDM 3C 30.2): the interrupts in the virtual-APIC page, which AMD-V does not know. */
#include <r33/controls.h>
#include <r33/non_register.h>
#include <r33/paging.h>
#include <r33/vmcs_fields.h>

#include "vmx/svm/guest.h"

/* A bit of the virtual APIC's 256-bit registers IRR and ISR. */
#define VIRTUAL_PPR 0xa0
#define VIRTUAL_ISR 0x100
#define VIRTUAL_IRR 0x200

uint32_t *
svm_virtual_apic_register(const struct svm_guest *guest, unsigned offset)
{
	uint64_t page = svm_field(guest, VIRTUAL_APIC_ADDRESS);

	return svm_is_memory(page, PAGE_BYTES) ? (uint32_t *)(page + offset) : NULL;
}

/* SDM 3C 30.1.3 and 30.2.1: is the requested interrupt above what is being served? */
bool
svm_virtual_interrupt_pends(struct svm_guest *guest)
{
	uint32_t status, *ppr, *tpr;

	if (!(guest->secondary & SECONDARY_VIRTUAL_INTERRUPT_DELIVERY))
		return false;
	ppr = svm_virtual_apic_register(guest, VIRTUAL_PPR);
	tpr = svm_virtual_apic_register(guest, VIRTUAL_TPR);
	if (!ppr || !tpr)
		return false;
	status = (uint32_t)svm_field(guest, GUEST_INTERRUPT_STATUS);
	*ppr = (*tpr & 0xf0) >= (status >> 8 & 0xf0) ? *tpr & 0xff : status >> 8 & 0xf0;
	return (status & 0xf0) > (*ppr & 0xf0);
}

enum svm_verdict
svm_deliver_virtual_interrupt(struct svm_guest *guest)
{
	unsigned vector = svm_field(guest, GUEST_INTERRUPT_STATUS) & 0xff, next = 255;
	uint32_t *isr = svm_virtual_apic_register(guest, VIRTUAL_ISR);
	uint32_t *irr = svm_virtual_apic_register(guest, VIRTUAL_IRR);

	/* The registers are 32 bits wide, 16 bytes apart. */
	isr[vector / 32 * 4] |= 1u << vector % 32;
	irr[vector / 32 * 4] &= ~(1u << vector % 32);
	while (next > 0 && !(irr[next / 32 * 4] >> next % 32 & 1))
		next--;
	*svm_virtual_apic_register(guest, VIRTUAL_PPR) = vector & 0xf0;
	vmcs_set(guest->vmcs, GUEST_INTERRUPT_STATUS, (uint64_t)vector << 8 | next);
	guest->activity = ACTIVITY_ACTIVE;
	guest->vmcb->event_injection = SVM_EVENT_VALID | SVM_EVENT_INTERRUPT | vector;
	return SVM_GO_ON;
}

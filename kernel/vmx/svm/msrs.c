/* RDMSR and WRMSR of a guest, and the MSR areas of VM entry and VM exit. */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "cpu/x86.h"
#include "rules/names.h"
#include "rules/values.h"
#include "vmx/svm/guest.h"
#include "vmx/svm/offer.h"

/* The MSR bitmap: reads of MSRs from 0 and from C0000000h, then the same for writes (SDM 3C 24.6.9). */
#define BITMAP_HIGH     0x400
#define BITMAP_WRITES   0x800
#define BITMAP_MSRS     0x2000
#define BITMAP_HIGH_MSR 0xc0000000u

static bool
msr_exits(const struct svm_guest *guest, uint32_t msr, bool write)
{
	uint64_t address = svm_field(guest, MSR_BITMAP_ADDRESS) + (write ? BITMAP_WRITES : 0);

	if (!(guest->primary & PRIMARY_MSR_BITMAPS))
		return true;
	if (msr >= BITMAP_HIGH_MSR) {
		msr -= BITMAP_HIGH_MSR;
		address += BITMAP_HIGH;
	}
	if (msr >= BITMAP_MSRS || !svm_is_memory(address + msr / 8, 1))
		return true;
	return *(const uint8_t *)(address + msr / 8) >> msr % 8 & 1;
}

/* Where the VMCB or *guest keeps an MSR that is a plain value; NULL: nowhere. */
static uint64_t *
kept(struct svm_guest *guest, uint32_t msr)
{
	struct vmcb *vmcb = guest->vmcb;

	switch (msr) {
	case IA32_SYSENTER_CS: return &vmcb->sysenter_cs;
	case IA32_SYSENTER_ESP: return &vmcb->sysenter_esp;
	case IA32_SYSENTER_EIP: return &vmcb->sysenter_eip;
	case IA32_STAR: return &vmcb->star;
	case IA32_LSTAR: return &vmcb->lstar;
	case IA32_CSTAR: return &vmcb->cstar;
	case IA32_FMASK: return &vmcb->fmask;
	case IA32_FS_BASE: return &vmcb->segments[VMCB_FS].base;
	case IA32_GS_BASE: return &vmcb->segments[VMCB_GS].base;
	case IA32_KERNEL_GS_BASE: return &vmcb->kernel_gs_base;
	case IA32_PAT: return &guest->pat;
	case IA32_EFER: return &guest->efer;
	case IA32_DEBUGCTL: return &guest->debugctl;
	case IA32_PERF_GLOBAL_CTRL: return &guest->perf_global_ctrl;
	case IA32_S_CET: return &guest->s_cet;
	case IA32_INTERRUPT_SSP_TABLE_ADDR: return &guest->ssp_table;
	default: return NULL;
	}
}

/* False: #GP(0). */
static bool
read_msr(struct svm_guest *guest, uint32_t msr, uint64_t *value)
{
	const uint64_t *place = kept(guest, msr);

	if (place)
		*value = *place;
	else if (msr == IA32_TIME_STAMP_COUNTER)
		*value = read_time_stamp_counter() + guest->vmcb->tsc_offset;
	else
		return svm_offer_msr(msr, value);
	return true;
}

static bool
write_efer(struct svm_guest *guest, uint64_t value)
{
	bool paging = guest->vmcb->cr0 & CR0_PG;

	if ((value & ~guest->capabilities->efer_bits) ||
	        (paging && ((value ^ guest->efer) & EFER_LME)))
		return false;
	guest->efer = (value & ~EFER_LMA) | (guest->efer & EFER_LMA);
	svm_load_paging(guest);
	return true;
}

static bool
is_allowed(const struct svm_guest *guest, uint32_t msr, uint64_t value)
{
	switch (msr) {
	case IA32_SYSENTER_ESP:
	case IA32_SYSENTER_EIP:
	case IA32_LSTAR:
	case IA32_CSTAR:
	case IA32_FS_BASE:
	case IA32_GS_BASE:
	case IA32_KERNEL_GS_BASE:
	case IA32_INTERRUPT_SSP_TABLE_ADDR:
		return !not_canonical_by(guest->capabilities->linear_address_width, value);
	case IA32_FMASK: return !(value >> 32);
	case IA32_DEBUGCTL: return !(value & ~guest->capabilities->debugctl_bits);
	case IA32_PERF_GLOBAL_CTRL: return !(value & ~guest->capabilities->perf_global_ctrl_bits);
	case IA32_PAT: return !wrong_memory_types(value, PAT_TYPES);
	default: return true;
	}
}

static bool
write_msr(struct svm_guest *guest, uint32_t msr, uint64_t value)
{
	uint64_t *place = kept(guest, msr);

	if (msr == IA32_EFER)
		return write_efer(guest, value);
	if (!place || !is_allowed(guest, msr, value))
		return false;
	*place = value;
	return true;
}

enum svm_verdict
svm_msr(struct svm_guest *guest)
{
	bool write = guest->vmcb->exit_info1 & 1;
	uint32_t msr = (uint32_t)guest->registers[1];
	struct guest_instruction instruction;
	uint64_t value;

	svm_fetch(guest, &instruction);
	if (msr_exits(guest, msr, write))
		return svm_exit_at(
		        guest, write ? EXIT_REASON_WRMSR : EXIT_REASON_RDMSR, &instruction);
	if (write) {
		value = (guest->registers[2] << 32) | (uint32_t)guest->registers[0];
		return write_msr(guest, msr, value) ? svm_skip(guest, &instruction)
		                                    : svm_raise_gp(guest);
	}
	if (!read_msr(guest, msr, &value))
		return svm_raise_gp(guest);
	guest->registers[0] = (uint32_t)value;
	guest->registers[2] = value >> 32;
	return svm_skip(guest, &instruction);
}

struct msr_entry {
	uint32_t msr, reserved;
	uint64_t value;
};

static struct msr_entry *
area(struct svm_guest *guest, uint32_t address_field, uint32_t count)
{
	uint64_t address = svm_field(guest, address_field);

	return svm_is_memory(address, count * sizeof(struct msr_entry))
	               ? (struct msr_entry *)address
	               : NULL;
}

uint32_t
svm_load_msrs(struct svm_guest *guest)
{
	uint32_t count = (uint32_t)svm_field(guest, VM_ENTRY_MSR_LOAD_COUNT);
	const struct msr_entry *entries = area(guest, VM_ENTRY_MSR_LOAD_ADDRESS, count);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t msr = entries ? entries[i].msr : 0;

		if (!entries || entries[i].reserved || msr == IA32_FS_BASE || msr == IA32_GS_BASE ||
		        !write_msr(guest, msr, entries[i].value))
			return i + 1;
	}
	return 0;
}

void
svm_store_msrs(struct svm_guest *guest)
{
	uint32_t count = (uint32_t)svm_field(guest, VM_EXIT_MSR_STORE_COUNT);
	struct msr_entry *entries = area(guest, VM_EXIT_MSR_STORE_ADDRESS, count);

	for (uint32_t i = 0; entries && i < count; i++)
		read_msr(guest, entries[i].msr, &entries[i].value);
}

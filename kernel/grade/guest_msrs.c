/* MSRs of guests that look at their own: those of lab 4. */
#include "grade/guest_msrs.h"

#include <r33/array.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "../tests/guests/tables.h"
#include "cpu/frames.h"
#include "cpu/x86.h"
#include "lib/string.h"
#include "vmx/backend.h"

/* One bit for each MSR, 1 = RDMSR exits: MSRs from 0, then those from C0000000h, then the same for
 * WRMSR (SDM 3C, "MSR-Bitmap Address"). */
#define HIGH_MSRS       0xc0000000u
#define HIGH_MSRS_BYTES 0x400

static uint8_t *bitmap;

static void
open_for_reading(uint32_t msr)
{
	uint8_t *bits = msr < HIGH_MSRS ? bitmap : bitmap + HIGH_MSRS_BYTES;

	bits[msr % HIGH_MSRS / 8] &= (uint8_t)~(1u << msr % 8);
}

static void
make_bitmap(void)
{
	static const uint32_t open[] = { IA32_SYSENTER_CS, IA32_SYSENTER_ESP, IA32_SYSENTER_EIP,
		IA32_PAT, IA32_EFER, IA32_S_CET, IA32_INTERRUPT_SSP_TABLE_ADDR };

	bitmap = frame_allocate();
	memset(bitmap, 0xff, PAGE_BYTES);
	for (unsigned i = 0; i < COUNT(open); i++)
		open_for_reading(open[i]);
}

void
guest_msrs_open(const struct guest *guest)
{
	(void)guest;
	if (!bitmap)
		make_bitmap();
	vmcs_write(MSR_BITMAP_ADDRESS, (uint64_t)bitmap);
	wrmsr(IA32_STAR, (uint64_t)GUEST_SELECTOR_CODE64 << 32);
	wrmsr(IA32_LSTAR, SYSCALL_LANDING);
	wrmsr(IA32_FMASK, 0);
}

uint32_t
guest_msrs_entry_controls(void)
{
	return (uint32_t)vmcs_read(VM_ENTRY_CONTROLS);
}

uint64_t
guest_msrs_host_value(uint32_t msr)
{
	uint64_t value;

	vmx->read_msr(msr, &value);
	return value;
}

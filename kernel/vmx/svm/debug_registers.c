/* Accesses to debug registers: those that exit, and the others performed here, since some versions of TCG keep
 * breakpoints that MOV to DR7 of a guest has set. */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>

#include "cpu/x86.h"
#include "rules/names.h"
#include "vmx/svm/guest.h"

#define DR7_GD       BIT(13)
#define DR7_ONE      BIT(10)
#define DR7_EXISTING (0x2fff | 0xffff0000ull)

static void
load_breakpoint(unsigned number, uint64_t value)
{
	uint64_t dr[4], dr6;

	store_debug_registers(dr, &dr6);
	dr[number] = value;
	load_debug_registers(dr, dr6);
}

static uint64_t
read_breakpoint(unsigned number)
{
	uint64_t dr[4], dr6;

	store_debug_registers(dr, &dr6);
	return dr[number];
}

static enum svm_verdict
mov_dr(struct svm_guest *guest, const struct guest_instruction *instruction, unsigned number)
{
	struct vmcb *vmcb = guest->vmcb;
	uint64_t value = svm_register_operand(guest, instruction);

	if (instruction->kind == GUEST_INSTRUCTION_MOV_FROM_DR) {
		svm_set_register_operand(guest, instruction,
		        number < 4    ? read_breakpoint(number)
		        : number == 6 ? vmcb->dr6
		                      : vmcb->dr7);
		return svm_skip(guest, instruction);
	}
	if (number >= 6 && value >> 32)
		return svm_raise_gp(guest);
	if (number < 4)
		load_breakpoint(number, value);
	else if (number == 6)
		vmcb->dr6 = (value & DR6_WRITABLE) | DR6_FIXED;
	else
		vmcb->dr7 = (value & DR7_EXISTING) | DR7_ONE;
	return svm_skip(guest, instruction);
}

enum svm_verdict
svm_debug_register(struct svm_guest *guest)
{
	struct guest_instruction instruction;
	bool from;
	unsigned number;

	if (!svm_fetch(guest, &instruction))
		return svm_raise_ud(guest);
	from = instruction.kind == GUEST_INSTRUCTION_MOV_FROM_DR;
	if (!from && instruction.kind != GUEST_INSTRUCTION_MOV_TO_DR)
		return svm_raise_ud(guest);
	number = instruction.reg;
	if (guest->primary & PRIMARY_MOV_DR_EXITING) {
		guest->exit.qualification =
		        number | (from ? BIT(4) : 0) | (uint64_t)instruction.rm << 8;
		return svm_exit_at(guest, EXIT_REASON_MOV_DR, &instruction);
	}
	if (number > 7 || ((number == 4 || number == 5) && (guest->cr4 & CR4_DE)))
		return svm_raise_ud(guest);
	if (number == 4 || number == 5)
		number += 2;
	if (guest->vmcb->dr7 & DR7_GD) {
		guest->vmcb->dr7 &= ~DR7_GD;
		return svm_raise(guest, VECTOR_DB, 0, BIT(13));
	}
	return mov_dr(guest, &instruction, number);
}

/* Enabled, and not for execution. */
static bool
watches(uint64_t dr7, unsigned number)
{
	return (dr7 >> 2 * number & 3) && (dr7 >> (16 + 4 * number) & 3);
}

bool
svm_watches_data(const struct vmcb *vmcb)
{
	return watches(vmcb->dr7, 0) || watches(vmcb->dr7, 1) || watches(vmcb->dr7, 2) ||
	       watches(vmcb->dr7, 3);
}

uint64_t
svm_dr7_for_delivery(uint64_t dr7)
{
	for (unsigned i = 0; i < 4; i++)
		if (watches(dr7, i))
			dr7 &= ~(3ull << 2 * i);
	return dr7;
}

/* #VMEXIT by #VMEXIT: which VM exit is it, or what has to be performed so that the guest can go on? */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/events.h>
#include <r33/guest.h>
#include <r33/non_register.h>
#include <r33/rflags.h>
#include <r33/vmcs_fields.h>

#include "cpu/fault.h"
#include "cpu/x86.h"
#include "dev/timer.h"
#include "rules/names.h"
#include "vmx/svm/guest.h"

#define IO_IN     BIT(0) /* EXITINFO1 of I/O (APM 2, "IOIO Intercept Information") */
#define IO_STRING BIT(2)
#define IO_REP    BIT(3)
#define IO_SIZE   (7 * BIT(4)) /* one bit: 1, 2 or 4 bytes */
#define IO_PORT   16

static enum svm_verdict
exit_with_length(struct svm_guest *guest, uint32_t reason)
{
	struct guest_instruction instruction;

	svm_fetch(guest, &instruction);
	return svm_exit_at(guest, reason, &instruction);
}

/* INT3, INTO (with OF = 1) and INT n. */
static enum svm_verdict
software_interrupt(struct svm_guest *guest)
{
	struct guest_instruction instruction;
	bool is_exception;
	unsigned vector;

	svm_fetch(guest, &instruction);
	is_exception = instruction.kind == GUEST_INSTRUCTION_INT3 ||
	               instruction.kind == GUEST_INSTRUCTION_INTO;
	vector = instruction.kind == GUEST_INSTRUCTION_INT3   ? VECTOR_BP
	         : instruction.kind == GUEST_INSTRUCTION_INTO ? VECTOR_OF
	                                                      : instruction.immediate;
	if (is_exception && svm_exception_exits(guest, vector, 0)) {
		guest->exit.interruption = EVENT_VALID | EVENT_SOFTWARE_EXCEPTION | vector;
		return svm_exit_at(guest, EXIT_REASON_EXCEPTION_OR_NMI, &instruction);
	}
	svm_end_step(guest);
	guest->software_event_bytes = instruction.length_bytes;
	guest->vmcb->rip += instruction.length_bytes;
	guest->vmcb->event_injection = SVM_EVENT_VALID | SVM_EVENT_SOFTWARE | vector;
	return SVM_GO_ON;
}

/* INT1: #DB as a privileged software exception. */
static enum svm_verdict
int1(struct svm_guest *guest)
{
	struct guest_instruction instruction;

	svm_fetch(guest, &instruction);
	if (!svm_exception_exits(guest, VECTOR_DB, 0)) {
		guest->vmcb->rip += instruction.length_bytes;
		return svm_raise(guest, VECTOR_DB, 0, 0);
	}
	guest->exit.interruption = EVENT_VALID | EVENT_PRIVILEGED_SOFTWARE_EXCEPTION | VECTOR_DB;
	return svm_exit_at(guest, EXIT_REASON_EXCEPTION_OR_NMI, &instruction);
}

/* The error code of a fault in delivering an event through the IDT names the vector; some versions of
 * TCG are wrong about it in IA-32e mode. */
static uint32_t
error_code(const struct svm_guest *guest)
{
	uint32_t code = (uint32_t)guest->vmcb->exit_info1;
	uint64_t event = guest->vmcb->exit_interrupt_info;
	unsigned vector = guest->vmcb->exit_code & 0x1f;

	/* A reserved bit is one in an entry that is present; TCG has P = 0 there. */
	if (vector == VECTOR_PF && (code & PAGE_FAULT_RESERVED))
		code |= PAGE_FAULT_PRESENT;
	if ((event & SVM_EVENT_VALID) && vector != VECTOR_PF && (code & 2))
		code = (uint32_t)(event & 0xff) * 8 | 2 |
		       ((event & SVM_EVENT_TYPE) != SVM_EVENT_SOFTWARE);
	return code;
}

static enum svm_verdict
exception(struct svm_guest *guest, unsigned vector)
{
	struct vmcb *vmcb = guest->vmcb;
	uint64_t qualification = 0;

	if (vector == VECTOR_UD && !(vmcb->exit_interrupt_info & SVM_EVENT_VALID))
		return svm_undefined_opcode(guest);
	if (vector == VECTOR_DB && guest->stepping)
		return svm_stepped(guest);
	if (vector == VECTOR_PF)
		qualification = vmcb->exit_info2;
	if (vector == VECTOR_DB) {
		uint64_t bits = PENDING_B0_TO_B3 | BIT(13) | PENDING_BS;

		/* What raised it is new in DR6. */
		qualification = vmcb->dr6 & ~guest->dr6_before & bits;
		if (!qualification)
			qualification = vmcb->dr6 & bits;
		vmcb->dr6 = guest->dr6_before;
	}
	return svm_raise(guest, vector, error_code(guest), qualification);
}

static enum svm_verdict
nested_page_fault(struct svm_guest *guest)
{
	struct vmcb *vmcb = guest->vmcb;
	struct page_modification_log log = {
		.enabled = guest->secondary & SECONDARY_PML,
		.address = svm_field(guest, PML_ADDRESS),
		.index = (uint16_t)svm_field(guest, GUEST_PML_INDEX),
	};
	uint64_t physical = vmcb->exit_info2, qualification = 0;
	enum nested_outcome outcome =
	        nested_fault(guest->nested, physical, vmcb->exit_info1, &log, &qualification);

	if (log.enabled)
		vmcs_set(guest->vmcs, GUEST_PML_INDEX, log.index);
	switch (outcome) {
	case NESTED_RESUME:
		/* The event whose delivery this has interrupted is delivered once more; INT n of the guest's own
		 * is executed once more. */
		if ((vmcb->exit_interrupt_info & SVM_EVENT_VALID) &&
		        ((vmcb->exit_interrupt_info & SVM_EVENT_TYPE) != SVM_EVENT_SOFTWARE ||
		                guest->software_event_bytes))
			vmcb->event_injection = vmcb->exit_interrupt_info;
		return SVM_GO_ON;
	case NESTED_LOG_FULL: return svm_exit(guest, EXIT_REASON_PML_FULL);
	case NESTED_EPT_MISCONFIGURATION:
		guest->exit.physical = physical;
		return svm_exit(guest, EXIT_REASON_EPT_MISCONFIGURATION);
	default: break;
	}
	guest->exit.physical = physical;
	guest->exit.qualification = qualification & ~EPT_VIOLATION_LINEAR_VALID;
	if (vmcb->exit_info1 & NPF_FETCH) {
		guest->exit.linear = svm_segment_linear(guest, SEGMENT_CS, vmcb->rip);
		guest->exit.qualification |= EPT_VIOLATION_LINEAR_VALID;
	} else if (svm_find_linear(guest, physical, &guest->exit.linear)) {
		guest->exit.qualification |= EPT_VIOLATION_LINEAR_VALID;
	}
	return svm_exit(guest, EXIT_REASON_EPT_VIOLATION);
}

static unsigned
io_bytes(uint64_t information)
{
	return (unsigned)((information & IO_SIZE) >> 4);
}

/* Does the access exit (SDM 3C 25.1.3)?  The bitmaps have a bit for each port; an access that wraps around exits. */
static bool
io_exits(const struct svm_guest *guest, unsigned port, unsigned bytes)
{
	if (!(guest->primary & PRIMARY_IO_BITMAPS))
		return guest->primary & PRIMARY_UNCONDITIONAL_IO_EXITING;
	for (unsigned i = port; i < port + bytes; i++) {
		uint64_t bitmap =
		        svm_field(guest, i < 0x8000 ? IO_BITMAP_A_ADDRESS : IO_BITMAP_B_ADDRESS);
		uint64_t address = bitmap + (i & 0x7fff) / 8;

		if (i > 0xffff || !svm_is_memory(address, 1) ||
		        *(const uint8_t *)address >> i % 8 & 1)
			return true;
	}
	return false;
}

static enum svm_verdict
io(struct svm_guest *guest)
{
	uint64_t information = guest->vmcb->exit_info1;
	unsigned port = (unsigned)(information >> IO_PORT), bytes = io_bytes(information);
	struct guest_instruction instruction;

	svm_fetch(guest, &instruction);
	if (!io_exits(guest, port, bytes)) {
		/* This engine has no device that a guest could have for itself: what is not there reads as ones. */
		if ((information & IO_IN) && !(information & IO_STRING))
			guest->registers[0] |= bytes == 4 ? 0xffffffff : (1ull << 8 * bytes) - 1;
		guest->vmcb->rip = guest->vmcb->exit_info2 - instruction.length_bytes;
		return svm_skip(guest, &instruction);
	}
	guest->exit.qualification =
	        (bytes - 1) | (information & IO_IN ? BIT(3) : 0) |
	        (information & IO_STRING ? BIT(4) : 0) | (information & IO_REP ? BIT(5) : 0) |
	        (instruction.has_immediate ? BIT(6) : 0) | (uint64_t)port << IO_PORT;
	if (information & IO_STRING) {
		struct guest_access access[GUEST_ACCESSES_MAX];

		guest->exit.instruction_information =
		        (instruction.address_bytes / 4u) << 7 | (uint32_t)instruction.segment << 15;
		if (guest_instruction_accesses(&instruction, guest->registers, 0, 8, access))
			guest->exit.linear =
			        svm_segment_linear(guest, access[0].segment, access[0].offset);
	}
	guest->exit.instruction_length = (uint32_t)(guest->vmcb->exit_info2 - guest->vmcb->rip);
	return svm_exit(guest, EXIT_REASON_IO_INSTRUCTION);
}

static enum svm_verdict
hlt(struct svm_guest *guest)
{
	struct guest_instruction instruction;

	svm_fetch(guest, &instruction);
	if (guest->primary & PRIMARY_HLT_EXITING)
		return svm_exit_at(guest, EXIT_REASON_HLT, &instruction);
	guest->activity = ACTIVITY_HLT;
	return svm_skip(guest, &instruction);
}

static enum svm_verdict
invlpg(struct svm_guest *guest)
{
	struct guest_instruction instruction;

	svm_fetch(guest, &instruction);
	guest->exit.qualification = svm_instruction_linear(guest, &instruction);
	return svm_exit_at(guest, EXIT_REASON_INVLPG, &instruction);
}

/* SGDT to LTR, while descriptor-table exiting is on (SDM 3C table "Format of the VM-Exit Instruction-Information
 * Field as Used for LIDT, LGDT, SIDT, or SGDT" and "... LLDT, LTR, SLDT, and STR"). */
static enum svm_verdict
descriptor_table(struct svm_guest *guest)
{
	/* From SGDT on: in both tables stores come first, and in the order of the kinds. */
	static const uint8_t identities[] = { 0, 1, 2, 3, 0, 1, 2, 3 };
	struct guest_instruction instruction;
	bool gdtr_or_idtr;

	svm_fetch(guest, &instruction);
	if (instruction.kind < GUEST_INSTRUCTION_SGDT || instruction.kind > GUEST_INSTRUCTION_LTR)
		kernel_panic("AMD-V left a guest at a descriptor-table instruction that is none");
	gdtr_or_idtr = instruction.kind <= GUEST_INSTRUCTION_LIDT;
	guest->exit.qualification = (uint64_t)instruction.displacement;
	guest->exit.instruction_information =
	        (uint32_t)identities[instruction.kind - GUEST_INSTRUCTION_SGDT] << 28 |
	        svm_operand_information(&instruction);
	return svm_exit_at(guest, gdtr_or_idtr ? EXIT_REASON_GDTR_OR_IDTR : EXIT_REASON_LDTR_OR_TR,
	        &instruction);
}

static enum svm_verdict
interrupt(struct svm_guest *guest)
{
	uint32_t reason = guest->leave_after_injection;
	uint64_t ticks = timer_ticks();

	guest->leave_after_injection = 0;
	take_pending_interrupt();
	if (reason)
		return svm_exit(guest, reason);
	if (svm_timer_has_run_out(guest))
		return svm_exit(guest, EXIT_REASON_PREEMPTION_TIMER);
	/* A timer of the back end's own that was set too early, or the kernel's tick? */
	if (timer_ticks() == ticks || !(guest->pin & PIN_EXTERNAL_INTERRUPT_EXITING))
		return SVM_GO_ON;
	return svm_exit(guest, EXIT_REASON_EXTERNAL_INTERRUPT);
}

static enum svm_verdict
interrupt_window(struct svm_guest *guest)
{
	if (guest->primary & PRIMARY_INTERRUPT_WINDOW_EXITING)
		return svm_exit(guest, EXIT_REASON_INTERRUPT_WINDOW);
	return svm_deliver_virtual_interrupt(guest);
}

static enum svm_verdict
wbinvd_or_invd(struct svm_guest *guest)
{
	struct guest_instruction instruction;

	svm_fetch(guest, &instruction);
	if (instruction.kind == GUEST_INSTRUCTION_INVD)
		return svm_exit_at(guest, EXIT_REASON_INVD, &instruction);
	if (guest->secondary & SECONDARY_WBINVD_EXITING)
		return svm_exit_at(guest, EXIT_REASON_WBINVD, &instruction);
	return svm_skip(guest, &instruction);
}

/* Without an exit it waits for nothing: what it waits for may always just have happened (SDM 2B, "MWAIT"). */
static enum svm_verdict
mwait(struct svm_guest *guest)
{
	struct guest_instruction instruction;

	svm_fetch(guest, &instruction);
	if (guest->primary & PRIMARY_MWAIT_EXITING)
		return svm_exit_at(guest, EXIT_REASON_MWAIT, &instruction);
	return svm_skip(guest, &instruction);
}

static enum svm_verdict
other(struct svm_guest *guest, uint64_t code)
{
	switch (code) {
	case SVM_EXIT_INTR: return interrupt(guest);
	case SVM_EXIT_VINTR: return interrupt_window(guest);
	case SVM_EXIT_RDTSC: return exit_with_length(guest, EXIT_REASON_RDTSC);
	case SVM_EXIT_RDTSCP: return exit_with_length(guest, EXIT_REASON_RDTSCP);
	case SVM_EXIT_RDPMC: return exit_with_length(guest, EXIT_REASON_RDPMC);
	case SVM_EXIT_CPUID: return exit_with_length(guest, EXIT_REASON_CPUID);
	case SVM_EXIT_IRET: return svm_iret(guest);
	case SVM_EXIT_INTN: return software_interrupt(guest);
	case SVM_EXIT_ICEBP: return int1(guest);
	case SVM_EXIT_INVD:
	case SVM_EXIT_WBINVD: return wbinvd_or_invd(guest);
	case SVM_EXIT_PAUSE: return exit_with_length(guest, EXIT_REASON_PAUSE);
	case SVM_EXIT_HLT: return hlt(guest);
	case SVM_EXIT_INVLPG: return invlpg(guest);
	case SVM_EXIT_IO: return io(guest);
	case SVM_EXIT_MSR: return svm_msr(guest);
	case SVM_EXIT_SHUTDOWN: return svm_exit(guest, EXIT_REASON_TRIPLE_FAULT);
	case SVM_EXIT_MONITOR: return exit_with_length(guest, EXIT_REASON_MONITOR);
	case SVM_EXIT_MWAIT:
	case SVM_EXIT_MWAIT_ARMED: return mwait(guest);
	case SVM_EXIT_XSETBV: return exit_with_length(guest, EXIT_REASON_XSETBV);
	case SVM_EXIT_NESTED_PAGE_FAULT: return nested_page_fault(guest);
	/* What Intel's processors do not know. */
	case SVM_EXIT_RSM:
	case SVM_EXIT_INVLPGA: return svm_raise_ud(guest);
	default: break;
	}
	if (code >= SVM_EXIT_VMRUN && code <= SVM_EXIT_SKINIT)
		return svm_raise_ud(guest);
	kernel_panic("AMD-V left the guest with exit code %#lx at RIP %#lx, which cannot be", code,
	        guest->vmcb->rip);
}

/* Was what VM entry, or INT n as we perform it, has injected delivered? */
static void
end_delivery(struct svm_guest *guest)
{
	uint64_t event = guest->vmcb->exit_interrupt_info;

	if ((event & SVM_EVENT_VALID) &&
	        (!guest->injected || ((event ^ guest->injected) & EVENT_VECTOR) == 0))
		return;
	guest->injected = 0;
	guest->software_event_bytes = 0;
}

enum svm_verdict
svm_handle_exit(struct svm_guest *guest)
{
	uint64_t code = guest->vmcb->exit_code;
	enum svm_verdict verdict;

	if ((uint32_t)code == SVM_EXIT_INVALID)
		kernel_panic("VMRUN refuses a state that no rule refuses (CR0 %#lx, CR4 %#lx, EFER "
		             "%#lx, RIP %#lx): this QEMU is not supported, take 7.2 or 10.0.13",
		        guest->vmcb->cr0, guest->vmcb->cr4, guest->vmcb->efer, guest->vmcb->rip);
	end_delivery(guest);
	if (code < SVM_EXIT_DR_READ)
		verdict = svm_control_register(guest);
	else if (code < SVM_EXIT_EXCEPTION)
		verdict = svm_debug_register(guest);
	else if (code < SVM_EXIT_INTR)
		verdict = exception(guest, (unsigned)code - SVM_EXIT_EXCEPTION);
	else if (code >= SVM_EXIT_IDTR_READ && code <= SVM_EXIT_TR_WRITE)
		verdict = descriptor_table(guest);
	else
		verdict = other(guest, code);
	if (verdict == SVM_VM_EXIT) {
		svm_end_step(guest);
		svm_note_delivery(guest);
	}
	return verdict;
}

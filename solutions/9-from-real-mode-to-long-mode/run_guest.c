/*
 * Lab 9: from real mode to long mode.
 *
 * Your functions from labs 1 to 6 set up a guest as a processor is after reset; enter it with lab 7's,
 * and handle its VM exits until it has brought itself to long mode.  README.md in this directory
 * explains each exit in the order in which you meet it.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the set_...()
 * functions of <r33/parts.h>, vmenter() from <r33/vmenter.h>, the names in the headers of
 * labs/include/r33/, and lab_printf().
 */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/cpuid.h>
#include <r33/events.h>
#include <r33/exit_reasons.h>
#include <r33/hypercalls.h>
#include <r33/instructions.h>
#include <r33/msr.h>
#include <r33/parts.h>
#include <r33/vmcs_fields.h>
#include <r33/vmenter.h>

/* Registers in struct register_context. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI };

/* Call the parts of labs 1 to 6 in order. */
static enum decision
fill_parts(const struct guest *guest)
{
	static enum decision (*const parts[])(const struct guest *) = { set_control_registers,
		set_entry_point, set_segment_registers, set_tables_and_msrs,
		set_activity_and_interruptibility, set_links_timers_and_pdptes };

	for (unsigned i = 0; i < COUNT(parts); i++) {
		enum decision decision = parts[i](guest);

		if (decision != ENTER) {
			if (decision == UNWRITTEN)
				lab_printf("part %u is not written\n", i + 1);
			return decision;
		}
	}
	return ENTER;
}
//: solution

#define RESET_CS_BASE 0xffff0000
#define EFER_KNOWN    (EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE)

/* Bits of CR0 whose guest value is not in GUEST_CR0: NE is 1 in VMX operation, and VM entry does not
 * load CD and NW. */
#define CR0_HOST_OWNED (CR0_NE | CR0_CD | CR0_NW)

/* #GP(0): valid, hardware exception, vector 13; in real mode an exception has no error code. */
#define INJECT_GP (EVENT_VALID | EVENT_HARDWARE_EXCEPTION | VECTOR_GP)

static void
next_instruction(void)
{
	vmwrite(GUEST_RIP, vmread(GUEST_RIP) + vmread(VM_EXIT_INSTRUCTION_LENGTH));
}

static void
inject_gp(void)
{
	bool protected = vmread(GUEST_CR0) & CR0_PE;

	vmwrite(VM_ENTRY_INTERRUPTION_INFORMATION, INJECT_GP | (protected ? EVENT_ERROR_CODE : 0));
	vmwrite(VM_ENTRY_EXCEPTION_ERROR_CODE, 0);
}

/* The guest's MOV to CR0 with PG has made LMA what the control "IA-32e mode guest" now says; nobody
 * has told the field. */
static void
follow_lma(void)
{
	uint64_t efer = vmread(GUEST_IA32_EFER) & ~EFER_LMA;

	if ((efer & EFER_LME) && (vmread(GUEST_CR0) & CR0_PG))
		efer |= EFER_LMA;
	if (efer != vmread(GUEST_IA32_EFER))
		vmwrite(GUEST_IA32_EFER, efer);
}

static void
print_station(const struct register_context *context)
{
	static const uint8_t words[] = { RBX, RCX, RDX, RSI };
	char text[17] = "";

	for (unsigned i = 0; i < 16; i++)
		text[i] = (char)(context->general[words[i / 4]] >> (8 * (i % 4)));
	lab_printf("%s\n", text);
}

static void
handle_control_register(struct register_context *context)
{
	uint64_t qualification = vmread(EXIT_QUALIFICATION);
	uint64_t *operand = &context->general[qualification >> 8 & 0xf];

	switch (qualification & 0x3f) {
	case 0x00: /* MOV to CR0: let the guest try again, with nothing left that differs */
		vmwrite(CR0_READ_SHADOW, *operand);
		return;
	case 0x04: /* MOV to CR4, and VMXE changes */ inject_gp(); return;
	case 0x03: vmwrite(GUEST_CR3, *operand); break;
	case 0x13: *operand = vmread(GUEST_CR3); break;
	}
	next_instruction();
}

static void
handle_cpuid(struct register_context *context)
{
	uint32_t leaf = (uint32_t)context->general[RAX];
	struct cpuid_result result = cpuid(leaf, (uint32_t)context->general[RCX]);

	context->general[RAX] = result.eax;
	context->general[RBX] = result.ebx;
	context->general[RCX] = leaf == CPUID_FEATURES ? result.ecx & ~CPUID_ECX_VMX : result.ecx;
	context->general[RDX] = result.edx;
	next_instruction();
}

static void
handle_rdmsr(struct register_context *context)
{
	uint64_t efer = vmread(GUEST_IA32_EFER);

	if ((uint32_t)context->general[RCX] != IA32_EFER) {
		inject_gp();
		return;
	}
	context->general[RAX] = (uint32_t)efer;
	context->general[RDX] = efer >> 32;
	next_instruction();
}

static void
handle_wrmsr(struct register_context *context)
{
	uint64_t value = context->general[RDX] << 32 | (uint32_t)context->general[RAX];
	uint64_t efer = vmread(GUEST_IA32_EFER);
	bool paging = vmread(GUEST_CR0) & CR0_PG;

	if ((uint32_t)context->general[RCX] != IA32_EFER || (value & ~EFER_KNOWN) ||
	        (paging && ((value ^ efer) & EFER_LME))) {
		inject_gp();
		return;
	}
	vmwrite(GUEST_IA32_EFER, (value & ~EFER_LMA) | (efer & EFER_LMA));
	next_instruction();
}

/* Handle one exit.  False: the guest is at its end, or left for a reason that nobody expects. */
static bool
handle_exit(struct register_context *context, enum decision *decision)
{
	uint32_t hypercall = (uint32_t)context->general[RAX];

	follow_lma();
	switch (vmread(EXIT_REASON)) {
	case EXIT_REASON_CPUID: handle_cpuid(context); return true;
	case EXIT_REASON_CONTROL_REGISTER: handle_control_register(context); return true;
	case EXIT_REASON_RDMSR: handle_rdmsr(context); return true;
	case EXIT_REASON_WRMSR: handle_wrmsr(context); return true;
	case EXIT_REASON_VMCALL:
		if (hypercall == HYPERCALL_DONE)
			return false;
		print_station(context);
		next_instruction();
		return true;
	default:
		lab_printf("exit reason %lu at %#lx\n", vmread(EXIT_REASON), vmread(GUEST_RIP));
		*decision = REFUSE;
		return false;
	}
}
//: end

/*
 * Run a guest from its first instruction to its end.
 *
 * Returns ENTER when the guest has made the hypercall HYPERCALL_DONE, REFUSE when a part says that
 * this processor would not enter such a guest or when the guest cannot continue, UNWRITTEN when a
 * part is not written.
 */
enum decision
run_guest(const struct guest *guest)
{
	//: solution
	static struct register_context context;
	enum decision decision = fill_parts(guest);
	bool launched = false;

	if (decision != ENTER)
		return decision;
	if (guest->mode == GUEST_REAL)
		vmwrite(GUEST_CS_BASE, RESET_CS_BASE);
	vmwrite(CR0_GUEST_HOST_MASK, CR0_HOST_OWNED);
	vmwrite(CR0_READ_SHADOW, guest->cr0);
	vmwrite(CR4_GUEST_HOST_MASK, CR4_VMXE);
	vmwrite(CR4_READ_SHADOW, guest->cr4);
	context.dr6 = 0xffff0ff0;
	*(uint16_t *)&context.extended[0] = 0x37f;
	*(uint32_t *)&context.extended[24] = 0x1f80;
	do {
		if (vmenter(&context, launched) != VMENTER_EXIT) {
			lab_printf("VM-instruction error %lu\n", vmread(VM_INSTRUCTION_ERROR));
			return REFUSE;
		}
		launched = true;
	} while (handle_exit(&context, &decision));
	return decision;
	//: skeleton
	//| /* YOUR CODE HERE.  Begin when the parts have returned ENTER. */
	//| return fill_parts(guest) == REFUSE ? REFUSE : UNWRITTEN;
	//: end
}

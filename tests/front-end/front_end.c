/* The front end's own test: the checks. */
#include "front_end.h"

#include <r33/control_registers.h>
#include <r33/exit_reasons.h>
#include <r33/instruction_errors.h>
#include <r33/instructions.h>
#include <r33/msr.h>
#include <r33/parts.h>

#define PINBASED_PREEMPTION_TIMER  (1ull << 38) /* may be 1 */
#define UNSUPPORTED_FIELD          0x6ffe
#define ENTRY_FAILED_INVALID_STATE (EXIT_REASON_ENTRY_FAILURE | EXIT_REASON_INVALID_GUEST_STATE)
#define VMCALL_BYTES               3
#define LONG_LOOP                  300000 /* instructions: some 30 ticks of the kernel's timer */
#define NO_CURRENT_VMCS            (~0ull)

enum decision test_front_end(const struct guest *guest);

static unsigned failures;

static void
check(bool holds, const char *what)
{
	if (!holds) {
		lab_printf("failed: %s\n", what);
		failures++;
	}
}

/* The instruction failed with this error number in the field VM_INSTRUCTION_ERROR. */
static void
check_error(uint64_t flags, uint64_t number, const char *what)
{
	check(flags == RFLAGS_ZF && vmread(VM_INSTRUCTION_ERROR) == number, what);
}

/* Every operand form reaches its operand, and success clears all six status flags. */
static void
check_operand_forms(void)
{
	uint64_t slots[4] = { 0 };

	for (uint64_t i = 0; i < write_form_count; i++) {
		uint64_t value = 0x1000 + 0x11 * i;

		slots[1] = value;
		if (write_forms[i](GUEST_RIP, &slots[1]) != 0 || vmread(GUEST_RIP) != value) {
			lab_printf("failed: write form %lu\n", i);
			failures++;
		}
	}
	for (uint64_t i = 0; i < read_form_count; i++) {
		uint64_t value = 0x2000 + 0x13 * i;

		vmwrite(GUEST_RIP, value);
		if (read_forms[i](GUEST_RIP, &slots[1]) != 0 || slots[1] != value || slots[0] ||
		        slots[2]) {
			lab_printf("failed: read form %lu\n", i);
			failures++;
		}
	}
	check(write_form_count >= 25 && read_form_count >= 25, "all forms are there");
	vmwrite(GUEST_IA32_DEBUGCTL, 0);
	vmwrite(GUEST_IA32_DEBUGCTL + 1, 5);
	check(vmread(GUEST_IA32_DEBUGCTL) == 5ull << 32, "the high half of a 64-bit field");
}

/* Fields that do not exist, are read-only or belong to others are refused as the architecture says. */
static void
check_field_errors(void)
{
	uint64_t value = 77;
	uint64_t flags;

	check_error(flags_of_vmread(UNSUPPORTED_FIELD, &value), VM_ERROR_UNSUPPORTED_FIELD,
	        "VMREAD of no field");
	check(value == 77, "a failed VMREAD leaves its operand");
	check_error(flags_of_vmread(1ull << 40 | GUEST_RIP, &value), VM_ERROR_UNSUPPORTED_FIELD,
	        "VMREAD looks at all 64 bits of the encoding");
	check_error(flags_of_vmread(HOST_CR3, &value), VM_ERROR_UNSUPPORTED_FIELD,
	        "VMREAD of host state");
	check_error(
	        flags_of_vmwrite(HOST_CR3, 0), VM_ERROR_READ_ONLY_FIELD, "VMWRITE to host state");
	check_error(flags_of_vmwrite(VM_ENTRY_CONTROLS, 0), VM_ERROR_READ_ONLY_FIELD,
	        "VMWRITE to a control field");
	flags = flags_of_vmwrite(EXIT_REASON, 0);
	if (rdmsr(IA32_VMX_MISC) & VMX_MISC_VMWRITE_ANY_FIELD)
		check(flags == 0, "VMWRITE to VM-exit information, where the processor allows it");
	else
		check_error(flags, VM_ERROR_READ_ONLY_FIELD, "VMWRITE to VM-exit information");
	check(vmread(GUEST_RSP) != 0, "a field of another part that may be known can be read");
	check_error(flags_of_vmread(GUEST_CR3, &value), VM_ERROR_UNSUPPORTED_FIELD,
	        "VMREAD of another part's field");
	check_error(flags_of_vmread(GUEST_IA32_PAT + 1, &value), VM_ERROR_UNSUPPORTED_FIELD,
	        "VMREAD of the high half of another part's field");
	check(value == 77, "a refused VMREAD leaves its operand");
}

/* VMPTRST, VMCLEAR, VMPTRLD, VMXON, VMXOFF. */
static void
check_management(void)
{
	uint64_t vmcs = 0, value, misaligned, beyond = 1ull << 60, other = 0x5000;

	check(flags_of_vmptrst(&vmcs) == 0 && vmcs && vmcs % 4096 == 0, "VMPTRST");
	misaligned = vmcs + 8;
	check_error(flags_of_vmptrld(&misaligned), VM_ERROR_VMPTRLD_ADDRESS, "VMPTRLD, misaligned");
	check_error(flags_of_vmptrld(&beyond), VM_ERROR_VMPTRLD_ADDRESS,
	        "VMPTRLD beyond the physical-address width");
	check_error(flags_of_vmclear(&misaligned), VM_ERROR_VMCLEAR_ADDRESS, "VMCLEAR, misaligned");
	check_error(flags_of_vmxon(&vmcs), VM_ERROR_VMXON_IN_ROOT, "VMXON in VMX root operation");
	check(flags_of_vmptrld(&other) == RFLAGS_CF,
	        "VMPTRLD of memory that is no VMCS of ours is refused");
	check(flags_of_vmxoff() == RFLAGS_CF, "VMXOFF is refused");
	vmwrite(GUEST_RIP, 0x4711);
	check(flags_of_vmclear(&vmcs) == 0, "VMCLEAR of the current VMCS");
	check(flags_of_vmptrst(&value) == 0 && value == NO_CURRENT_VMCS,
	        "then there is no current VMCS");
	check(flags_of_vmread(GUEST_RIP, &value) == RFLAGS_CF, "and VMREAD answers VMfailInvalid");
	check(flags_of_vmwrite(GUEST_RIP, 1) == RFLAGS_CF, "and VMWRITE");
	check(flags_of_vmptrld(&misaligned) == RFLAGS_CF,
	        "and a failing VMPTRLD has no error number to give");
	check(flags_of_vmptrld(&vmcs) == 0 && vmread(GUEST_RIP) == 0x4711,
	        "VMPTRLD brings it back");
}

/* VMLAUNCH and VMRESUME with registers that go through, and what they answer when they fail. */
static void
check_entry(const struct guest *guest)
{
	uint64_t registers[16];
	uint64_t cr0 = vmread(GUEST_CR0);

	for (unsigned i = 0; i < 16; i++)
		registers[i] = 0x0101010101010101 * (i + 1);
	registers[1] = LONG_LOOP;
	if (rdmsr(IA32_VMX_PINBASED_CTLS) & PINBASED_PREEMPTION_TIMER)
		vmwrite(VMX_PREEMPTION_TIMER_VALUE, 0xffffffff);
	check_error(enter_guest(registers, true), VM_ERROR_VMRESUME_NOT_LAUNCHED,
	        "VMRESUME before VMLAUNCH");
	vmwrite(GUEST_CR0, cr0 & ~CR0_NE);
	check(enter_guest(registers, false) == 0 &&
	                vmread(EXIT_REASON) == ENTRY_FAILED_INVALID_STATE,
	        "a failed entry arrives at HOST_RIP with exit reason 33");
	vmwrite(GUEST_CR0, cr0);
	check(enter_guest(registers, false) == 0 && vmread(EXIT_REASON) == EXIT_REASON_VMCALL,
	        "VMLAUNCH, with timer interrupts that the lab does not see");
	check(registers[3] == 0x0404040404040404 + 1, "the guest had RBX, and we have the guest's");
	for (unsigned i = 5; i < 16; i++)
		check(registers[i] == ~(0x0101010101010101ull * (i + 1)),
		        "RBP..R15 went into the guest and came back");
	check_error(enter_guest(registers, false), VM_ERROR_VMLAUNCH_NOT_CLEAR,
	        "VMLAUNCH of a launched VMCS");
	vmwrite(GUEST_RIP, vmread(GUEST_RIP) + VMCALL_BYTES);
	registers[1] = LONG_LOOP;
	check(enter_guest(registers, true) == 0 && vmread(EXIT_REASON) == EXIT_REASON_VMCALL,
	        "VMRESUME, with timer interrupts too");
	check(registers[3] == 0x0404040404040404 + 2 && registers[1] == 0, "the guest ran on");
	check(vmread(GUEST_RSP) == guest->rsp, "the guest's RSP is its own");
}

static uint64_t
read_cr0(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr0, %0" : "=r"(value));
	return value;
}

static uint64_t
read_cr4(void)
{
	register uint64_t value __asm__("r10");

	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

static uint64_t
read_cr8(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr8, %0" : "=r"(value));
	return value;
}

/* The same by the C function and in assembly; the instruction changes four registers, their upper halves
 * too, and no flag. */
static void
check_cpuid(uint32_t leaf, uint32_t subleaf)
{
	const uint64_t above = 0xfeedull << 32;
	struct cpuid_result expected = cpuid(leaf, subleaf);
	uint64_t registers[16];

	for (unsigned i = 0; i < 16; i++)
		registers[i] = 0x0101010101010101 * (i + 1);
	registers[0] = above | leaf;
	registers[1] = above | subleaf;
	check(execute_cpuid(registers) == RFLAGS_STATUS, "CPUID leaves the flags alone");
	check(registers[0] == expected.eax && registers[1] == expected.ecx &&
	                registers[2] == expected.edx && registers[3] == expected.ebx,
	        "CPUID answers in assembly as in C");
	for (unsigned i = 5; i < 16; i++)
		check(registers[i] == 0x0101010101010101 * (i + 1),
		        "CPUID leaves the other registers alone");
}

/* RDMSR and MOV from CR answer with the machine's values, and so does CPUID. */
static void
check_registers(void)
{
	check((rdmsr(IA32_VMX_BASIC) & 0x7fffffff) != 0, "RDMSR of IA32_VMX_BASIC");
	check(rdmsr(IA32_EFER) & EFER_LMA, "RDMSR of IA32_EFER");
	check(rdmsr(IA32_VMX_CR4_FIXED0) == CR4_VMXE, "RDMSR gives both halves");
	check((read_cr0() & (CR0_PG | CR0_PE | CR0_NE)) == (CR0_PG | CR0_PE | CR0_NE),
	        "MOV from CR0");
	check((read_cr4() & (CR4_VMXE | CR4_PAE)) == (CR4_VMXE | CR4_PAE), "MOV from CR4");
	check(read_cr8() == 0, "MOV from CR8");
	check(cpuid(CPUID_FEATURES, 0).ecx & CPUID_ECX_VMX, "CPUID tells that there is VMX");
	check_cpuid(CPUID_FEATURES, 0);
	check_cpuid(CPUID_ADDRESS_WIDTHS, 0);
	check_cpuid(CPUID_EXTENSIONS, 1);
}

#define WRITE_DR(number, value) __asm__ volatile("mov %0, %%dr" #number : : "r"((uint64_t)(value)))
#define READ_DR(number, value)  __asm__ volatile("mov %%dr" #number ", %0" : "=r"(value))

static void
write_cr2(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr2" : : "r"(value));
}

static uint64_t
read_cr2(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr2, %0" : "=r"(value));
	return value;
}

/* DR0 to DR3 hold what check_context_registers() has written there. */
static bool
breakpoints_are_kept(void)
{
	uint64_t dr[4];

	READ_DR(0, dr[0]);
	READ_DR(1, dr[1]);
	READ_DR(2, dr[2]);
	READ_DR(3, dr[3]);
	return dr[0] == 0x10101 && dr[1] == 0x20202 && dr[2] == 0x30303 &&
	       dr[3] == 0xffff800000404040;
}

/* The registers that VM entry does not load, and that CPL 3 may not touch. */
static void
check_context_registers(void)
{
	uint64_t registers[16] = { [1] = 1 };
	uint64_t dr6;

	write_cr2(0x123456789abcdef0);
	check(read_cr2() == 0x123456789abcdef0, "MOV to CR2");
	WRITE_DR(0, 0x10101);
	WRITE_DR(1, 0x20202);
	WRITE_DR(2, 0x30303);
	WRITE_DR(3, 0xffff800000404040);
	check(breakpoints_are_kept(), "MOV to DR0 to DR3");
	WRITE_DR(6, 0);
	READ_DR(6, dr6);
	check(dr6 == 0xffff0ff0, "DR6: bits 4 to 11 and 16 to 31 are 1");
	WRITE_DR(6, 0xffffffff);
	READ_DR(6, dr6);
	check(dr6 == 0xffffefff, "DR6: bit 12 is 0");
	if (rdmsr(IA32_VMX_PINBASED_CTLS) & PINBASED_PREEMPTION_TIMER)
		vmwrite(VMX_PREEMPTION_TIMER_VALUE, 0xffffffff);
	check(enter_guest(registers, false) == 0 && vmread(EXIT_REASON) == EXIT_REASON_VMCALL,
	        "VMLAUNCH with them");
	READ_DR(6, dr6);
	check(breakpoints_are_kept() && dr6 == 0xffffefff && read_cr2() == 0x123456789abcdef0,
	        "a guest that leaves them alone leaves them as they were");
}

/* The case selects the check by a number in the upper half of cr4_optional, where no processor
 * has bits. */
enum decision
test_front_end(const struct guest *guest)
{
	failures = 0;
	switch (guest->cr4_optional >> 32) {
	case 1: check_operand_forms(); break;
	case 2: check_field_errors(); break;
	case 3: check_management(); break;
	case 4: check_entry(guest); break;
	case 5: check_registers(); break;
	case 6: break;
	case 7: check_context_registers(); break;
	default: return UNWRITTEN;
	}
	return failures ? REFUSE : ENTER;
}

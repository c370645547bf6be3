/* The oracle: 27.2.1 on VM-execution, VM-exit and VM-entry controls. */
#include "rules_oracle.h"

#define PIN     PIN_BASED_VM_EXECUTION_CONTROLS
#define PRIMARY PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS

/* Bits that must be 1 are 1, and no bit is 1 that may not be. */
static bool
allowed(uint64_t value, const struct allowed_settings *settings)
{
	for (unsigned i = 0; i < 32; i++)
		if (bit(value, i) ? !bit(settings->may_be_one, i) : bit(settings->must_be_one, i))
			return false;
	return true;
}

static void
judge_reserved(struct oracle *oracle)
{
	const struct capabilities *processor = oracle->processor;
	uint64_t primary = value_of(oracle, PRIMARY);

	demand(oracle, ID_CTL_PIN_RSVD, true,
	        allowed(value_of(oracle, PIN), &processor->pin_based));
	demand(oracle, ID_CTL_PROC_RSVD, true, allowed(primary, &processor->primary));
	demand(oracle, ID_CTL_PROC2_RSVD, bit(primary, 31),
	        allowed(value_of(oracle, SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS),
	                &processor->secondary));
	/* "activate tertiary controls" (17): only allowed 1-settings. */
	demand(oracle, ID_CTL_PROC3_RSVD, bit(primary, 17),
	        (value_of(oracle, TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS) |
	                processor->tertiary_may_be_one) == processor->tertiary_may_be_one);
	demand(oracle, ID_CTL_EXIT_RSVD, true,
	        allowed(value_of(oracle, VM_EXIT_CONTROLS), &processor->exit));
	demand(oracle, ID_CTL_ENTRY_RSVD, true,
	        allowed(value_of(oracle, VM_ENTRY_CONTROLS), &processor->entry));
}

/* The EPT pointer: 27.2.1.1 and "Extended-Page-Table Pointer (EPTP)". */
static bool
ept_pointer_right(const struct oracle *oracle, uint64_t pointer)
{
	uint64_t offers = oracle->processor->ept_vpid;
	uint64_t type = bits(pointer, 2, 0), length = bits(pointer, 5, 3) + 1;
	/* Uncacheable (0) and write-back (6) where bits 8 and 14 of IA32_VMX_EPT_VPID_CAP say so. */
	bool type_right = (type == 0 && bit(offers, 8)) || (type == 6 && bit(offers, 14));
	/* Four or five levels: bits 6 and 7. */
	bool length_right = (length == 4 && bit(offers, 6)) || (length == 5 && bit(offers, 7));

	/* Accessed and dirty flags (6): bit 21.  Supervisor shadow stacks (7): bit 23.  Bits 11:8 are
	 * reserved, and so is what lies beyond the physical-address width. */
	return type_right && length_right && (!bit(pointer, 6) || bit(offers, 21)) &&
	       (!bit(pointer, 7) || bit(offers, 23)) && bits(pointer, 11, 8) == 0 &&
	       physical(oracle, pointer);
}

static void
judge_execution(struct oracle *oracle)
{
	uint64_t pin = value_of(oracle, PIN), primary = value_of(oracle, PRIMARY);
	bool ept = secondary(oracle, 1), pml = secondary(oracle, 17);

	/* Not more CR3 targets than bits 24:16 of IA32_VMX_MISC say. */
	demand(oracle, ID_CTL_CR3_TARGETS, true,
	        value_of(oracle, CR3_TARGET_COUNT) <= bits(oracle->processor->vmx_misc, 24, 16));
	/* "virtual NMIs" (5) needs "NMI exiting" (3); "NMI-window exiting" (22) needs "virtual NMIs". */
	demand(oracle, ID_CTL_VNMI, bit(pin, 5), bit(pin, 3));
	demand(oracle, ID_CTL_NMIWIN, bit(primary, 22), bit(pin, 5));
	/* "enable EPT" (1): the pointer is right.  "unrestricted guest" (7), "enable PML" (17) need it. */
	demand(oracle, ID_CTL_EPTP, ept, ept_pointer_right(oracle, value_of(oracle, EPT_POINTER)));
	demand(oracle, ID_CTL_URG_EPT, oracle->unrestricted, ept);
	demand(oracle, ID_CTL_PML_EPT, pml, ept);
	/* "enable VPID" (5): not 0000H. */
	demand(oracle, ID_CTL_VPID, secondary(oracle, 5),
	        value_of(oracle, VIRTUAL_PROCESSOR_ID) != 0);
	/* "use TSC scaling" (25): the multiplier is not 0. */
	demand(oracle, ID_CTL_TSC_MULT, secondary(oracle, 25),
	        value_of(oracle, TSC_MULTIPLIER) != 0);
}

/* What may be injected where; TPR shadow is bit 21 of the primary controls. */
static void
judge_apic(struct oracle *oracle)
{
	uint64_t pin = value_of(oracle, PIN);
	bool shadow = bit(value_of(oracle, PRIMARY), 21);
	bool accesses = secondary(oracle, 0), x2apic = secondary(oracle, 4);
	bool registers = secondary(oracle, 8), delivery = secondary(oracle, 9);
	uint64_t threshold = value_of(oracle, TPR_THRESHOLD);
	uint64_t page = value_of(oracle, VIRTUAL_APIC_ADDRESS);
	/* VTPR: the byte at 80H of the virtual-APIC page. */
	uint64_t vtpr = vmx_page(oracle, page) ? vmcs_memory(oracle->vmcs, page + 0x80) : 0xf0;

	/* Without TPR shadow none of "virtualize x2APIC mode", "APIC-register virtualization" and
	 * "virtual-interrupt delivery"; x2APIC mode excludes "virtualize APIC accesses"; delivery
	 * needs "external-interrupt exiting". */
	demand(oracle, ID_CTL_APICV, true,
	        !(!shadow && (x2apic || registers || delivery)) && !(x2apic && accesses) &&
	                !(delivery && !bit(pin, 0)));
	/* The two pages' addresses, where they are used. */
	demand_at(oracle, ID_CTL_APICV_ADDRESS, 0, shadow, vmx_page(oracle, page));
	demand_at(oracle, ID_CTL_APICV_ADDRESS, 1, accesses,
	        vmx_page(oracle, value_of(oracle, APIC_ACCESS_ADDRESS)));
	/* Without delivery the threshold has four bits, and is not above VTPR bits 7:4 unless accesses
	 * are virtualized. */
	demand(oracle, ID_CTL_TPR_THRESHOLD, shadow && !delivery,
	        bits(threshold, 31, 4) == 0 &&
	                (accesses || bits(threshold, 3, 0) <= bits(vtpr, 7, 4)));
	/* "process posted interrupts" (7) needs delivery and "acknowledge interrupt on exit" (15); the
	 * vector is a byte, the descriptor's address a multiple of 64. */
	demand(oracle, ID_CTL_POSTED, bit(pin, 7),
	        delivery && bit(value_of(oracle, VM_EXIT_CONTROLS), 15));
	demand_at(oracle, ID_CTL_POSTED_FIELDS, 0, bit(pin, 7),
	        bits(value_of(oracle, POSTED_INTERRUPT_NOTIFICATION_VECTOR), 15, 8) == 0);
	demand_at(oracle, ID_CTL_POSTED_FIELDS, 1, bit(pin, 7),
	        bits(value_of(oracle, POSTED_INTERRUPT_DESCRIPTOR_ADDRESS), 5, 0) == 0 &&
	                vmx_physical(
	                        oracle, value_of(oracle, POSTED_INTERRUPT_DESCRIPTOR_ADDRESS)));
}

static bool
entry_or_exit(uint64_t pin, uint64_t exit)
{
	/* "save VMX-preemption timer value" (22) needs "activate VMX-preemption timer" (6). */
	return bit(pin, 6) || !bit(exit, 22);
}

/* An MSR area's address: a multiple of 16 of physical memory, and so is its last byte. */
static bool
area_starts_right(const struct oracle *oracle, uint64_t address)
{
	return bits(address, 3, 0) == 0 && vmx_physical(oracle, address);
}

static bool
area_ends_right(const struct oracle *oracle, uint64_t address, uint64_t count)
{
	return vmx_physical(oracle, address + 16 * count - 1);
}

void
oracle_controls(struct oracle *oracle)
{
	uint64_t pin = value_of(oracle, PIN), exit = value_of(oracle, VM_EXIT_CONTROLS);
	bool into_smm = entry_control(oracle, 10), dual = entry_control(oracle, 11);

	judge_reserved(oracle);
	judge_execution(oracle);
	judge_apic(oracle);
	demand(oracle, ID_CTL_PREEMPT_SAVE, bit(exit, 22), entry_or_exit(pin, exit));
	/* "entry to SMM" (10) and "deactivate dual-monitor treatment" (11) are for SMM, and exclude each
	 * other. */
	demand(oracle, ID_CTL_ENTRY_SMM, !oracle->in_smm, !into_smm);
	demand(oracle, ID_CTL_ENTRY_DUALMON, !oracle->in_smm, !dual);
	demand(oracle, ID_CTL_ENTRY_SMM_BOTH, oracle->in_smm, !(into_smm && dual));
}

/* Addresses of what the controls turn on. */
void
oracle_addresses(struct oracle *oracle)
{
	uint64_t primary = value_of(oracle, PRIMARY);
	uint64_t load = value_of(oracle, VM_ENTRY_MSR_LOAD_ADDRESS);
	uint64_t load_count = value_of(oracle, VM_ENTRY_MSR_LOAD_COUNT);
	uint64_t exit_store = value_of(oracle, VM_EXIT_MSR_STORE_ADDRESS);
	uint64_t exit_load = value_of(oracle, VM_EXIT_MSR_LOAD_ADDRESS);
	uint64_t stores = value_of(oracle, VM_EXIT_MSR_STORE_COUNT);
	uint64_t loads = value_of(oracle, VM_EXIT_MSR_LOAD_COUNT);

	/* "use I/O bitmaps" (25), "use MSR bitmaps" (28). */
	demand_at(oracle, ID_CTL_IO_MSR_BITMAP, 0, bit(primary, 25),
	        vmx_page(oracle, value_of(oracle, IO_BITMAP_A_ADDRESS)));
	demand_at(oracle, ID_CTL_IO_MSR_BITMAP, 1, bit(primary, 25),
	        vmx_page(oracle, value_of(oracle, IO_BITMAP_B_ADDRESS)));
	demand_at(oracle, ID_CTL_IO_MSR_BITMAP, 2, bit(primary, 28),
	        vmx_page(oracle, value_of(oracle, MSR_BITMAP_ADDRESS)));
	/* "VMCS shadowing" (14), "enable PML" (17). */
	demand_at(oracle, ID_CTL_SHADOW_BITMAPS, 0, secondary(oracle, 14),
	        vmx_page(oracle, value_of(oracle, VMREAD_BITMAP_ADDRESS)));
	demand_at(oracle, ID_CTL_SHADOW_BITMAPS, 1, secondary(oracle, 14),
	        vmx_page(oracle, value_of(oracle, VMWRITE_BITMAP_ADDRESS)));
	demand(oracle, ID_CTL_PML, secondary(oracle, 17),
	        vmx_page(oracle, value_of(oracle, PML_ADDRESS)));
	/* MSR areas, where they are not empty. */
	demand(oracle, ID_CTL_MSRLOAD_ADDR, load_count != 0, area_starts_right(oracle, load));
	demand(oracle, ID_CTL_MSRLOAD_LAST, load_count != 0 && area_starts_right(oracle, load),
	        area_ends_right(oracle, load, load_count));
	demand(oracle, ID_CTL_EXIT_MSR_STORE, stores != 0,
	        area_starts_right(oracle, exit_store) &&
	                area_ends_right(oracle, exit_store, stores));
	demand(oracle, ID_CTL_EXIT_MSR_LOAD, loads != 0,
	        area_starts_right(oracle, exit_load) && area_ends_right(oracle, exit_load, loads));
}

/* The vectors that push an error code, and those that do not, where IA32_VMX_BASIC bit 56 is 0: #DF #TS
 * #NP #SS #GP #PF #AC, and all others. */
static bool
flag_right(const struct oracle *oracle, bool flag)
{
	unsigned vector = oracle->event_vector;

	/* Only hardware exceptions have one, and not in real mode, which only unrestricted guests know. */
	if (oracle->event_type != 3 ||
	        (oracle->unrestricted && !bit(value_of(oracle, GUEST_CR0), 0)))
		return !flag;
	if (bit(oracle->processor->vmx_basic, 56))
		return true;
	if (vector == 8 || (vector >= 10 && vector <= 14) || vector == 17)
		return flag;
	return !flag;
}

void
oracle_injection(struct oracle *oracle)
{
	uint64_t event = value_of(oracle, VM_ENTRY_INTERRUPTION_INFORMATION);
	uint64_t length = value_of(oracle, VM_ENTRY_INSTRUCTION_LENGTH);
	unsigned type = oracle->event_type, vector = oracle->event_vector;
	bool monitor_trap = bit(oracle->processor->primary.may_be_one, 27);
	bool fred_exists = bit(oracle->processor->cr4_fixed1, 32);

	/* Type 1 is reserved, and type 7 without "monitor trap flag" (27). */
	demand(oracle, ID_INJ_TYPE_RSVD, oracle->event, type != 1 && !(type == 7 && !monitor_trap));
	/* NMIs have vector 2, hardware exceptions at most 31; other events 0, with FRED also 1 and 2. */
	demand(oracle, ID_INJ_VECTOR_NMI, oracle->event && type == 2, vector == 2);
	demand(oracle, ID_INJ_VECTOR_HWEXC, oracle->event && type == 3, vector <= 31);
	demand(oracle, ID_INJ_VECTOR_OTHER, oracle->event && type == 7 && monitor_trap,
	        vector == 0 || (fred_exists && vector <= 2));
	/* The flag "deliver error code" (11), and the error code's 16 bits. */
	demand(oracle, ID_INJ_ERRCODE_FLAG, oracle->event, flag_right(oracle, bit(event, 11)));
	demand(oracle, ID_INJ_ERRCODE_VALUE, oracle->event && bit(event, 11),
	        bits(value_of(oracle, VM_ENTRY_EXCEPTION_ERROR_CODE), 31, 16) == 0);
	/* Bits 30:12 are reserved, but for 13 with FRED. */
	demand(oracle, ID_INJ_RSVD, oracle->event,
	        bit(event, 12) == 0 && (!bit(event, 13) || fred_exists) &&
	                bits(event, 30, 14) == 0);
	/* Software interrupts and exceptions (4, 5, 6) have a length of 1 to 15; 0 where bit 30 of
	 * IA32_VMX_MISC says so. */
	demand(oracle, ID_INJ_ILEN, oracle->event && type >= 4 && type <= 6,
	        length <= 15 && (length != 0 || bit(oracle->processor->vmx_misc, 30)));
}

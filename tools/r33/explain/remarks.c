/*
 * How what was found fits the exit reason, the exit qualification and the VM-instruction error: what
 * they say, what they narrow down, what contradicts what.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include <r33/vmcs_fields.h>

#include "input.h"

enum {
	MACHINE_CHECK_REASON = 41,
	QUALIFICATION_PDPTES = 2,
	QUALIFICATION_NMI = 3,
	QUALIFICATION_LINK_POINTER = 4,
};

/* Add a sentence; what finds no place is left out. */
static void __attribute__((format(printf, 2, 3)))
remark(struct explanation *explanation, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	if (explanation->remark_count == REMARK_LIMIT)
		return;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0)
		explanation->remarks[explanation->remark_count++] = text;
	va_end(arguments);
}

/* What the exit reason or the VM-instruction error says. */
static void
remark_end(struct explanation *explanation)
{
	const struct dump *dump = explanation->dump;
	uint32_t reason = dump->exit_reason & UINT16_MAX;

	switch (explanation->end) {
	case END_OTHER_FAILURE:
		remark(explanation,
		        reason == MACHINE_CHECK_REASON
		                ? "Exit reason %u is a machine check during VM entry: the hardware "
		                  "failed, not the guest state."
		                : "Exit reason %u with bit 31 is not a VM-entry failure that the "
		                  "SDM defines.",
		        reason);
		break;
	case END_HOST_STATE:
		remark(explanation,
		        "The rules here cover the guest state and the controls; the host state "
		        "(SDM 3C 27.2.2 to 27.2.4) is the hypervisor's own and is not judged.");
		break;
	case END_CONTROL:
	case END_INSTRUCTION:
		remark(explanation, "VM-instruction error %" PRIu32 ": %s.",
		        dump->vm_instruction_error,
		        explain_instruction_error(dump->vm_instruction_error));
		break;
	case END_EXIT:
		remark(explanation,
		        "The exit reason, 0x%" PRIx32 " (%u), is that of an ordinary VM exit: the "
		        "VM entry before it succeeded.%s",
		        dump->exit_reason, reason,
		        dump->format == DUMP_KVM
		                ? " KVM also prints a dump if VMLAUNCH or VMRESUME itself failed; "
		                  "this exit reason is then an older one. QEMU's \"hardware "
		                  "error\" shows which it was."
		                : "");
		break;
	default: break;
	}
}

/* What fits the end of the entry, and what contradicts it. */
static void
remark_contradictions(struct explanation *explanation)
{
	size_t guest = explanation->violated[INVALID_GUEST_STATE];
	size_t controls = explanation->violated[VMFAIL_CONTROL];
	size_t msrs = explanation->violated[MSR_LOAD_FAILS];
	bool may_be_vmfail = explanation->dump->format == DUMP_KVM;

	switch (explanation->end) {
	case END_EXIT:
		if (guest + msrs > 0 || (controls > 0 && !may_be_vmfail))
			remark(explanation,
			        "So the VM entry succeeded with a state that no VM entry accepts: "
			        "either the exit reason or the state is stale, or fields were "
			        "changed after the exit.");
		break;
	case END_GUEST_STATE:
		if (controls > 0)
			remark(explanation,
			        "The processor checks the guest state only if the controls are "
			        "valid: the violated rules on controls contradict exit reason 33. "
			        "Either it is stale, or controls were changed after the entry.");
		if (msrs > 0)
			remark(explanation, "MSRs are loaded once the guest state has been found "
			                    "valid: exit reason 34 would be next.");
		break;
	case END_MSR_LOADING:
		if (guest + controls > 0)
			remark(explanation,
			        "The processor loads MSRs only if controls and guest state are "
			        "valid: the violated rules on these contradict exit reason 34. "
			        "Either it is stale, or fields were changed after the entry.");
		break;
	case END_CONTROL:
	case END_HOST_STATE:
	case END_INSTRUCTION:
		if (guest > 0)
			remark(explanation, "The processor did not get as far as the guest state, "
			                    "which would fail next.");
		break;
	case END_UNKNOWN:
		if (controls > 0 && guest > 0)
			remark(explanation,
			        "The processor checks the controls first: VMLAUNCH or VMRESUME "
			        "fails with VM-instruction error 7. Once that is repaired, exit "
			        "reason 33 follows.");
		break;
	default: break;
	}
}

/* How many violated rules have the qualification of the dump? */
static size_t
count_with_qualification(const struct explanation *explanation)
{
	size_t count = 0;

	for (size_t i = 0; i < explanation->violation_count; i++) {
		const struct rule_violation *violation = &explanation->violations[i];

		count += violation->rule->outcome == INVALID_GUEST_STATE &&
		         rule_qualification(violation) == explanation->dump->exit_qualification;
	}
	return count;
}

/* What the exit qualification of exit reason 33 says. */
static void
remark_qualification(struct explanation *explanation)
{
	static const char *const meanings[] = {
		[QUALIFICATION_PDPTES] = "loading the PDPTEs failed",
		[QUALIFICATION_NMI] = "an NMI was to be injected while STI blocks events",
		[QUALIFICATION_LINK_POINTER] = "the VMCS link pointer is invalid",
	};
	uint64_t qualification = explanation->dump->exit_qualification;
	size_t pointed_at = count_with_qualification(explanation);

	if (!explanation->dump->has_qualification || explanation->end != END_GUEST_STATE)
		return;
	if (qualification >= QUALIFICATION_PDPTES && qualification <= QUALIFICATION_LINK_POINTER)
		remark(explanation, "Exit qualification %" PRIu64 " narrows it down: %s. %s",
		        qualification, meanings[qualification],
		        pointed_at ? "The rules about that come first below."
		                   : "But nothing in this dump violates a rule about that.");
	else if (qualification != 0)
		remark(explanation,
		        "Exit qualification 0x%" PRIx64 " is not one that the SDM defines for exit "
		        "reason 33 (0, 2, 3 and 4).",
		        qualification);
	else if (explanation->violated[INVALID_GUEST_STATE] > 0 && pointed_at == 0 &&
	         explanation->violations[0].rule->qualification != QUALIFICATION_NMI)
		remark(explanation,
		        "But exit qualification 0 says that the processor found something other "
		        "than this: PDPTEs have qualification 2, the VMCS link pointer has 4.");
}

/* Which entry of the MSR-load area failed. */
static void
remark_msr_loading(struct explanation *explanation)
{
	const struct dump *dump = explanation->dump;

	if (explanation->end != END_MSR_LOADING || !dump->has_qualification)
		return;
	for (size_t i = 0; i < dump->msr_load_count; i++) {
		const struct dump_msr *msr = &dump->msr_load[i];

		if ((uint64_t)msr->entry != dump->exit_qualification)
			continue;
		remark(explanation,
		        "The exit qualification names entry %d of the MSR-load area: MSR 0x%" PRIx32
		        ", value 0x%" PRIx64
		        ". The processor refused it as WRMSR would: either it lacks the MSR, "
		        "or the value sets reserved bits.",
		        msr->entry, msr->index_number, msr->value);
		return;
	}
	remark(explanation,
	        "The exit qualification names entry %" PRIu64
	        " of the MSR-load area, which is not in this dump.",
	        dump->exit_qualification);
}

/* The classic among QEMU's dumps: the state is that after reset, but for an odd EIP. */
static void
remark_cut_rip(struct explanation *explanation)
{
	const struct dump *dump = explanation->dump;
	const uint64_t *rip = dump_value(dump, GUEST_RIP), *cr0 = dump_value(dump, GUEST_CR0);
	const uint64_t *cs_base = dump_value(dump, GUEST_CS_BASE);

	if (dump->truncated_addresses && rip && cr0 && cs_base && !(*cr0 & 1) &&
	        *cs_base == 0xffff0000 && *rip > UINT16_MAX)
		remark(explanation,
		        "The state is that after reset, but EIP is 0x%" PRIx64
		        ", which no real-mode guest has: probably the lower half of a 64-bit RIP "
		        "whose upper half is not 0 (RIP-HI-32). That happens when KVM_SET_REGS "
		        "succeeded and KVM_SET_SREGS failed, so that new registers met an old "
		        "mode.",
		        *rip);
}

void
explain_add_remarks(struct explanation *explanation)
{
	remark_end(explanation);
	remark_contradictions(explanation);
	remark_qualification(explanation);
	remark_msr_loading(explanation);
	remark_cut_rip(explanation);
}

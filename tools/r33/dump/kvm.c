/*
 * Linux KVM's dump of the VMCS, from "*** Guest State ***" to the end of the control state.  Xen
 * took the same order and mostly the same words: what both print is here, what only Xen prints
 * is in xen.c.
 *
 * The host state in the middle has labels that the guest state has too: it is left out.
 */
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "base/util.h"
#include "parse.h"

enum {
	SILENT_LINES = 300, /* without anything known: the dump is over */
	FIRST_CONTROLS = 3, /* of the control patterns */
};

/* clang-format off: one line of the dump a line */
#define SEGMENT(label, name) \
	{ \
		label " : sel = %x4 , attr = %x5-8 , limit = %x8 , base = %x16", \
		{ \
			GUEST_##name##_SELECTOR, GUEST_##name##_ACCESS_RIGHTS, \
			        GUEST_##name##_LIMIT, GUEST_##name##_BASE \
		} \
	}

static const struct dump_pattern guest_patterns[] = {
	{ "CR0 : actual = %x16 , shadow = %x16 , gh_mask = %16",
	        { GUEST_CR0, CR0_READ_SHADOW, CR0_GUEST_HOST_MASK } },
	{ "CR4 : actual = %x16 , shadow = %x16 , gh_mask = %16",
	        { GUEST_CR4, CR4_READ_SHADOW, CR4_GUEST_HOST_MASK } },
	{ "CR3 = %x16", { GUEST_CR3 } },
	{ "PDPTR0 = %x16", { GUEST_PDPTE0 } },
	{ "PDPTR1 = %x16", { GUEST_PDPTE1 } },
	{ "PDPTR2 = %x16", { GUEST_PDPTE2 } },
	{ "PDPTR3 = %x16", { GUEST_PDPTE3 } },
	{ "Sysenter RSP = %16 CS : RIP = %4-8 : %16",
	        { GUEST_IA32_SYSENTER_ESP, GUEST_IA32_SYSENTER_CS, GUEST_IA32_SYSENTER_EIP } },
	{ "RSP = %x16", { GUEST_RSP } },
	{ "RIP = %x16", { GUEST_RIP } },
	{ "RFLAGS = %x8-16", { GUEST_RFLAGS } },
	{ "DR7 = %x16", { GUEST_DR7 } },
	SEGMENT("CS", CS),
	SEGMENT("DS", DS),
	SEGMENT("SS", SS),
	SEGMENT("ES", ES),
	SEGMENT("FS", FS),
	SEGMENT("GS", GS),
	SEGMENT("LDTR", LDTR),
	SEGMENT("TR", TR),
	{ "GDTR : limit = %x8 , base = %x16", { GUEST_GDTR_LIMIT, GUEST_GDTR_BASE } },
	{ "IDTR : limit = %x8 , base = %x16", { GUEST_IDTR_LIMIT, GUEST_IDTR_BASE } },
	{ "PAT = %x16", { GUEST_IA32_PAT } },
	{ "DebugCtl = %x16", { GUEST_IA32_DEBUGCTL } },
	{ "DebugExceptions = %x16", { GUEST_PENDING_DEBUG_EXCEPTIONS } },
	{ "PerfGlobCtl = %x16", { GUEST_IA32_PERF_GLOBAL_CTRL } },
	{ "BndCfgS = %x16", { GUEST_IA32_BNDCFGS } },
	{ "Interruptibility = %8", { GUEST_INTERRUPTIBILITY_STATE } },
	{ "ActivityState = %8", { GUEST_ACTIVITY_STATE } },
	{ "InterruptStatus = %4", { GUEST_INTERRUPT_STATUS } },
	{ "S_CET = %x16", { GUEST_IA32_S_CET } },
	{ "SSP = %x16", { GUEST_SSP } },
	{ "SSP TABLE = %x16", { GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR } },
};

/* The first ones begin the control state, where its heading got lost. */
static const struct dump_pattern control_patterns[] = {
	{ "PinBased = %?8", { PIN_BASED_VM_EXECUTION_CONTROLS } },
	{ "CPUBased = %?8", { PRIMARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS } },
	{ "EntryControls = %?8", { VM_ENTRY_CONTROLS } },
	{ "SecondaryExec = %?8", { SECONDARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS } },
	{ "TertiaryExec = %?16", { TERTIARY_PROCESSOR_BASED_VM_EXECUTION_CONTROLS } },
	{ "ExitControls = %?8", { VM_EXIT_CONTROLS } },
	{ "ExceptionBitmap = %8", { EXCEPTION_BITMAP } },
	{ "PFECmask = %8", { PAGE_FAULT_ERROR_CODE_MASK } },
	{ "PFECmatch = %8", { PAGE_FAULT_ERROR_CODE_MATCH } },
	{ "VMEntry : intr_info = %8 errcode = %8 ilen = %8",
	        { VM_ENTRY_INTERRUPTION_INFORMATION, VM_ENTRY_EXCEPTION_ERROR_CODE,
	                VM_ENTRY_INSTRUCTION_LENGTH } },
	{ "VMExit : intr_info = %8 errcode = %8 ilen = %8",
	        { VM_EXIT_INTERRUPTION_INFORMATION, VM_EXIT_INTERRUPTION_ERROR_CODE,
	                VM_EXIT_INSTRUCTION_LENGTH } },
	{ "IDTVectoring : info = %8 errcode = %8",
	        { IDT_VECTORING_INFORMATION, IDT_VECTORING_ERROR_CODE } },
	{ "TSC Offset = %x16", { TSC_OFFSET } },
	{ "TSC Multiplier = %x16", { TSC_MULTIPLIER } },
	{ "TPR Threshold = %x2-8", { TPR_THRESHOLD } },
	{ "APIC-access addr = %x16", { APIC_ACCESS_ADDRESS } },
	{ "virt-APIC addr = %x16", { VIRTUAL_APIC_ADDRESS } },
	{ "PostedIntrVec = %x2-4", { POSTED_INTERRUPT_NOTIFICATION_VECTOR } },
	{ "EPT pointer = %x16", { EPT_POINTER } },
	{ "CR3 target0 = %16", { CR3_TARGET_VALUE0 } },
	{ "target1 = %16", { CR3_TARGET_VALUE1 } },
	{ "CR3 target2 = %16", { CR3_TARGET_VALUE2 } },
	{ "target3 = %16", { CR3_TARGET_VALUE3 } },
	{ "PLE Gap = %8 Window = %8", { PLE_GAP, PLE_WINDOW } },
	{ "Virtual processor ID = %x4", { VIRTUAL_PROCESSOR_ID } },
};

/* Other lines of a log have reasons, too: only the whole of it. */
static const struct dump_pattern exit_pattern = { "reason = %8 qualification = %16",
	{ EXIT_REASON, EXIT_QUALIFICATION } };
/* clang-format on */

/* Does any of the patterns come next? */
static bool
match_any(struct dump_parser *parser, const struct dump_pattern *patterns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (dump_match(parser, parser->vmcs, &patterns[i], false))
			return true;
	}
	return false;
}

/* What follows the value of EFER. */
enum efer_origin { EFER_FIELD, EFER_ELSEWHERE, EFER_UNKNOWN };

/*
 * KVM says in brackets when the value is not that of the VMCS.  Where the input ends before the
 * brackets could be there is not known; brackets in another line are those of a prefix.
 */
static enum efer_origin
efer_origin(struct dump_scanner *behind)
{
	struct dump_scanner ahead = *behind;
	int line = behind->line;
	struct dump_token bracket = dump_next(&ahead);
	struct dump_token word;

	if (dump_words(behind, "( autoload )") || dump_words(behind, "( effective )"))
		return EFER_ELSEWHERE;
	if (bracket.length == 0)
		return EFER_UNKNOWN;
	if (!dump_token_is(&bracket, "("))
		return EFER_FIELD;
	word = dump_next(&ahead);
	return bracket.line == line || word.length == 0 || word.at_end ? EFER_UNKNOWN : EFER_FIELD;
}

/* EFER, if it is the VMCS field. */
static bool
match_efer(struct dump_parser *parser)
{
	static const struct dump_pattern pattern = { "EFER = %x16", { GUEST_IA32_EFER } };
	struct dump_scanner behind = parser->scanner;
	enum efer_origin origin;
	uint64_t value;

	if (!dump_words(&behind, "EFER ="))
		return false;
	if (!dump_hexadecimal(&behind, "%x16", &value))
		return dump_match(parser, parser->vmcs, &pattern, false);
	origin = efer_origin(&behind);
	if (origin == EFER_FIELD)
		return dump_match(parser, parser->vmcs, &pattern, false);
	if (origin == EFER_ELSEWHERE)
		dump_note(parser->vmcs,
		        "line %d: EFER is not the VMCS field but the value that the guest has: "
		        "this VM entry does not load IA32_EFER from the VMCS",
		        parser->scanner.line);
	else
		dump_note(parser->vmcs,
		        "line %d: the text after EFER is cut or unknown; EFER is ignored",
		        parser->scanner.line);
	parser->scanner = behind;
	return true;
}

/* "MSR guest autoload:" and its entries, "   0: msr=0x00000600 value=0x…". */
static bool
match_msr_load_list(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	struct dump_msr msr = { 0 };
	uint64_t number, index_number, value;

	if (dump_words(&ahead, "MSR guest autoload :") ||
	        dump_words(&ahead, "MSR guest autostore :")) {
		parser->in_msr_load_list = dump_words(&parser->scanner, "MSR guest autoload :");
		parser->scanner = ahead;
		return true;
	}
	if (!parser->in_msr_load_list || !dump_decimal(&ahead, &number) ||
	        number >= DUMP_LIST_LIMIT || !dump_words(&ahead, ": msr =") ||
	        !dump_hexadecimal(&ahead, "%x8", &index_number) || !dump_words(&ahead, "value =") ||
	        !dump_hexadecimal(&ahead, "%x16", &value))
		return false;
	msr.entry = (int)number + 1;
	msr.index_number = (uint32_t)index_number;
	msr.value = value;
	dump_add_msr(parser->vmcs, &msr, ahead.line);
	parser->scanner = ahead;
	return true;
}

/* Close the open dump, and say what is missing in it. */
void
dump_kvm_end(struct dump_parser *parser)
{
	struct dump *dump = parser->vmcs;

	parser->vmcs = NULL;
	if (!dump)
		return;
	if (!dump_value(dump, VM_ENTRY_CONTROLS))
		dump_note(dump, "the dump ends before its control state: VM-entry controls and "
		                "event injection are unknown");
	else if (!dump->has_exit_reason)
		dump_note(dump, "the dump ends before its exit reason");
}

/* A dump begins here. */
static void
begin(struct dump_parser *parser, int line)
{
	parser->close[KIND_VMCS](parser);
	parser->close[KIND_R33](parser);
	parser->vmcs = dump_begin(parser, dump_is_xen(parser, line) ? DUMP_XEN : DUMP_KVM, line);
	parser->section = SECTION_GUEST;
	parser->in_msr_load_list = false;
	if (parser->vmcs)
		dump_announced(parser->vmcs, &parser->vmcs_next, line);
}

/* "VMCS 00000000336523a9, last attempted VM-entry on CPU 8" is a title of the next dump. */
static bool
match_title(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	struct dump_token name;
	uint64_t processor;

	if (!dump_words(&ahead, "VMCS"))
		return false;
	name = dump_next(&ahead);
	if (name.length == 0 || name.length > 18 ||
	        !dump_words(&ahead, ", last attempted VM-entry on CPU") ||
	        !dump_decimal(&ahead, &processor))
		return false;
	dump_forget(&parser->vmcs_next);
	parser->vmcs_next.line = parser->scanner.line;
	parser->vmcs_next.title =
	        new_string("VMCS %.*s on CPU %d", (int)name.length, name.text, (int)processor);
	parser->scanner = ahead;
	return true;
}

/* The lines between the parts, and those that begin a dump. */
static bool
match_section(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	struct dump_token token = dump_next(&ahead);

	if (dump_token_is(&token, "*") && dump_words(&ahead, "Guest State *")) {
		begin(parser, token.line);
	} else if (parser->vmcs && dump_token_is(&token, "*") &&
	           dump_words(&ahead, "Host State *")) {
		parser->section = SECTION_HOST;
	} else if (parser->vmcs && dump_token_is(&token, "*") &&
	           dump_words(&ahead, "Control State *")) {
		parser->section = SECTION_CONTROL;
	} else if (parser->vmcs && parser->section == SECTION_GUEST &&
	           dump_token_is(&token, "FSBase") && dump_words(&ahead, "=")) {
		parser->section = SECTION_HOST; /* its heading got lost */
	} else if ((!parser->vmcs || parser->section == SECTION_CONTROL) &&
	           dump_token_is(&token, "CR0") && dump_words(&ahead, ": actual =")) {
		begin(parser, token.line); /* its heading got lost */
		return false;
	} else {
		return false;
	}
	parser->scanner = ahead;
	return true;
}

/* Take what comes next, if it belongs to a dump of KVM or to what Xen prints alike. */
bool
dump_kvm(struct dump_parser *parser)
{
	if (match_section(parser) || match_title(parser))
		return true;
	if (!parser->vmcs)
		return false;
	if (parser->scanner.line - parser->vmcs->last_line > SILENT_LINES) {
		parser->close[KIND_VMCS](parser);
		return false;
	}
	if (parser->section == SECTION_GUEST &&
	        (match_efer(parser) || match_msr_load_list(parser) ||
	                match_any(parser, guest_patterns, COUNT(guest_patterns))))
		return true;
	if (parser->section == SECTION_CONTROL)
		return dump_match(parser, parser->vmcs, &exit_pattern, true) ||
		       match_any(parser, control_patterns, COUNT(control_patterns));
	if (!match_any(parser, control_patterns, FIRST_CONTROLS))
		return false;
	parser->section = SECTION_CONTROL;
	return true;
}

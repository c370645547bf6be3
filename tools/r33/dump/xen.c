/*
 * What only Xen prints: the segments as a table, the EFER with its origin, and before the dump
 * how the VM entry failed.  What follows a dump (the registers of domain_crash) is Xen's view of
 * the guest and no VMCS: it has other labels.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "base/util.h"
#include "parse.h"

enum { LONGEST_FRAME_PART = 30 }; /* a longer row of stars closes the frame around a dump */

/* clang-format off: one line of the dump a line */
#define SEGMENT(label, name) \
	{ \
		label " : %4 %5-8 %8 %16", \
		{ \
			GUEST_##name##_SELECTOR, GUEST_##name##_ACCESS_RIGHTS, \
			        GUEST_##name##_LIMIT, GUEST_##name##_BASE \
		} \
	}

/* Their labels are short: only a whole row is one. */
static const struct dump_pattern rows[] = {
	SEGMENT("CS", CS),
	SEGMENT("DS", DS),
	SEGMENT("SS", SS),
	SEGMENT("ES", ES),
	SEGMENT("FS", FS),
	SEGMENT("GS", GS),
	SEGMENT("LDTR", LDTR),
	SEGMENT("TR", TR),
	{ "GDTR : %8 %16", { GUEST_GDTR_LIMIT, GUEST_GDTR_BASE } },
	{ "IDTR : %8 %16", { GUEST_IDTR_LIMIT, GUEST_IDTR_BASE } },
};

static const struct dump_pattern patterns[] = {
	{ "PDPTE0 = %x16", { GUEST_PDPTE0 } },
	{ "PDPTE1 = %x16", { GUEST_PDPTE1 } },
	{ "PDPTE2 = %x16", { GUEST_PDPTE2 } },
	{ "PDPTE3 = %x16", { GUEST_PDPTE3 } },
	{ "EFER ( VMCS ) = %x16", { GUEST_IA32_EFER } },
	{ "PreemptionTimer = %x8", { VMX_PREEMPTION_TIMER_VALUE } },
	{ "SM Base = %x8", { GUEST_SMBASE } },
};

static const struct dump_pattern control_patterns[] = {
	{ "EPTP index = %x4", { EPTP_INDEX } },
	{ "VMfunc controls = %16", { VM_FUNCTION_CONTROLS } },
};
/* clang-format on */

/* Is a dump that begins in this line one of Xen's? */
bool
dump_is_xen(const struct dump_parser *parser, int line)
{
	return parser->xen_line != 0 && line - parser->xen_line <= 2;
}

/* "d12v0" at the scanner becomes the title of the next dump. */
static bool
match_vcpu(struct dump_scanner *scanner, char **title)
{
	struct dump_scanner ahead = *scanner;
	struct dump_token token = dump_next(&ahead);
	size_t i = 1;

	if (token.length < 4 || token.length > 24 || token.text[0] != 'd')
		return false;
	while (i < token.length && token.text[i] >= '0' && token.text[i] <= '9')
		i++;
	if (i == 1 || i + 1 >= token.length || token.text[i] != 'v')
		return false;
	for (i++; i < token.length; i++) {
		if (token.text[i] < '0' || token.text[i] > '9')
			return false;
	}
	*title = copy_bytes(token.text, token.length);
	*scanner = ahead;
	return true;
}

/* Why the VM entry failed, after the exit reason: it has the exit qualification. */
static void
match_cause(struct dump_scanner *scanner, struct dump_announcement *next)
{
	struct dump_scanner ahead = *scanner;
	uint64_t number;

	if (dump_words(&ahead, ": Invalid guest state (") ||
	        dump_words(&ahead, "caused by invalid guest state (")) {
		if (!dump_decimal(&ahead, &number) || !dump_words(&ahead, ")"))
			return;
	} else if (dump_words(&ahead, ": MSR loading ( entry")) {
		if (!dump_decimal(&ahead, &number) || !dump_words(&ahead, ")"))
			return;
		number++; /* Xen counts from 0, the exit qualification from 1 */
	} else if (dump_words(&ahead, "caused by MSR entry")) {
		if (!dump_decimal(&ahead, &number) || !dump_words(&ahead, "loading."))
			return;
	} else {
		return;
	}
	next->has_qualification = true;
	next->exit_qualification = number;
	*scanner = ahead;
}

/* "d12v0 vmentry failure (reason 0x80000021): Invalid guest state (0)" and its relatives. */
static bool
match_failure(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	struct dump_announcement next = { .line = ahead.line };
	bool has_title = match_vcpu(&ahead, &next.title);

	if ((has_title && dump_words(&ahead, "vmentry failure ( reason")) ||
	        dump_words(&ahead, "Failed vm entry ( exit reason")) {
		next.has_exit_reason = dump_hexadecimal(&ahead, "%?1-8", &next.exit_reason) &&
		                       dump_words(&ahead, ")");
		match_cause(&ahead, &next);
	} else if (has_title && (dump_words(&ahead, "VMLAUNCH error :") ||
	                                dump_words(&ahead, "VMRESUME error :"))) {
		next.has_instruction_error =
		        dump_hexadecimal(&ahead, "%?1-8", &next.vm_instruction_error);
		next.note = copy_string("the VM entry failed with a VM-instruction error: the exit "
		                        "reason in the dump is that of an earlier VM exit");
	} else {
		free(next.title);
		return false;
	}
	dump_forget(&parser->vmcs_next);
	parser->vmcs_next = next;
	parser->by_key = false;
	parser->xen_line = ahead.line;
	parser->scanner = ahead;
	return true;
}

/* "msr 000001dd val 00000000fffff000 (mbz 0)": the entry that could not be loaded. */
static bool
match_msr(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	struct dump_announcement *next = &parser->vmcs_next;
	uint64_t index_number, value, reserved;

	if (next->line == 0 || !next->has_qualification || next->msr.entry != 0 ||
	        next->exit_qualification == 0 || next->exit_qualification > DUMP_LIST_LIMIT ||
	        !dump_words(&ahead, "msr") || !dump_hexadecimal(&ahead, "%8", &index_number) ||
	        !dump_words(&ahead, "val") || !dump_hexadecimal(&ahead, "%16", &value) ||
	        !dump_words(&ahead, "( mbz") || !dump_hexadecimal(&ahead, "%?1-8", &reserved))
		return false;
	next->msr = (struct dump_msr){ .entry = (int)next->exit_qualification,
		.index_number = (uint32_t)index_number,
		.reserved = (uint32_t)reserved,
		.value = value };
	parser->scanner = ahead;
	return true;
}

/* "Domain 3 <<<" and "VCPU 0", which the debug key prints before the dumps. */
static bool
match_key(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	uint64_t number;

	if (dump_words(&ahead, "Domain") && dump_decimal(&ahead, &number) &&
	        dump_words(&ahead, "<<<")) {
		parser->by_key = true;
		parser->key_domain = (int)number;
		parser->scanner = ahead;
		return true;
	}
	ahead = parser->scanner;
	if (!parser->by_key || !dump_words(&ahead, "VCPU") || !dump_decimal(&ahead, &number))
		return false;
	dump_forget(&parser->vmcs_next);
	parser->vmcs_next = (struct dump_announcement){
		.line = parser->scanner.line,
		.title = new_string("d%dv%d", parser->key_domain, (int)number),
		.note = copy_string("Xen's debug key v printed this: no VM entry failed here"),
	};
	parser->xen_line = ahead.line;
	parser->scanner = ahead;
	return true;
}

/* "EFER(MSR LL)" comes from the MSR-load list: no VMCS field. */
static bool
match_efer_of_list(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	uint64_t value;

	if (!dump_words(&ahead, "EFER ( MSR LL ) ="))
		return false;
	(void)dump_hexadecimal(&ahead, "%x16", &value);
	dump_note(parser->vmcs,
	        "line %d: EFER is not the VMCS field; it is loaded from the MSR-load list",
	        parser->scanner.line);
	parser->scanner = ahead;
	return true;
}

/* A line of a dump that KVM does not have. */
static bool
match_line(struct dump_parser *parser)
{
	for (size_t i = 0; parser->section == SECTION_GUEST && i < COUNT(rows); i++) {
		if (dump_match(parser, parser->vmcs, &rows[i], true))
			return true;
	}
	for (size_t i = 0; parser->section == SECTION_GUEST && i < COUNT(patterns); i++) {
		if (dump_match(parser, parser->vmcs, &patterns[i], false))
			return true;
	}
	for (size_t i = 0; i < COUNT(control_patterns); i++) {
		if (dump_match(parser, parser->vmcs, &control_patterns[i], false))
			return true;
	}
	return parser->section == SECTION_GUEST && match_efer_of_list(parser);
}

/* Take what comes next, if only Xen prints it. */
bool
dump_xen(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	struct dump_token token = dump_next(&ahead);

	if (dump_words(&parser->scanner, "( XEN )")) {
		parser->xen_line = token.line;
		return true;
	}
	if (dump_token_is(&token, "*") &&
	        (dump_words(&ahead, "VMCS Area *") || dump_words(&ahead, "VMCS Areas *"))) {
		parser->xen_line = ahead.line;
		parser->scanner = ahead;
		return true;
	}
	if (match_failure(parser) || match_msr(parser) || match_key(parser))
		return true;
	if (!parser->vmcs)
		return false;
	if (dump_token_is(&token, "*") && token.length >= LONGEST_FRAME_PART &&
	        parser->section == SECTION_CONTROL) {
		parser->close[KIND_VMCS](parser);
		parser->scanner = ahead;
		return true;
	}
	if (!match_line(parser))
		return false;
	parser->vmcs->format = DUMP_XEN;
	return true;
}

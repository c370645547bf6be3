/*
 * QEMU's register dump, as it follows "KVM: entry failed, hardware error 0x…".
 *
 * It is not a VMCS: segments are printed as descriptors, control registers as the guest sees them,
 * and while the guest runs 32-bit code all addresses are cut to 32 bits.  What the VMCS had is
 * worked out as far as it can be; flags say what cannot.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/msr.h>
#include <r33/rflags.h>
#include <r33/segments.h>
#include <r33/vmcs_fields.h>

#include "base/util.h"
#include "parse.h"

enum {
	SILENT_LINES = 100, /* without a register: the dump is over */
	DESCRIPTOR_ATTRIBUTES = 0xf0ff,
	DATA_SEGMENT_OF_PRIVILEGE_3 = 0xf3, /* what virtual-8086 mode needs in every segment */
};

/* clang-format off: one line of the dump a line */
#define SEGMENT(label, name) \
	{ \
		label " = %4 %8|16 %8 %8", \
		{ \
			GUEST_##name##_SELECTOR, GUEST_##name##_BASE, GUEST_##name##_LIMIT, \
			        GUEST_##name##_ACCESS_RIGHTS \
		} \
	}

static const struct dump_pattern instruction_pointers[] = {
	{ "EIP = %8 EFL = %8", { GUEST_RIP, GUEST_RFLAGS } },
	{ "RIP = %16 RFL = %8", { GUEST_RIP, GUEST_RFLAGS } },
};

static const struct dump_pattern patterns[] = {
	{ "ESI = %8 EDI = %8 EBP = %8 ESP = %8",
	        { DUMP_IGNORE, DUMP_IGNORE, DUMP_IGNORE, GUEST_RSP } },
	{ "RSI = %16 RDI = %16 RBP = %16 RSP = %16",
	        { DUMP_IGNORE, DUMP_IGNORE, DUMP_IGNORE, GUEST_RSP } },
	SEGMENT("ES", ES),
	SEGMENT("CS", CS),
	SEGMENT("SS", SS),
	SEGMENT("DS", DS),
	SEGMENT("FS", FS),
	SEGMENT("GS", GS),
	SEGMENT("LDT", LDTR),
	SEGMENT("TR", TR),
	{ "GDT = %8|16 %8", { GUEST_GDTR_BASE, GUEST_GDTR_LIMIT } },
	{ "IDT = %8|16 %8", { GUEST_IDTR_BASE, GUEST_IDTR_LIMIT } },
	{ "CR0 = %8 CR2 = %8|16 CR3 = %8|16 CR4 = %8",
	        { GUEST_CR0, DUMP_IGNORE, GUEST_CR3, GUEST_CR4 } },
	{ "DR6 = %8|16 DR7 = %8|16", { DUMP_IGNORE, GUEST_DR7 } },
	{ "EFER = %16", { GUEST_IA32_EFER } },
};
/* clang-format on */

/* The fields that hold descriptor words while the dump is read. */
static const struct {
	uint32_t field;
	bool may_be_unusable; /* a segment that is not present then is unusable */
} access_rights[] = {
	{ GUEST_ES_ACCESS_RIGHTS, true },
	{ GUEST_CS_ACCESS_RIGHTS, false },
	{ GUEST_SS_ACCESS_RIGHTS, true },
	{ GUEST_DS_ACCESS_RIGHTS, true },
	{ GUEST_FS_ACCESS_RIGHTS, true },
	{ GUEST_GS_ACCESS_RIGHTS, true },
	{ GUEST_LDTR_ACCESS_RIGHTS, true },
	{ GUEST_TR_ACCESS_RIGHTS, false },
};

/* Descriptor words become access rights of the VMCS. */
static void
convert_descriptors(struct dump *dump)
{
	for (size_t i = 0; i < COUNT(access_rights); i++) {
		for (size_t j = 0; j < dump->field_count; j++) {
			uint64_t *value = &dump->fields[j].value;

			if (dump->fields[j].field != access_rights[i].field)
				continue;
			*value = *value >> 8 & DESCRIPTOR_ATTRIBUTES;
			if (access_rights[i].may_be_unusable && !(*value & RIGHTS_P))
				*value |= RIGHTS_UNUSABLE;
		}
	}
}

/* The segment's access rights are those of virtual-8086 mode. */
static bool
is_virtual_8086_segment(const struct dump *dump, uint32_t field)
{
	const uint64_t *value = dump_value(dump, field);

	return value && (*value & 0xff) == DATA_SEGMENT_OF_PRIVILEGE_3;
}

/* Close the open dump; all of it is known now. */
void
dump_qemu_end(struct dump_parser *parser)
{
	struct dump *dump = parser->qemu;
	const uint64_t *efer, *rflags;

	parser->qemu = NULL;
	if (!dump)
		return;
	convert_descriptors(dump);
	dump->guest_view_of_control_registers = true;
	efer = dump_value(dump, GUEST_IA32_EFER);
	rflags = dump_value(dump, GUEST_RFLAGS);
	if (efer) {
		dump->derived_ia32e_mode = true;
		dump->ia32e_mode = *efer & EFER_LMA;
	} else {
		dump_note(dump, "the register dump ends before EFER");
	}
	dump->real_mode_as_virtual_8086 = is_virtual_8086_segment(dump, GUEST_CS_ACCESS_RIGHTS) &&
	                                  is_virtual_8086_segment(dump, GUEST_SS_ACCESS_RIGHTS) &&
	                                  rflags && !(*rflags & RFLAGS_VM);
	if (dump->real_mode_as_virtual_8086)
		dump_note(dump, "the guest was in real mode, and KVM ran it in virtual-8086 mode: "
		                "QEMU shows the segments of the latter and the flags of the "
		                "former");
	if (dump->truncated_addresses)
		dump_note(dump, "QEMU cut RIP, RSP and the bases to 32 bits: violations in their "
		                "upper halves cannot be seen");
}

/* A dump begins. */
static void
begin(struct dump_parser *parser, int line)
{
	parser->close[KIND_QEMU](parser);
	parser->close[KIND_R33](parser);
	parser->qemu = dump_begin(parser, DUMP_QEMU, line);
	if (parser->qemu)
		dump_announced(parser->qemu, &parser->qemu_next, line);
}

/* The first line of a dump: the first registers, or, if it is missing, the instruction pointer. */
static bool
match_begin(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	uint64_t value;

	if ((dump_words(&ahead, "EAX =") && dump_hexadecimal(&ahead, "%8", &value) &&
	            dump_words(&ahead, "EBX =")) ||
	        (dump_words(&ahead, "RAX =") && dump_hexadecimal(&ahead, "%16", &value) &&
	                dump_words(&ahead, "RBX ="))) {
		begin(parser, parser->scanner.line);
		parser->scanner = ahead;
		return true;
	}
	return false;
}

/* "EIP=… EFL=…" or "RIP=… RFL=…": how it is printed says how the others are. */
static bool
match_instruction_pointer(struct dump_parser *parser)
{
	for (int i = 0; i < 2; i++) {
		if (!dump_comes(&parser->scanner, &instruction_pointers[i]))
			continue;
		/* Without the registers that come before it, it is the first line. */
		if (!parser->qemu || dump_value(parser->qemu, GUEST_RIP))
			begin(parser, parser->scanner.line);
		if (!parser->qemu)
			return false;
		parser->qemu->truncated_addresses = i == 0;
		return dump_match(parser, parser->qemu, &instruction_pointers[i], true);
	}
	return false;
}

/* Flags after the instruction pointer that the VMCS has in a field, but not in this form. */
static void
match_flags(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	uint64_t value;

	if (dump_words(&ahead, "II =") && dump_decimal(&ahead, &value) && value == 1)
		dump_note(parser->qemu,
		        "II=1: blocking by STI or by MOV SS; QEMU does not say which");
	ahead = parser->scanner;
	if (dump_words(&ahead, "SMM =") && dump_decimal(&ahead, &value) && value == 1)
		dump_note(parser->qemu, "SMM=1: the guest was in its system-management mode");
}

/* "KVM: entry failed, hardware error 0x80000021": what the next dump is of. */
static void
announce_failure(struct dump_announcement *next, uint64_t error)
{
	if (error == UINT32_MAX) {
		next->not_vmx = true;
		next->note = copy_string(
		        "hardware error 0xffffffff comes from an AMD processor: SVM has no VMCS");
	} else if (error >> 31 == 1) {
		next->has_exit_reason = true;
		next->exit_reason = error;
	} else if (error <= UINT8_MAX) {
		next->has_instruction_error = true;
		next->vm_instruction_error = error;
	} else {
		next->note = new_string("hardware error 0x%" PRIx64
		                        " is neither an exit reason nor a VM-instruction error",
		        error);
	}
}

/* What is said before a dump. */
static bool
match_announcement(struct dump_parser *parser)
{
	struct dump_scanner ahead = parser->scanner;
	struct dump_announcement next = { .line = ahead.line };
	uint64_t value;

	if (dump_words(&ahead, "entry failed , hardware error")) {
		parser->seen_entry_failed = true;
		if (!dump_hexadecimal(&ahead, "%x1-16", &value))
			return false;
		announce_failure(&next, value);
		parser->seen_svm |= next.not_vmx;
	} else if (dump_words(&ahead, "KVM internal error. Suberror :")) {
		if (!dump_decimal(&ahead, &value))
			return false;
		next.note =
		        new_string("QEMU printed this after a KVM internal error (suberror %d), "
		                   "not after a failed VM entry",
		                (int)value);
	} else if (dump_words(&ahead, "CPU #")) {
		if (!dump_decimal(&ahead, &value))
			return false;
		dump_forget(&parser->qemu_next);
		next.title = new_string("CPU %d", (int)value);
	} else {
		return false;
	}
	dump_forget(&parser->qemu_next);
	parser->qemu_next = next;
	parser->scanner = ahead;
	return true;
}

bool
dump_qemu(struct dump_parser *parser)
{
	if (match_announcement(parser) || match_begin(parser) || match_instruction_pointer(parser))
		return true;
	if (!parser->qemu)
		return false;
	if (parser->scanner.line - parser->qemu->last_line > SILENT_LINES) {
		parser->close[KIND_QEMU](parser);
		return false;
	}
	for (size_t i = 0; i < COUNT(patterns); i++) {
		if (dump_match(parser, parser->qemu, &patterns[i], true))
			return true;
	}
	match_flags(parser);
	if (dump_words(&parser->scanner, "Code =")) {
		parser->close[KIND_QEMU](parser);
		return true;
	}
	return false;
}

/* The explanation of a dump for people: the verdict, the violated rules, what could not be judged. */
#include <inttypes.h>
#include <stdlib.h>

#include <r33/vmcs_fields.h>

#include "base/util.h"
#include "base/wrap.h"
#include "explain.h"
#include "rules/terms.h"

enum { INDENT = 2, DECODED_BYTES = 500, MOST_VIOLATIONS = 40, MOST_ASSUMED = 6, MOST_FIELDS = 12 };

static const char *const format_names[] = {
	[DUMP_R33] = "Reason 33",
	[DUMP_KVM] = "Linux KVM",
	[DUMP_XEN] = "Xen",
	[DUMP_QEMU] = "QEMU",
};

/* " (line 12)", or nothing where the field has no line. */
static char *
line_text(const struct dump *dump, uint32_t field)
{
	int line = explain_line(dump, field);

	return line ? new_string(" (line %d)", line) : copy_string("");
}

/* "NAME = 0x… (line N): in words" */
static void
write_field(FILE *out, const struct dump *dump, const char *label, uint32_t field, uint64_t value)
{
	char decoded[DECODED_BYTES] = "";
	char *line = line_text(dump, field);
	const char *colon = "";

	/* Many controls are 1; which of them matters is said elsewhere. */
	if (vmcs_field_type(field) != VMCS_FIELD_CONTROL ||
	        field == VM_ENTRY_INTERRUPTION_INFORMATION)
		colon = vmcs_field_decode(decoded, sizeof(decoded), field, value) ? ": " : "";

	write_line(out, INDENT, label,
	        new_string("%s = 0x%" PRIx64 "%s%s%s", explain_field_name(field), value, line,
	                colon, decoded));
	free(line);
}

/* The entry of the MSR-load area that a rule is about. */
static void
write_msr(FILE *out, const struct dump *dump, unsigned index)
{
	for (size_t i = 0; i < dump->msr_load_count; i++) {
		const struct dump_msr *msr = &dump->msr_load[i];

		if (msr->entry != (int)index + 1)
			continue;
		write_line(out, INDENT, "entry",
		        new_string("%d of the VM-entry MSR-load area: MSR 0x%" PRIx32
		                   ", bits 63:32 0x%" PRIx32 ", value 0x%" PRIx64,
		                msr->entry, msr->index_number, msr->reserved, msr->value));
		return;
	}
	write_line(out, INDENT, "entry", new_string("%u of the VM-entry MSR-load area", index + 1));
}

/* The field at fault, and what else the rule looks at. */
static void
write_values(FILE *out, const struct dump *dump, const struct rule_violation *violation)
{
	const struct rule *rule = violation->rule;
	const uint64_t *value = dump_value(dump, violation->field);

	if (rule->outcome == MSR_LOAD_FAILS && rule->repeat == REPEAT_MSR_LOAD)
		write_msr(out, dump, violation->index);
	else if (value)
		write_field(out, dump, "field", violation->field, *value);
	else
		write_field(out, dump, "field", violation->field, violation->value);
	if (rule->looks_outside && rule->repeat != REPEAT_MSR_LOAD && value &&
	        *value != violation->value)
		write_line(out, INDENT, "memory",
		        new_string("0x%" PRIx64 " is there", violation->value));
	for (size_t i = 0; i < sizeof(rule->also) && rule->also[i]; i++) {
		uint32_t field = rule_field_encoding(rule->also[i]);

		value = dump_value(dump, field);
		if (value && field != violation->field)
			write_field(out, dump, "with", field, *value);
	}
}

/* One violated rule. */
static void
write_violation(FILE *out, const struct dump *dump, const struct rule_violation *violation)
{
	const struct rule *rule = violation->rule;
	char bits[DECODED_BYTES];
	char *conditions = rule_conditions(rule);

	fprintf(out, "\n%s: ", rule->id);
	write_clean(out, rule->message, 0);
	fputc('\n', out);
	write_values(out, dump, violation);
	vmcs_field_name_bits(bits, sizeof(bits), violation->field, violation->offending);
	write_labelled(out, INDENT, "at fault", bits);
	if (conditions)
		write_line(out, INDENT, "applies", new_string("because %s", conditions));
	write_labelled(out, INDENT, "legal", rule->legal);
	write_labelled(out, INDENT, "usually", rule->hint);
	write_line(out, INDENT, "SDM 3C", copy_string(rule->section));
	free(conditions);
}

/* Which outcome the unjudged rules must have to be of interest, given how the entry ended. */
static bool
is_of_interest(enum entry_end end, const struct rule *rule)
{
	switch (end) {
	case END_GUEST_STATE: return rule->outcome == INVALID_GUEST_STATE;
	case END_MSR_LOADING: return rule->outcome == MSR_LOAD_FAILS;
	case END_CONTROL: return rule->outcome == VMFAIL_CONTROL;
	default: return true;
	}
}

/* Do two rules go into one line?  In full: those that need the same fields. */
static bool
same_line(const struct unknown_rule *a, const struct unknown_rule *b, bool in_full)
{
	if (a->cause != b->cause || a->rule->outcome != b->rule->outcome ||
	        (in_full && a->field_count != b->field_count))
		return false;
	for (int i = 0; in_full && i < a->field_count; i++) {
		if (a->fields[i] != b->fields[i])
			return false;
	}
	return true;
}

/* Fields that are missing, each once. */
struct field_list {
	uint32_t fields[RULE_FIELD_COUNT];
	size_t count;
};

static void
add_fields(struct field_list *list, const struct unknown_rule *unknown)
{
	for (int i = 0; i < unknown->field_count; i++) {
		size_t at = 0;

		while (at < list->count && list->fields[at] != unknown->fields[i])
			at++;
		if (at == list->count && list->count < RULE_FIELD_COUNT)
			list->fields[list->count++] = unknown->fields[i];
	}
}

/* Their names, separated by commas. */
static char *
field_names(const struct field_list *list, bool in_full)
{
	size_t shown = in_full || list->count <= MOST_FIELDS ? list->count : MOST_FIELDS;
	char *text = copy_string("");

	for (size_t i = 0; i < shown; i++) {
		char *longer = new_string(
		        "%s%s%s", text, *text ? ", " : "", explain_field_name(list->fields[i]));

		free(text);
		text = longer;
	}
	if (shown < list->count) {
		char *longer = new_string("%s and %zu more", text, list->count - shown);

		free(text);
		text = longer;
	}
	return text;
}

/* The rules that go into one line with number `first`, unless an earlier one has them already. */
static void
write_unknown_line(FILE *out, const struct explanation *explanation, size_t first, bool in_full)
{
	static const char *const reasons[CAUSE_COUNT] = {
		[CAUSE_FIELDS] = "not in the dump: ",
		[CAUSE_MEMORY] = "memory that is not in the dump",
		[CAUSE_GUEST_VIEW] = "CR0 and CR4 are those that the guest sees, without the bits "
		                     "that the hypervisor forces",
		[CAUSE_CUT] = "only the lower 32 bits are printed",
		[CAUSE_MIXTURE] =
		        "the segments, RFLAGS and control registers of the VMCS are not those "
		        "printed",
	};
	const struct rule **rules = allocate(explanation->unknown_count, sizeof(struct rule *));
	const struct unknown_rule *unknown = explanation->unknown;
	struct field_list missing = { .count = 0 };
	size_t count = 0;
	char *names, *fields;

	for (size_t i = 0; i < explanation->unknown_count; i++) {
		if (!is_of_interest(explanation->end, unknown[i].rule) ||
		        !same_line(&unknown[i], &unknown[first], in_full))
			continue;
		if (i < first) {
			count = 0;
			break;
		}
		rules[count++] = unknown[i].rule;
		if (unknown[i].cause == CAUSE_FIELDS)
			add_fields(&missing, &unknown[i]);
	}
	fields = field_names(&missing, in_full);
	names = rule_names(rules, count, in_full);
	if (count > 0)
		write_item(out, INDENT,
		        new_string(
		                "%s%s. Rules: %s", reasons[unknown[first].cause], fields, names));
	free(fields);
	free(names);
	free(rules);
}

/* What could not be judged, by cause. */
static void
write_unknown(FILE *out, const struct explanation *explanation, bool in_full)
{
	const struct unknown_rule *unknown = explanation->unknown;
	bool heading = false;

	for (size_t i = 0; i < explanation->unknown_count; i++) {
		if (!is_of_interest(explanation->end, unknown[i].rule))
			continue;
		if (!heading)
			fputs(explanation->verdict == VERDICT_NOTHING_FOUND &&
			                        explanation->end != END_UNKNOWN
			                ? "\nThis dump cannot show whether these rules are "
			                  "violated:\n"
			                : "\nThese rules could not be judged:\n",
			        out);
		heading = true;
		write_unknown_line(out, explanation, i, in_full);
	}
}

/* Why the processor is not known, as a sentence. */
static char *
unknown_processor(const struct explanation *explanation)
{
	if (explanation->caps->name)
		return copy_string("The capability file does not describe the whole processor.");
	if (explanation->dump->cpu)
		return new_string(
		        "There is no capability file for the dump's processor, %s (--caps).",
		        explanation->dump->cpu);
	return copy_string("The processor's capabilities are not known (--caps supplies them).");
}

/* What depends on a processor that is not known. */
static void
write_assumed(FILE *out, const struct explanation *explanation, bool in_full)
{
	size_t count = 0;
	char bits[DECODED_BYTES];
	char *reason, *text;

	for (size_t i = 0; i < explanation->assumed_count; i++) {
		const struct rule_violation *violation = &explanation->assumed[i];

		if (!is_of_interest(explanation->end, violation->rule))
			continue;
		if (count++ == 0) {
			reason = unknown_processor(explanation);
			text = new_string(
			        "%s On one with fewer features, these rules are violated as well:",
			        reason);
			fputc('\n', out);
			write_paragraph(out, 0, text);
			free(reason);
			free(text);
		}
		if (count > MOST_ASSUMED && !in_full)
			continue;
		vmcs_field_name_bits(bits, sizeof(bits), violation->field, violation->offending);
		write_item(out, INDENT,
		        new_string("%s: %s = 0x%" PRIx64 ": %s: %s", violation->rule->id,
		                explain_field_name(violation->field), violation->value,
		                violation->rule->message, bits));
	}
	if (count > MOST_ASSUMED && !in_full)
		write_item(out, INDENT,
		        new_string("and %zu more (--all-rules shows all)", count - MOST_ASSUMED));
}

/* Which controls a processor has cannot be guessed. */
static void
write_unjudged_controls(FILE *out, const struct explanation *explanation)
{
	if (explanation->caps->known & 1u << NEEDS_CONTROLS ||
	        explanation->end == END_GUEST_STATE || explanation->end == END_MSR_LOADING)
		return;
	fputc('\n', out);
	write_paragraph(out, 0,
	        "The settings of the control fields that the processor allows are not known "
	        "(--caps supplies them): CTL-PIN-RSVD, CTL-PROC-RSVD, CTL-PROC2-RSVD, "
	        "CTL-EXIT-RSVD, CTL-ENTRY-RSVD and CTL-EPTP are judged only where all processors "
	        "agree.");
}

/* "Linux KVM, lines 2 to 57 (d12v0): exit reason 0x80000021, qualification 0x0" */
static void
write_origin(FILE *out, const struct explanation *explanation)
{
	const struct dump *dump = explanation->dump;
	char *lines = dump->last_line > 0
	                      ? new_string(", lines %d to %d", dump->first_line, dump->last_line)
	                      : copy_string(""); /* it was never a text */
	char *text = new_string("%s%s%s%s", format_names[dump->format], dump->title ? ", " : "",
	        dump->title ? dump->title : "", lines);
	char *reason = dump->has_exit_reason
	                       ? new_string("; exit reason 0x%" PRIx32, dump->exit_reason)
	                       : copy_string("");
	char *qualification = dump->has_qualification ? new_string(", qualification 0x%" PRIx64,
	                                                        dump->exit_qualification)
	                                              : copy_string("");
	char *error = dump->has_instruction_error ? new_string("; VM-instruction error %" PRIu32,
	                                                    dump->vm_instruction_error)
	                                          : copy_string("");
	char *processor = explanation->caps->name
	                          ? new_string("; processor: %s", explanation->caps->name)
	                          : copy_string("");
	char *whole = new_string("(%s%s%s%s%s)", text, reason, qualification, error, processor);

	write_paragraph(out, 0, whole);
	free(text);
	free(reason);
	free(qualification);
	free(error);
	free(processor);
	free(lines);
	free(whole);
}

/* Remarks and what the dump's reader noticed. */
static void
write_remarks(FILE *out, const struct explanation *explanation)
{
	const struct dump *dump = explanation->dump;

	for (int i = 0; i < explanation->remark_count; i++) {
		fputc('\n', out);
		write_paragraph(out, 0, explanation->remarks[i]);
	}
	if (dump->note_count > 0)
		fputs("\nAbout the dump:\n", out);
	for (int i = 0; i < dump->note_count; i++)
		write_item(out, INDENT, copy_string(dump->notes[i]));
	if (dump->notes_left_out > 0)
		write_item(out, INDENT, new_string("and %d more", dump->notes_left_out));
}

void
explain_text(FILE *out, const struct explanation *explanation, bool all_rules)
{
	size_t shown = all_rules || explanation->violation_count <= MOST_VIOLATIONS
	                       ? explanation->violation_count
	                       : MOST_VIOLATIONS;

	write_paragraph(out, 0, explanation->headline);
	write_origin(out, explanation);
	write_remarks(out, explanation);
	for (size_t i = 0; i < shown; i++)
		write_violation(out, explanation->dump, &explanation->violations[i]);
	if (shown < explanation->violation_count)
		fprintf(out, "\nand %zu more (--all-rules shows all)\n",
		        explanation->violation_count - shown);
	if (explanation->verdict == VERDICT_NOT_VMX)
		return;
	write_unknown(out, explanation, all_rules);
	write_assumed(out, explanation, all_rules);
	write_unjudged_controls(out, explanation);
	if (explanation->violation_count > 0)
		fprintf(out, "\nMore about a rule: r33 rules %s\n",
		        explanation->violations[0].rule->id);
}

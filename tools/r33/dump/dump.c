/*
 * All dumps in a text, whatever printed them.
 *
 * The formats are told apart by the shape of their lines, never by version numbers: distributions
 * take changes over into older kernels.  Each reader takes what it knows; the rest is skipped.
 */
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "base/util.h"
#include "parse.h"

/* Marks of what prints no dump, or none that can be judged. */
static const struct {
	const char *words;
	enum { MARK_SWITCHED_OFF, MARK_SVM } meaning;
} marks[] = {
	{ "set kvm_intel.dump_invalid_vmcs", MARK_SWITCHED_OFF },
	{ "dump_invalid_vmcs", MARK_SWITCHED_OFF },
	{ "FAILED VMRUN", MARK_SVM },
	{ "VMCB Control Area", MARK_SVM },
	{ "VMCB State Save Area", MARK_SVM },
	{ "set kvm_amd.dump_invalid_vmcb", MARK_SVM },
};

/* Remember what helps to explain why there is no dump. */
static void
see_marks(struct dump_parser *parser)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		struct dump_scanner ahead = parser->scanner;

		if (!dump_words(&ahead, marks[i].words))
			continue;
		if (marks[i].meaning == MARK_SWITCHED_OFF)
			parser->seen_switched_off = true;
		else
			parser->seen_svm = true;
	}
}

/* Go to the next token; true if it is the first one of its line. */
static bool
go_to_token(struct dump_scanner *scanner)
{
	for (; scanner->at < scanner->end; scanner->at++) {
		if (scanner->text[scanner->at] == '\n')
			scanner->line++;
		else if (scanner->text[scanner->at] != ' ')
			break;
	}
	return scanner->at == 0 || scanner->text[scanner->at - 1] == '\n';
}

/* Leave the rest of the line. */
static void
skip_line(struct dump_scanner *scanner)
{
	while (scanner->at < scanner->end && scanner->text[scanner->at] != '\n')
		scanner->at++;
}

/* What closes a dump. */
static void (*const ends[KIND_COUNT])(struct dump_parser *parser) = {
	[KIND_VMCS] = dump_kvm_end,
	[KIND_QEMU] = dump_qemu_end,
	[KIND_R33] = dump_r33_end,
};

/* Read the whole text. */
static void
parse(struct dump_parser *parser)
{
	struct dump_scanner *scanner = &parser->scanner;

	for (;;) {
		bool line_begins = go_to_token(scanner);

		if (scanner->at == scanner->end)
			break;
		if (line_begins && dump_r33_line(parser)) {
			skip_line(scanner);
			continue;
		}
		/* QEMU's before the others: it wants whole lines, they take what they can get. */
		if (dump_qemu(parser) || dump_xen(parser) || dump_kvm(parser))
			continue;
		see_marks(parser);
		(void)dump_next(scanner);
	}
	for (enum dump_kind kind = 0; kind < KIND_COUNT; kind++)
		parser->close[kind](parser);
}

/* Is there something in it?  Prose and source code have headings, too. */
static bool
is_dump(const struct dump *dump)
{
	if (dump->first_line == 0)
		return false;
	return dump->field_count + dump->msr_load_count > 0 || dump->format == DUMP_R33;
}

/* Hand over what was found. */
static void
collect(struct dump_parser *parser, struct dump_file *file)
{
	file->dumps = allocate(parser->count, sizeof(*file->dumps));
	for (size_t i = 0; i < parser->count; i++) {
		struct dump *dump = parser->dumps[i];

		if (is_dump(dump))
			file->dumps[file->count++] = *dump;
		else
			dump_free(dump);
		free(dump);
	}
	free(parser->dumps);
	dump_forget(&parser->vmcs_next);
	dump_forget(&parser->qemu_next);
	file->kvm_dump_switched_off = parser->seen_switched_off;
	if (parser->limit_reached && file->count > 0)
		dump_note(&file->dumps[file->count - 1],
		        "more dumps follow: only the first %d are read", DUMP_LIMIT);
}

/* Why there is no dump, and what helps. */
static char *
explain_nothing(const struct dump_parser *parser)
{
	const char *help = "";

	if (parser->seen_svm)
		help = "; its contents come from an AMD processor, whose SVM has no VMCS and none "
		       "of these rules";
	else if (parser->seen_switched_off)
		help = "; KVM did not print its dump: reload it with \"modprobe -r kvm_intel && "
		       "modprobe kvm_intel dump_invalid_vmcs=1\" (or write 1 to "
		       "/sys/module/kvm_intel/parameters/dump_invalid_vmcs), make the VM entry "
		       "fail again, and take the dump from dmesg";
	else if (parser->seen_entry_failed)
		help = "; it has \"KVM: entry failed\", but neither the registers that QEMU prints "
		       "after it nor what the kernel printed (dmesg)";
	return new_string(
	        "it contains no dump: neither \"*** Guest State ***\" of Linux KVM or Xen, nor "
	        "QEMU's registers (\"EAX=…\" to \"EFER=…\"), nor our own format (\"# "
	        "reason33 dump 1\", or at least three lines like \"GUEST_CR0 = 0x…\")%s",
	        help);
}

void
dump_read(struct dump_file *file, const char *bytes, size_t size)
{
	struct dump_parser parser = { .close = ends };
	size_t clean_size;
	char *clean;

	memset(file, 0, sizeof(*file));
	if (size > DUMP_INPUT_LIMIT) {
		file->error = new_string("it has %zu bytes, more than the %d that can be read: cut "
		                         "out the part with the dump",
		        size, DUMP_INPUT_LIMIT);
		return;
	}
	clean = dump_clean(bytes, size, &clean_size);
	parser.scanner = (struct dump_scanner){ .text = clean, .end = clean_size, .line = 1 };
	parse(&parser);
	collect(&parser, file);
	if (file->count == 0)
		file->error = explain_nothing(&parser);
	free(clean);
}

void
dump_file_free(struct dump_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		dump_free(&file->dumps[i]);
	free(file->dumps);
	free(file->error);
	memset(file, 0, sizeof(*file));
}

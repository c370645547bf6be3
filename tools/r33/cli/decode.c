/* r33 decode: a dump's fields in the SDM's words. */
#include "base/util.h"
#include "commands.h"
#include "dump/dump.h"
#include "rules/rules.h"

static int
run_decode(const struct command_options *options)
{
	struct dump_file file;

	if (!options->operand) {
		complain("decode needs a file with a dump, or - for standard input; try 'r33 "
		         "decode --help'");
		return STATUS_USAGE;
	}
	if (!dump_file_read(&file, options->operand))
		return STATUS_ENGINE_OR_FILE;
	for (size_t i = 0; i < file.count; i++)
		dump_write(stdout, &file.dumps[i], vmcs_field_decode);
	dump_file_free(&file);
	return flush_output() ? STATUS_ALL_POINTS : STATUS_ENGINE_OR_FILE;
}

const struct command command_decode = {
	.name = "decode",
	.summary = "Print the fields of a dump and what they contain, in the SDM's words.",
	.operand = "FILE|-",
	.options = "r",
	.help = "Reads what 'r33 explain' reads, and writes Reason 33's own format\n"
	        "(docs/dump-format.md), with a comment after each field that has subfields.\n"
	        "\n"
	        "examples:\n"
	        "  r33 decode vmcs.txt\n"
	        "  dmesg | r33 decode - | grep ACCESS_RIGHTS\n"
	        "\n"
	        "exit status: 0 done, 2 wrong usage, 3 the file cannot be read or contains no\n"
	        "VMX dump\n",
	.run = run_decode,
};

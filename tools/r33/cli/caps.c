/* r33 caps: what an engine's processor offers, as a capability file. */
#include <stdlib.h>

#include "base/util.h"
#include "commands.h"
#include "oracle/caps_engine.h"

/* r33 caps */
static int
run_caps(const struct command_options *options)
{
	char *text = caps_text_of_engine(&options->run);

	if (!text)
		return STATUS_ENGINE_OR_FILE;
	fputs(text, stdout);
	free(text);
	return STATUS_ALL_POINTS;
}

const struct command command_caps = {
	.name = "caps",
	.summary = "Print the capabilities of an engine's processor, for 'r33 explain --caps'.",
	.options = "eacTKr",
	.help = "Boots the kernel, which reads the VMX capability MSRs and CPUID.  The files in\n"
	        "tools/r33/state/models/ were made this way; docs/caps-format.md describes them.\n"
	        "\n"
	        "examples:\n"
	        "  r33 caps --cpu corei7_skylake_x >skylake.caps\n",
	.run = run_caps,
};

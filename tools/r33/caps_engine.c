/* What the processor of an engine offers: see caps_engine.h. */
#include "caps_engine.h"

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "caps.h"
#include "util.h"

char *
caps_text_of_engine(const struct options *options)
{
	/* The kernel tells it before it looks at the states, of which there are none. */
	struct batch batch = { 0 };
	struct batch_run run;
	char *text = NULL;

	if (batch_enter(&batch, options, &run) && run.complete && run.capabilities)
		text = new_string("# reason33 capabilities 1\n# %s, %s\n%s", options->engine->name,
		        options->cpu, run.capabilities);
	else if (run.problem && !run.interrupted)
		complain("%s", run.problem);
	batch_run_free(&run);
	return text;
}

bool
caps_of_engine(const struct options *options, struct capabilities *capabilities)
{
	char *text = caps_text_of_engine(options);
	struct caps caps;
	char *error;

	if (!text)
		return false;
	error = caps_read(&caps, text, strlen(text));
	if (error)
		complain("the kernel's capabilities: %s", error);
	*capabilities = caps.capabilities;
	caps_free(&caps);
	free(text);
	free(error);
	return !error;
}

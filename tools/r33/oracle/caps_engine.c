/* What the processor of an engine offers: see caps_engine.h. */
#include "caps_engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "batch.h"
#include "state/caps.h"

/* unsuitable: NULL, or set instead of a complaint when the processor has no VMX. */
static char *
ask(const struct run_options *options, bool *unsuitable)
{
	/* The kernel tells it before it looks at the states, of which there are none. */
	struct batch batch = { 0 };
	struct batch_run run;
	char *text = NULL;

	if (batch_enter(&batch, options, &run) && run.complete && run.capabilities)
		text = new_string("# reason33 capabilities 1\n# %s, %s\n%s", options->engine->name,
		        options->cpu, run.capabilities);
	else if (unsuitable && run.unsuitable)
		*unsuitable = true;
	else if (run.problem && !run.interrupted)
		complain("%s", run.problem);
	batch_run_free(&run);
	return text;
}

char *
caps_text_of_engine(const struct run_options *options)
{
	return ask(options, NULL);
}

bool
caps_of_engine(const struct run_options *options, struct capabilities *capabilities)
{
	return caps_of_engine_with_vmx(options, capabilities, NULL);
}

bool
caps_of_engine_with_vmx(
        const struct run_options *options, struct capabilities *capabilities, bool *unsuitable)
{
	char *text = ask(options, unsuitable);
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

bool
engine_has_vmx(const struct run_options *options)
{
	return options->engine != &engine_qemu || options->accelerator == ACCELERATOR_KVM;
}

bool
engine_needs_vmx(const struct run_options *options)
{
	if (engine_has_vmx(options))
		return true;
	complain("this compares the rules with a processor, and on QEMU without KVM the rules are "
	         "the "
	         "processor: use --engine bochs");
	return false;
}

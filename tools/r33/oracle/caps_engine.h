/* What the processor of an engine offers, as the kernel found it there. */
#pragma once

#include "rules/capabilities.h"
#include "run/options.h"

/* Boots the options' engine and model.  False after a complaint. */
bool caps_of_engine(const struct run_options *options, struct capabilities *capabilities);

/* The same where the model may have no VMX, or none for a kernel in long mode: then *unsuitable is set
 * to true instead of a complaint. */
bool caps_of_engine_with_vmx(
        const struct run_options *options, struct capabilities *capabilities, bool *unsuitable);

/* The same as the text of a capability file (--caps); the caller frees it.  NULL after a complaint. */
char *caps_text_of_engine(const struct run_options *options);

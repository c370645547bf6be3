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

/* Has the engine a processor to compare the rules with?  Not QEMU without KVM, where the kernel performs VMX by
 * the rules. */
bool engine_has_vmx(const struct run_options *options);

/* The same for a command that is nothing without one: false after a complaint. */
bool engine_needs_vmx(const struct run_options *options);

/*
 * Which of the measured versions of Bochs (rules/rules.h) the installed engine is compared with: the
 * program is asked for its version.
 */
#pragma once

#include "options.h"
#include "rules/rules.h"

/* The measured version that is nearest to this one: the newest that is not newer, else the oldest.
 * *exact: it is the same. */
enum bochs_version measured_nearest(const char *version, bool *exact);

/* That of an engine whose version is known; BOCHS_NONE for an engine that is not Bochs.  Once for each
 * run of r33 it says on stderr that a version has not been measured. */
enum bochs_version measured_of(const struct engine *engine, const char *version);

/* What the kernel is told of the engine (vmx/deviations.h): the measured version, "any" of a Bochs that does
 * not say which it is; NULL of an engine that is not Bochs. */
const char *measured_word(const struct engine *engine, const char *version);

/* Ask the options' engine.  installed: its version, "" when it cannot be asked. */
enum bochs_version measured_ask(
        const struct run_options *options, char installed[ENGINE_VERSION_BYTES]);

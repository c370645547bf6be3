/* Which measured version of Bochs an engine is compared with: see measured.h. */
#include "measured.h"

#include <stdlib.h>

enum { MINORS = 1000 }; /* fewer than that in a major version */

/* "2.7.1" as 2007: only the first two numbers count. */
static unsigned long
number_of(const char *version)
{
	char *end;
	unsigned long major = strtoul(version, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

	return major * MINORS + (minor < MINORS ? minor : MINORS - 1);
}

enum bochs_version
measured_nearest(const char *version, bool *exact)
{
	enum bochs_version nearest = BOCHS_2_7;

	for (enum bochs_version i = BOCHS_2_7; i < BOCHS_VERSIONS; i++)
		if (number_of(bochs_version_name(i)) <= number_of(version))
			nearest = i;
	*exact = bochs_version_find(version) == nearest;
	return nearest;
}

enum bochs_version
measured_of(const struct engine *engine, const char *version)
{
	static bool said;
	enum bochs_version nearest;
	bool exact;

	if (engine != &engine_bochs)
		return BOCHS_NONE;
	nearest = measured_nearest(version, &exact);
	if (!exact && *version && !said) {
		complain("Bochs %s has not been measured; the deviations of Bochs %s, the nearest "
		         "version that has been, are assumed",
		        version, bochs_version_name(nearest));
		said = true;
	}
	return nearest;
}

const char *
measured_word(const struct engine *engine, const char *version)
{
	if (engine != &engine_bochs)
		return NULL;
	return *version ? bochs_version_name(measured_of(engine, version)) : "any";
}

enum bochs_version
measured_ask(const struct run_options *options, char installed[ENGINE_VERSION_BYTES])
{
	struct engine_question question;

	engine_version_begin(options->engine, &question);
	engine_version_end(options->engine, &question, installed);
	return measured_of(options->engine, installed);
}

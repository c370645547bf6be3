/* Where VM entry and VM exit deviate from the architecture on this engine. */
#include "vmx/deviations.h"

struct deviations deviations = { .first = BOCHS_NONE, .end = BOCHS_NONE };

void
deviations_of_bochs(const char *version)
{
	enum bochs_version found = bochs_version_find(version);

	if (!version[0])
		deviations = (struct deviations){ .first = BOCHS_NONE, .end = BOCHS_NONE };
	else if (found == BOCHS_NONE)
		deviations = (struct deviations){ BOCHS_2_7, BOCHS_VERSIONS,
			.saves_blocking_by_smi = true };
	else
		deviations = (struct deviations){ found, found + 1, .saves_blocking_by_smi = true };
}

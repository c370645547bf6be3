/* The names of the measured versions of Bochs. */
#include "rules/rules.h"

const char *
bochs_version_name(enum bochs_version version)
{
	static const char *const names[] = { [BOCHS_2_7] = "2.7", [BOCHS_3_0] = "3.0" };

	return version < BOCHS_VERSIONS ? names[version] : NULL;
}

static bool
same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

enum bochs_version
bochs_version_find(const char *name)
{
	enum bochs_version version = BOCHS_2_7;

	while (version < BOCHS_VERSIONS && !same(bochs_version_name(version), name))
		version++;
	return version;
}

/* The rules' identifiers as text: see rules_catalogue.h. */
#include "rules_catalogue.h"

#include <string.h>

enum { NAME_BYTES = 24 };

#define NAME(name) #name,
static char names[CATALOGUE_SIZE][NAME_BYTES] = { CATALOGUE(NAME) };

static void
hyphenate(void)
{
	if (!strchr(names[0], '_'))
		return;
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++)
		for (char *c = names[i]; *c; c++)
			if (*c == '_')
				*c = '-';
}

const char *
catalogue_name(enum catalogue_id id)
{
	hyphenate();
	return names[id];
}

enum catalogue_id
catalogue_find(const char *name)
{
	hyphenate();
	for (unsigned i = 0; i < CATALOGUE_SIZE; i++)
		if (strcmp(names[i], name) == 0)
			return (enum catalogue_id)i;
	return CATALOGUE_SIZE;
}

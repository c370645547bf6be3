/* Which engines there are: see engine.h. */
#include <string.h>

#include <r33/array.h>

#include "engine.h"

static const struct engine *const engines[] = { &engine_bochs, &engine_qemu };

const struct engine *
engine_find(const char *name)
{
	for (size_t i = 0; i < COUNT(engines); i++) {
		if (strcmp(engines[i]->name, name) == 0)
			return engines[i];
	}
	return NULL;
}

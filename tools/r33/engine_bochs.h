/* What only those who debug ask of Bochs. */
#pragma once

#include "engine.h"

struct bochs_build {
	bool found;
	bool has_debugger; /* the internal one; a build without may have a server for gdb */
	bool is_2_7;       /* where a VMCS's fields lie in memory is known of this version */
};

/* What the installed Bochs is. */
void bochs_build_read(struct bochs_build *build);

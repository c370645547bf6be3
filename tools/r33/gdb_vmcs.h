/*
 * The current VMCS as Bochs 2.7 keeps it in the guest's RAM, and the processor's registers in its
 * place while the guest runs: a dump like anybody's.
 */
#pragma once

#include "dump.h"
#include "gdb_debuggee.h"

/* Read the current VMCS.  NULL and the dump (free it with vmcs_dump_free()), or why there is none. */
const char *vmcs_dump_read(struct debuggee *debuggee, const char *cpu, struct dump *dump);
void vmcs_dump_free(struct dump *dump);

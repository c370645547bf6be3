/*
 * The current VMCS as the processor keeps it in memory, and its registers instead while the guest runs: a
 * dump like any other.
 */
#pragma once

#include "debuggee.h"
#include "dump/dump.h"
#include "vmcs_layout.h"

/* Read the current VMCS.  NULL and the dump (free it with vmcs_dump_free()), or why there is none. */
const char *vmcs_dump_read(struct debuggee *debuggee, const struct vmcs_layout *layout,
        const char *cpu, struct dump *dump);
void vmcs_dump_free(struct dump *dump);

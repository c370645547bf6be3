/* What Bochs' debugger is told: the functions of struct debugger with these names (debugger.h). */
#pragma once

#include "debuggee.h"

enum { BOCHS_BREAKPOINTS = 16 }; /* of each kind */

bool bochs_write_general(struct debuggee *debuggee, unsigned index, uint64_t value);
bool bochs_write_flags(struct debuggee *debuggee, uint64_t value);
unsigned bochs_set_breakpoint(struct debuggee *debuggee, uint64_t address);
void bochs_clear_breakpoint(struct debuggee *debuggee, unsigned number, uint64_t address);
bool bochs_set_watchpoint(
        struct debuggee *debuggee, unsigned type, uint64_t address, uint64_t length);
void bochs_clear_watchpoint(
        struct debuggee *debuggee, unsigned type, uint64_t address, uint64_t length);

/* Types of registers whose bits have names, for the target description. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

void gdb_write_types(FILE *out, bool of_core, bool of_system);

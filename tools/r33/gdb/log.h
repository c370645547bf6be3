/* The part of Bochs' log that matters for debugging. */
#pragma once

#include <stdio.h>

/* Print the last of the lines by which Bochs says why a VM entry failed, the oldest first. */
void gdb_log_tail(FILE *log, FILE *out);

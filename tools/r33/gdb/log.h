/* What of Bochs' log is of interest to somebody who debugs. */
#pragma once

#include <stdio.h>

/* Print the last of the lines by which Bochs says why a VM entry failed, the oldest first. */
void gdb_log_tail(FILE *log, FILE *out);

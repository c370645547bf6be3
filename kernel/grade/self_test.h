/* Ways for a run to end badly, on demand: the host tool's tests make sure that each is told apart. */
#pragma once

/* NAME from the command line's end=NAME: fault, stack-overflow, panic, triple-fault, hang, cut.
 * Returns only for a name it does not know. */
void self_test_end(const char *name);

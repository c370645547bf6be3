/* A 32-bit guest that reports its tables and MSRs, and uses them. */
#include "tables.inc"

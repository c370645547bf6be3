/* A 64-bit guest that reports its tables and MSRs, and uses them. */
#define TABLES_64
#include "tables.inc"

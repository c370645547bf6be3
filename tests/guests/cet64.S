/* A 64-bit guest with CET that reports its tables and MSRs, and uses them. */
#define TABLES_64
#define TABLES_CET
#include "tables.inc"

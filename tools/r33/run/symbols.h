/* From an address in a module to the line of source it came from, by the module's DWARF. */
#pragma once

#include <jansson.h>
#include <stdint.h>

struct symbols;

/* Read an open ELF file, which is closed in any case; NULL when it is none. */
struct symbols *symbols_open(int file);
void symbols_close(struct symbols *symbols);

/*
 * {"file":, "line":, "function":} of the address, without what is not known.  An instruction in
 * an inline function of our headers (vmwrite() and the like) counts as the line that called it.
 */
json_t *symbols_locate(struct symbols *symbols, uint64_t address);

/* Addresses in ELF files: symbols, and where a function's first line begins. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct elf_file;
struct elf_file *elf_file_open(const char *path); /* NULL: no ELF file */
void elf_file_close(struct elf_file *file);

/* The value of a symbol; false: there is none of this name. */
bool elf_file_symbol(struct elf_file *file, const char *name, uint64_t *value);

/*
 * Where a debugger stops in a function: after its prologue, or at its beginning when that is not known.
 * The file may be a student's: a confined child reads it.
 */
bool elf_first_line(const char *path, const char *function, uint64_t *address);

/* From the first byte to the one after the last of what is loaded. */
void elf_file_span(struct elf_file *file, uint64_t *low, uint64_t *high);

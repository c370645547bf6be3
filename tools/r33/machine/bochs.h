/* What is particular to Bochs. */
#pragma once

#include "engine.h"

#define BOCHS_VERSION_FOLLOWS "Bochs x86 Emulator "
#define BOCHS_DEFAULT_CPU     "tigerlake"
#define BOCHS_PACKAGE         "bochs (and bochs-term)"

struct bochs_build {
	bool found;
	bool has_debugger;       /* the internal one; a build without may have a server for gdb */
	bool debugger_by_option; /* it begins there only when told to: "-debugger" */
	char version[ENGINE_VERSION_BYTES];
};

/* What the installed Bochs says that it is. */
void bochs_build_read(struct bochs_build *build);

/* The program, or NULL: not installed. */
const char *bochs_program(void);

/* The processor models that the installed Bochs lists, in its order: a list that NULL ends, NULL when
 * it is not installed.  The caller frees it and its strings: bochs_models_free(). */
char **bochs_models(void);
void bochs_models_free(char **models);

/* Is there such a processor model?  If not, complain with the list of them. */
bool bochs_check_cpu(const char *cpu);

/* The file with the VGA BIOS, or NULL: let Bochs look for one.  The caller frees it. */
char *bochs_vga_rom(void);

/* Modules: the ELF files with lab code and with the reference parts, each in an address space of its own. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cpu/paging.h"
#include "lab/elf.h"
#include "lib/boot_information.h"

#define MODULE_LOW      USER_SPACE_LOW               /* link address of modules (labs/module.ld) */
#define MODULE_HIGH     (USER_SPACE_LOW + (4 << 20)) /* a module is at most 4 MiB */
#define GUEST_PAGE      0x7fe00000ull                /* struct guest, read-only for the lab */
#define LAB_STACK_TOP   0x7ff00000ull
#define LAB_STACK_BYTES 0x10000ull /* below it: unmapped */
#define LAB_CALL_OFFSET \
	64 /* after the entry point: CALL vmenter, then INT 33h (labs/runtime/start.S) */
#define LAB_CALL_RETURN  71 /* what the INT 33h pushes as its RIP */
#define MODULE_LAB_COUNT 10

struct module {
	bool present;
	const char *error;    /* why it cannot be loaded, or NULL */
	char problem[160];    /* the sentence, where it has an address in it */
	const char *kind;     /* "lab" or "reference", as the record stream names it */
	const uint8_t *image; /* the file, in memory that only the kernel can touch */
	struct elf_image elf;
	struct address_space space;
	struct guest *guest_page; /* the kernel's view of GUEST_PAGE */
};

/* The module of each lab, by number, and the reference; present = false where none was loaded. */
extern struct module module_labs[MODULE_LAB_COUNT];
extern struct module module_reference;

/* The boot module "states" (rules/batch.h); size 0 where there is none. */
extern struct boot_module module_states;

/* Find "labN", "reference" and "states" among the boot modules and map the first two kinds.  A lab's module that is no
 * good is noted in its error; NULL, or one sentence when the reference is missing or no good or
 * a module's command line is none of these. */
const char *modules_load(const struct boot_information *boot);

/* Put the writable memory of a module back as it was in the file: stack and .bss zero. */
void module_reset(const struct module *module);

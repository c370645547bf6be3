/* A dump as the rules read it; for the explain_*.c files. */
#pragma once

#include "explain.h"

struct explain_input {
	const struct dump *dump;
	/* The MSR-load area, where the dump has entries of it but not where it lies. */
	bool made_up_address;
	bool made_up_count;
	uint64_t msr_load_address;
	uint64_t msr_load_count;
	struct rule_input rules;
};

/* The input must stay where it is. */
void explain_input_make(
        struct explain_input *input, const struct dump *dump, const struct capabilities *caps);

/* Has the dump a value that shows something else than the VMCS field? */
bool explain_is_mixed(const struct dump *dump, uint32_t field);
bool explain_is_cut(const struct dump *dump, uint32_t field);

/* unknown.c: fill in what could not be judged and what was assumed, once the violations
 * are there. */
void explain_find_unknown(struct explanation *explanation, const struct explain_input *input);

/* verdict.c: fill in verdict and headline. */
enum entry_end explain_end(const struct dump *dump);
void explain_conclude(struct explanation *explanation);

/* What a VM-instruction error of VMLAUNCH or VMRESUME means; NULL for those of other instructions. */
const char *explain_instruction_error(uint32_t number);

/* remarks.c: fill in the remarks, once the verdict is there. */
void explain_add_remarks(struct explanation *explanation);

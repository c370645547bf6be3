/* Conformance: what an engine's models make of every rule case. */
#pragma once

#include "batch.h"
#include "pose.h"

enum { CONFORM_MODELS = 12, CONFORM_RULES = 400 };

/* What a model shows of a rule, over all its cases: bits. */
enum conformance {
	CONFORM_POSED = 1,        /* a state that breaks it was entered, or a legal neighbour */
	CONFORM_LENIENT = 2,      /* such a state was entered, or failed otherwise than it should */
	CONFORM_STRICT = 4,       /* a legal neighbour was refused */
	CONFORM_QUALIFICATION = 8 /* the right failure with another exit qualification */
};

struct conform_model {
	const char *name;
	struct capabilities capabilities;
	unsigned char found[CONFORM_RULES]; /* by the rule's place in the table */
	char *reasons[CONFORM_RULES];       /* why it was not posed; NULL */
	unsigned states;                    /* entered */
	unsigned surprises;                 /* that ended otherwise than predicted */
};

/* Enter all cases on the model.  Surprises are printed on stdout.  False after a complaint. */
bool conform_run(struct conform_model *model, const struct options *options);
void conform_free(struct conform_model *model);

/* docs/engines.md */
void conform_write_markdown(FILE *out, const struct conform_model *models, unsigned count);

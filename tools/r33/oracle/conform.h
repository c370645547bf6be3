/* Conformance: what an engine's models make of every rule case. */
#pragma once

#include "batch.h"
#include "pose.h"

enum { CONFORM_MODELS = 64, CONFORM_RULES = 400, CONFORM_ENGINE_BYTES = 64 };

/* What a model shows of a rule, over all its cases: bits. */
enum conformance {
	CONFORM_POSED = 1,   /* a state that breaks it was entered, or a legal neighbour */
	CONFORM_LENIENT = 2, /* such a state was entered, or failed otherwise than it should */
	CONFORM_STRICT = 4,  /* a legal neighbour was refused */
	CONFORM_QUALIFICATION = 8, /* the right failure with another exit qualification */
	CONFORM_UNTRIED = 16       /* results older than the rule do not say */
};

struct conform_model {
	char *name;
	struct capabilities capabilities;
	unsigned char found[CONFORM_RULES]; /* by the rule's place in the table */
	char *reasons[CONFORM_RULES];       /* why it was not posed; NULL */
	unsigned states;                    /* entered */
	unsigned deviations;                /* that ended otherwise than predicted */
};

/* The models of one engine. */
struct conform_results {
	char engine[CONFORM_ENGINE_BYTES]; /* "Bochs 2.7" */
	enum bochs_version version;        /* as which its answers were predicted */
	struct conform_model *models;      /* in the engine's order */
	unsigned count;
};

/* Enter all cases on the model; for BOCHS_NONE they are predicted after the SDM.  New deviations are printed on
 * stdout.  *unsuitable, unless it is NULL, is set where the model has no VMX.  False after a complaint,
 * or when it was. */
bool conform_run(struct conform_model *model, enum bochs_version version,
        const struct run_options *options, bool *unsuitable);

/* The results as a file that keeps them, docs/engines/: conform_results.c.  Read: NULL, or what is
 * wrong with the text; the caller frees it. */
void conform_results_write(FILE *out, const struct conform_results *results);
char *conform_results_read(struct conform_results *results, char *text);
void conform_results_free(struct conform_results *results);

/* "=", "+!", ".": what was found, as results and page show it. */
const char *conform_sign(unsigned found);

/* docs/engines.md, made of the results of each engine. */
void conform_write_markdown(FILE *out, const struct conform_results *results, unsigned count);

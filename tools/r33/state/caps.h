/*
 * What a processor offers, from a capability file: its VMX capability MSRs and the CPUID leaves
 * that the rules need, one a line (docs/caps-format.md).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rules/rules.h"

enum {
	CAPS_FILE_LIMIT = 1 << 20, /* bytes; more is refused */
	CAPS_MSRS = 32,            /* room for those that capabilities_derive() asks for */
	CAPS_LEAVES = 16,
};

struct caps {
	/* As of any_processor where the file does not tell. */
	struct capabilities capabilities;
	/* The same, but as the processor that offers least: to find what the file would have to tell. */
	struct capabilities least;
	uint32_t known; /* what it tells: bits 1 << enum capability */
	char *name;     /* the model or the file; NULL: nothing is known */

	bool msr_known[CAPS_MSRS]; /* in the order of capability_msrs[] */
	uint64_t msrs[CAPS_MSRS];
	bool leaf_known[CAPS_LEAVES]; /* in the order of capability_leaves[] */
	uint32_t leaves[CAPS_LEAVES][4];
};

/* Nothing is known of the processor. */
void caps_of_any_processor(struct caps *caps);

/* Read the text of a capability file.  NULL, or a sentence that says what is wrong with it; then the
 * record is that of any processor.  The caller frees the sentence. */
char *caps_read(struct caps *caps, const char *bytes, size_t size);

/* Read the file of a model of this tree, or any file.  False after a complaint. */
bool caps_load(struct caps *caps, const char *root, const char *file_or_model);

/* Is there a file for this model in the tree?  caps_models.c */
bool caps_is_model(const char *root, const char *name);

/* The models there are files for, separated by blanks.  The caller frees them. */
char *caps_list_models(const char *root);

/* The name that the model's file has for this version of Bochs, "tigerlake-3.0"; the caller frees it. */
char *caps_model_of(const char *root, const char *model, enum bochs_version version);

/* What the file lacks, separated by commas; NULL when it tells everything.  The caller frees it. */
char *caps_missing(const struct caps *caps);

/* Write a capability file. */
void caps_write(FILE *out, const struct capability_source *source);

void caps_free(struct caps *caps);

/* For caps_file.c: an MSR's or a leaf's place in the arrays, or -1. */
int caps_msr_index(uint32_t number);
int caps_leaf_index(uint32_t leaf, uint32_t subleaf);

/* For caps_read(): from what was read to the record.  NULL, or what is wrong with the values. */
char *caps_derive(struct caps *caps);

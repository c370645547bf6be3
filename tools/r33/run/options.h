/* What a run is of: which submission, on which machine. */
#pragma once

#include <stdbool.h>

#include "machine/engine.h"
#include "submission/submission.h"

struct run_options {
	char *root;             /* the tree of Reason 33 */
	char *kernel;           /* NULL = the one of this tree */
	const char *submission; /* NULL = the labs of this tree */
	int lab;                /* or LAB_ALL; 0 = the front end's own test */
	const struct engine *engine;
	const char *cpu;
	enum accelerator accelerator; /* settled, where the engine has a choice */
	const char *display;
	const char *case_id;
	const char *modules[LABS + 1]; /* --module N=FILE */
	bool unconfined;               /* go on if this kernel cannot confine what it must */
	const char *keep;
	int timeout_s;
};

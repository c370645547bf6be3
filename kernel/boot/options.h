/* The kernel command line: words separated by blanks, NAME=VALUE. */
#pragma once

#include <stdint.h>

#define OPTION_WORD_MAX 64

struct options {
	unsigned lab;                    /* grade this lab ... */
	unsigned all_labs;               /* ... or all that have a module */
	char only_case[OPTION_WORD_MAX]; /* "": all cases */
	uint32_t bench_round_trips;      /* not 0: measure instead of grading */
	uint32_t hold;                   /* not 0: do not switch off */
	char bad_end[OPTION_WORD_MAX];   /* "": as it should */
	char bochs[OPTION_WORD_MAX];     /* "": none, but a processor */
};

/*
 * lab=N | lab=all     which lab (default all)
 * case=ID             only this case
 * hold=1              stay on at the end, for who looks at the screen, with a summary on it
 * end=NAME            grade, then end badly: see grade/self_test.h
 * bochs=2.7           the engine is this Bochs; a word that names none of those whose deviations are
 *                     known ("any") means that it may be any of them: see vmx/deviations.h
 * bench=N             N VM entries and exits, nothing graded
 *
 * Returns NULL, or one sentence naming what is wrong.
 */
const char *options_parse(const char *command_line, struct options *options);

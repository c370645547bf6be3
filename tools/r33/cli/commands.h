/* The commands of r33. */
#pragma once

#include "options.h"

extern const struct command command_run;
extern const struct command command_grade;
extern const struct command command_explain;
extern const struct command command_decode;
extern const struct command command_rules;
extern const struct command command_bench;
extern const struct command command_conform;
extern const struct command command_fuzz;
extern const struct command command_enter;
extern const struct command command_caps;
extern const struct command command_gdb;

/* "r33 locate FILE ADDRESS...": its operands are its own business. */
int command_locate(int argc, char **argv);

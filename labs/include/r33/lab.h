/*
 * What lab code may use: the answer of a part, and a printf() that reaches your console and,
 * bounded, the report of your case.  It earns no points.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The answer of a part. */
enum decision {
	UNWRITTEN = 0, /* the skeleton: nothing has been set up yet */
	ENTER = 1,     /* the part's fields are set: enter the guest */
	REFUSE = 2,    /* no values exist with which this processor would enter this guest */
};

/* Formats: %d %i %u %x %X %p %s %c %%, with l, ll or z, width and leading zeros: "%#018lx". */
void lab_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

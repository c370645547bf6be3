/*
 * What lab code may use: the answer of a part, and a printf() that writes to your console and, up
 * to a limit, to the report of your case.  Printing earns no points.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The answer of a part. */
enum decision {
	UNWRITTEN = 0, /* the skeleton: nothing has been set up yet */
	ENTER = 1,     /* the part's fields are set: enter the guest */
	REFUSE = 2,    /* this processor would not enter this guest, whatever the fields hold */
};

/* Formats: %d %i %u %x %X %p %s %c %%, with l, ll or z, width and leading zeros: "%#018lx". */
void lab_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

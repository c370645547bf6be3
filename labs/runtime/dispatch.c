/*
 * From the number of a part to its function.  A student's module holds one part, the reference
 * all of them: the references are weak; missing ones are NULL and never called.
 */
#include <stddef.h>

#include <r33/array.h>
#include <r33/parts.h>

#pragma weak set_control_registers
#pragma weak set_entry_point
#pragma weak set_segment_registers
#pragma weak set_tables_and_msrs
#pragma weak set_activity_and_interruptibility
#pragma weak set_links_timers_and_pdptes
#pragma weak run_guest
#pragma weak test_front_end

enum decision test_front_end(const struct guest *guest); /* tests/front-end/ */
unsigned solve_exercise(const struct guest *guest);      /* exercises.c */

typedef enum decision part_function(const struct guest *guest);

static part_function *const functions[] = {
	test_front_end,
	set_control_registers,
	set_entry_point,
	set_segment_registers,
	set_tables_and_msrs,
	set_activity_and_interruptibility,
	set_links_timers_and_pdptes,
	[9] = run_guest,
};

#define EXERCISES_LAB 8 /* its answers may be more than an enum decision */

/* Called by start.S. */
unsigned lab_dispatch(unsigned part, const struct guest *guest);

unsigned
lab_dispatch(unsigned part, const struct guest *guest)
{
	if (part == EXERCISES_LAB)
		return solve_exercise(guest);
	if (part >= COUNT(functions) || !functions[part])
		return UNWRITTEN;
	return functions[part](guest);
}

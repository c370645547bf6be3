/*
 * Lab 8: from the number of an exercise to its function.  The answer is one number for the kernel,
 * whether it names a rule or a decision; an exercise without a function is not written yet.
 */
#include <stddef.h>

#include <r33/exercises.h>
#include <r33/guest.h>

#define WEAK_DIAGNOSE(name) __attribute__((weak)) enum rule_name diagnose_##name(void);
#define WEAK_BREAK(name)    __attribute__((weak)) enum decision break_##name(void);
EXERCISES(WEAK_DIAGNOSE, WEAK_BREAK)

#define TABLE_DIAGNOSE(name) [DIAGNOSE_##name] = { .diagnose = diagnose_##name },
#define TABLE_BREAK(name)    [BREAK_##name] = { .break_rule = break_##name },
static const struct {
	enum rule_name (*diagnose)(void);
	enum decision (*break_rule)(void);
} exercises[EXERCISE_COUNT] = { EXERCISES(TABLE_DIAGNOSE, TABLE_BREAK) };

/* Called by dispatch.c. */
unsigned solve_exercise(const struct guest *guest);

unsigned
solve_exercise(const struct guest *guest)
{
	if (guest->exercise >= EXERCISE_COUNT)
		return UNWRITTEN;
	if (exercises[guest->exercise].diagnose)
		return exercises[guest->exercise].diagnose();
	if (exercises[guest->exercise].break_rule)
		return exercises[guest->exercise].break_rule();
	return UNWRITTEN;
}

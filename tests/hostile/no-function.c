/*
 * Does not define the function that is graded.
 *
 * outcome: does-not-compile
 */

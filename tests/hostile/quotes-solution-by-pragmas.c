/*
 * Has the preprocessor read the solution, whose words are macros that warn of what follows them, and
 * then run out of memory before it lists what it has read.  (@ROOT@ becomes the path of the tree.)
 *
 * alone
 * outcome: does-not-compile
 * keeps secret: must_be_one
 */
#define DO(text)   _Pragma(#text)
#define WARN(...)  DO(GCC warning #__VA_ARGS__)
#define if         (...) WARN(__VA_ARGS__)
#define rdmsr(...) WARN(__VA_ARGS__)
#include "@ROOT@/solutions/1-control-registers/control_registers.c"
#define A(x) x x x x x x x x x x x x x x x x
#define B(x) A(A(A(A(x))))
#if B(B(B(1)))
#endif

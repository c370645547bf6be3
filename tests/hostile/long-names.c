/*
 * Writes from a function whose name, of ten lines, has half a megabyte: it is in the debug information once, and was
 * in the report at every VMWRITE.
 *
 * outcome: lab-violation
 */
#define PASTE(a, b) a##b
#define JOIN(a, b)  PASTE(a, b)
#define FOUR(a)     JOIN(JOIN(a, a), JOIN(a, a))
#define N0          n2345678901234567890123456789012
#define N1          FOUR(N0)
#define N2          FOUR(N1)
#define N3          FOUR(N2)
#define N4          FOUR(N3)
#define N5          FOUR(N4)
#define N6          FOUR(N5)
#define N7          FOUR(N6)

/* From one place: it is the place's name that counts. */
static __attribute__((noinline)) void
N7(void)
{
	for (uint64_t i = 0; i < 100; i++)
		vmwrite(GUEST_RIP, i);
}

enum decision
set_control_registers(const struct guest *guest)
{
	(void)guest;
	N7();
	return ENTER;
}

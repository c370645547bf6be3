/*
 * A short run of a fuzzer, as a unit test: on bytes of a fixed seed, without clang and a corpus.  The
 * fuzzer aborts when it finds something.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { INPUTS = 80, SHORT_INPUT = 48, LONG_INPUT = 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The next number of the seed (xorshift). */
static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Short inputs and long ones, of any bytes: the fuzzer finds nothing. */
static void
nothing_is_found(void **state)
{
	uint64_t seed = 33;
	uint8_t bytes[LONG_INPUT] = { 0 };

	(void)state;
	for (int i = 0; i < INPUTS; i++) {
		size_t length = next(&seed) % (i % 2 ? SHORT_INPUT : LONG_INPUT);

		for (size_t j = 0; j < length; j++)
			bytes[j] = (uint8_t)(next(&seed) >> 24);
		assert_int_equal(LLVMFuzzerTestOneInput(bytes, length), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_is_found) };

	return cmocka_run_group_tests_name("a short run", tests, NULL, NULL);
}

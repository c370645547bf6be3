/* A short run of fuzz_reports.c on bytes of a fixed seed: no text breaks a report, in any format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { INPUTS = 60, INPUT_BYTES = 1024 };

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

/* Whatever is in the names and texts, reports can be read and are bounded; fuzz_reports.c aborts otherwise. */
static void
no_text_breaks_a_report(void **state)
{
	uint64_t seed = 33;
	uint8_t bytes[INPUT_BYTES];

	(void)state;
	for (int i = 0; i < INPUTS; i++) {
		size_t length = next(&seed) % INPUT_BYTES;

		for (size_t j = 0; j < length; j++)
			bytes[j] = (uint8_t)(next(&seed) >> 24);
		assert_int_equal(LLVMFuzzerTestOneInput(bytes, length), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(no_text_breaks_a_report) };

	return cmocka_run_group_tests_name("hostile text", tests, NULL, NULL);
}

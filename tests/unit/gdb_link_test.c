/* The line to gdb: what a gdb that had to wait has sent more than once is answered once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "gdb/link.h"

#define QUESTION "+$qSupported:x#e9"

/* The packets that come when so much was sent before somebody listens. */
static unsigned
packets_of(const char *sent)
{
	struct gdb_link *link = calloc(1, sizeof(*link));
	unsigned count = 0;
	bool empty = false;
	int ends[2];

	assert_non_null(link);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], sent, strlen(sent)), strlen(sent));
	link->in = ends[0];
	gdb_link_skip_repeated(link);
	while (!empty) {
		if (gdb_link_read(link, &empty) != GDB_INPUT_PACKET)
			continue;
		assert_string_equal(link->reader.text, "qSupported:x");
		count++;
	}
	assert_false(link->leaving);
	close(ends[0]);
	close(ends[1]);
	gdb_link_close(link);
	free(link);
	return count;
}

static void
a_repeated_packet_is_one(void **state)
{
	(void)state;
	assert_int_equal(packets_of(""), 0);
	assert_int_equal(packets_of(QUESTION), 1);
	assert_int_equal(packets_of(QUESTION QUESTION), 1);
	assert_int_equal(packets_of(QUESTION QUESTION QUESTION QUESTION), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_repeated_packet_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

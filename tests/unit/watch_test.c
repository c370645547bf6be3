/* Which names exist for a compiler that is watched (tools/r33/submission/watch.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <r33/array.h>

#include "submission/watch.h"

static const struct watch watch = { .places = { "../include/", "../module.ld", "/usr/lib/gcc/12/" },
	.place_count = 3 };

static const char *const known[] = {
	"labs/1-lab/lab.c",
	"lab.c",
	"./cc0r33.s",
	"labs/1-lab/..c",
	"labs/1-lab/a..b/c",
	"../include/r33/lab.h",
	"../module.ld",
	"/usr/lib/gcc/12/include/stdint.h",
};

static const char *const unknown[] = {
	"/etc/passwd",
	"/",
	"..",
	"../lab2/labs/2-lab/lab.c",
	"labs/../../lab2/lab.c",
	"labs/..",
	"./../x",
	"../include/../image.iso",
	"../include/r33/../../image.iso",
	"../includes",
	"/usr/lib/gcc/12/../../../../etc/passwd",
	"/usr/lib/gcc/",
	"//usr/lib/gcc/12/include/stdint.h",
	"/proc/self/fd/1",
	"/dev/stdin",
};

/* What lies in the place where it works, and the places named, and nothing that leads out of them. */
static void
names_exist_in_their_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		if (!watch_knows(&watch, known[i]))
			fail_msg("%s does not exist", known[i]);
	}
	for (size_t i = 0; i < COUNT(unknown); i++) {
		if (watch_knows(&watch, unknown[i]))
			fail_msg("%s exists", unknown[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_exist_in_their_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

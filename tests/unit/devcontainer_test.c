/* The development container (.devcontainer/) names files and a user that there are. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <r33/array.h>

#define DIRECTORY ".devcontainer/"

enum { RECIPE_BYTES = 4096 };

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	assert_non_null(text);
	return text;
}

/* It is JSON; its image is made by a file beside it, which makes the user and installs what make setup needs. */
static void
container_is_complete(void **state)
{
	static char recipe[RECIPE_BYTES];
	static const char *const needs[] = { " make ", " sudo", " git " };
	json_error_t error;
	json_t *container =
	        json_load_file(DIRECTORY "devcontainer.json", JSON_REJECT_DUPLICATES, &error);
	char path[256], user[256];
	FILE *file;

	(void)state;
	if (!container)
		fail_msg("line %d: %s", error.line, error.text);
	assert_string_equal(text_of(container, "postCreateCommand"), "make setup");
	snprintf(path, sizeof(path), DIRECTORY "%s",
	        text_of(json_object_get(container, "build"), "dockerfile"));
	file = fopen(path, "r");
	assert_non_null(file);
	recipe[fread(recipe, 1, sizeof(recipe) - 1, file)] = '\0';
	fclose(file);
	assert_non_null(strstr(recipe, "FROM debian:"));
	for (size_t i = 0; i < COUNT(needs); i++)
		assert_non_null(strstr(recipe, needs[i]));
	snprintf(user, sizeof(user), " %s &&", text_of(container, "remoteUser"));
	assert_non_null(strstr(recipe, user));
	json_decref(container);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(container_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

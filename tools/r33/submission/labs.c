/* Which labs this tree has, which files of each the student edits, and their states. */
#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "submission.h"

/* The lab's state as a word for reports. */
const char *
build_state_word(enum build_state state)
{
	static const char *const words[] = {
		[BUILD_GOOD] = "good",
		[BUILD_PREBUILT] = "prebuilt",
		[BUILD_NO_MODULE] = "no-module",
		[BUILD_NO_SUBMISSION] = "no-submission",
		[BUILD_DOES_NOT_COMPILE] = "does-not-compile",
	};

	return words[state];
}

bool
lab_is_gradable(const struct lab *lab)
{
	return lab->state != BUILD_NO_SUBMISSION && lab->state != BUILD_DOES_NOT_COMPILE;
}

/* Call take() for the directory's entries that match the pattern, sorted; errors show as none. */
static void
for_each_match(const char *directory, const char *pattern,
        void (*take)(void *context, const char *name), void *context)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		if (fnmatch(pattern, entries[i]->d_name, FNM_PERIOD) == 0)
			take(context, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/* Add one file that the student edits. */
static void
add_file(void *context, const char *name)
{
	struct lab *lab = context;

	if (lab->file_count < LAB_FILES)
		lab->files[lab->file_count++] = copy_string(name);
}

/* Add one lab. */
static void
add_lab(void *context, const char *name)
{
	struct labs *labs = context;

	if (labs->count < LABS)
		labs->labs[labs->count++] =
		        (struct lab){ .number = name[0] - '0', .directory = copy_string(name) };
}

bool
labs_find(struct labs *labs, const char *root, int number)
{
	char *directory = new_string("%s/labs", root);
	char *pattern = number != LAB_ALL ? new_string("%d-*", number) : copy_string("[1-9]-*");

	*labs = (struct labs){ 0 };
	if (number == 0)
		add_lab(labs, "0-front-end");
	else
		for_each_match(directory, pattern, add_lab, labs);
	for (int i = 0; i < labs->count; i++) {
		char *files = new_string("%s/%s", directory, labs->labs[i].directory);

		for_each_match(files, "*.[cS]", add_file, &labs->labs[i]);
		free(files);
	}
	free(pattern);
	free(directory);
	if (labs->count > 0)
		return true;
	if (number != LAB_ALL)
		complain("there is no lab %d in %s/labs", number, root);
	else
		complain("there are no labs in %s/labs (--root DIR names another tree)", root);
	return false;
}

/* Free what labs_find() and the building allocated. */
void
labs_free(struct labs *labs)
{
	for (int i = 0; i < labs->count; i++) {
		free(labs->labs[i].directory);
		free(labs->labs[i].message);
		for (int j = 0; j < labs->labs[i].file_count; j++)
			free(labs->labs[i].files[j]);
	}
	labs->count = 0;
}

/* Which labs this tree has, which files of each the student edits, and their states. */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "submission.h"
#include "util.h"

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

/* Is there something to boot? */
bool
lab_is_gradable(const struct lab *lab)
{
	return lab->state != BUILD_NO_SUBMISSION && lab->state != BUILD_DOES_NOT_COMPILE;
}

/* Add the names of the files that match the pattern below the lab's directory; glob() sorts. */
static void
add_files(struct lab *lab, const char *root, const char *pattern)
{
	char *path = new_string("%s/labs/%s/%s", root, lab->directory, pattern);
	glob_t found;

	if (glob(path, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc && lab->file_count < LAB_FILES; i++)
			lab->files[lab->file_count++] =
			        copy_string(strrchr(found.gl_pathv[i], '/') + 1);
		globfree(&found);
	}
	free(path);
}

/* Add one lab; its path ends in a slash. */
static void
add_lab(struct labs *labs, const char *root, char *path)
{
	struct lab *lab = &labs->labs[labs->count++];

	path[strlen(path) - 1] = '\0';
	lab->directory = copy_string(strrchr(path, '/') + 1);
	lab->number = lab->directory[0] - '0';
	add_files(lab, root, "*.c");
	add_files(lab, root, "*.S");
}

/* The labs of this tree, all or the one with this number. */
bool
labs_find(struct labs *labs, const char *root, int number)
{
	char *pattern = number != LAB_ALL ? new_string("%s/labs/%d-*/", root, number)
	                                  : new_string("%s/labs/[1-9]-*/", root);
	char front_end_test[] = "/0-front-end/";
	glob_t found;

	*labs = (struct labs){ 0 };
	if (number == 0)
		add_lab(labs, root, front_end_test);
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc && labs->count < LABS; i++)
			add_lab(labs, root, found.gl_pathv[i]);
		globfree(&found);
	}
	free(pattern);
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

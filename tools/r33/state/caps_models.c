/*
 * The capability files of this tree, tools/r33/state/models/: MODEL.caps, and MODEL-3.0.caps where that version of
 * Bochs offers something else, or has the model alone.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/util.h"
#include "caps.h"
#include "rules/rules.h"

enum { MODELS_LISTED = 100 };

static const char suffix[] = ".caps";

/* Could it be the name of a model?  Nothing else is looked for below the tree. */
static bool
is_model_name(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-.") == strlen(name);
}

/* The file, or NULL where there is none. */
static char *
file_of(const char *root, const char *model, const char *version)
{
	char *path = new_string("%s/tools/r33/state/models/%s%s%s%s", root, model,
	        version ? "-" : "", version ? version : "", suffix);

	if (file_size(path) >= 0)
		return path;
	free(path);
	return NULL;
}

/* The model's file, or NULL: its own, or that of the newest version of Bochs.  The caller frees it. */
static char *
model_path(const char *root, const char *model)
{
	char *path = is_model_name(model) ? file_of(root, model, NULL) : NULL;

	for (int i = BOCHS_VERSIONS - 1; is_model_name(model) && !path && i >= 0; i--)
		path = file_of(root, model, bochs_version_name((enum bochs_version)i));
	return path;
}

bool
caps_is_model(const char *root, const char *name)
{
	char *path = model_path(root, name);

	free(path);
	return path != NULL;
}

char *
caps_model_of(const char *root, const char *model, enum bochs_version version)
{
	const char *name = bochs_version_name(version);
	char *path = name ? file_of(root, model, name) : NULL;
	char *own = path ? new_string("%s-%s", model, name) : copy_string(model);

	free(path);
	return own;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The file's name without its version, where that is enough: "arrow_lake" finds arrow_lake-3.0. */
static char *
shortest_name(const char *root, const char *name)
{
	const char *dash = strrchr(name, '-');
	char *shorter = copy_bytes(name, dash ? (size_t)(dash - name) : strlen(name));
	char *path = model_path(root, name), *found = model_path(root, shorter);
	bool enough = path && found && strcmp(path, found) == 0;

	free(path);
	free(found);
	if (enough)
		return shorter;
	free(shorter);
	return copy_string(name);
}

char *
caps_list_models(const char *root)
{
	char *path = new_string("%s/tools/r33/state/models", root), *list = copy_string("");
	char *names[MODELS_LISTED];
	size_t count = 0;
	DIR *directory = opendir(path);

	for (struct dirent *entry; directory && (entry = readdir(directory));) {
		size_t length = strlen(entry->d_name);
		char *name;

		if (length <= strlen(suffix) || count == MODELS_LISTED ||
		        strcmp(entry->d_name + length - strlen(suffix), suffix) != 0)
			continue;
		name = copy_bytes(entry->d_name, length - strlen(suffix));
		names[count++] = shortest_name(root, name);
		free(name);
	}
	if (directory)
		closedir(directory);
	qsort(names, count, sizeof(names[0]), by_name);
	for (size_t i = 0; i < count; i++) {
		char *longer = new_string("%s%s%s", list, *list ? " " : "", names[i]);

		free(list);
		free(names[i]);
		list = longer;
	}
	free(path);
	return list;
}

bool
caps_load(struct caps *caps, const char *root, const char *file_or_model)
{
	bool is_model = caps_is_model(root, file_or_model);
	char *path = is_model ? model_path(root, file_or_model) : copy_string(file_or_model);
	size_t size = 0;
	char *bytes = read_whole_file(path, CAPS_FILE_LIMIT, &size);
	char *problem = NULL;

	caps_of_any_processor(caps);
	if (bytes) {
		problem = caps_read(caps, bytes, size);
	} else if (errno == ENOENT && !is_model) {
		char *models = caps_list_models(root);

		problem = new_string("there is no such file or model; the models are: %s",
		        *models ? models : "(none)");
		free(models);
	} else {
		problem = new_string("%s",
		        errno == EFBIG ? "it is too large for a capability file" : strerror(errno));
	}
	if (problem)
		complain("%s: %s", file_or_model, problem);
	else
		caps->name = copy_string(file_or_model);
	free(bytes);
	free(path);
	free(problem);
	return caps->name != NULL;
}

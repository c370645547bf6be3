/* The image an engine boots: see image.h. */
#include "image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "base/util.h"
#include "process/process.h"

extern char **environ;

enum { IMAGE_WAIT_MS = 120000, IMAGE_ARGUMENTS = IMAGE_MODULES + 5 };

/* Run a program in the work directory.  Did it end with 0?  False after a complaint. */
static bool
run_program(const struct image *image, const char *const *argv)
{
	struct spawn spawn = { .argv = argv,
		.environment = (const char *const *)environ,
		.directory = image->work,
		.files = { -1, -1, -1, -1, -1, -1 } };
	struct tail *said = allocate(1, sizeof(*said));
	struct child child;
	enum wait_result result = WAIT_STOPPED;
	int output;
	int error = process_start_output(&child, &spawn, true, &output);
	bool good;

	if (!error)
		result = process_finish_output(&child, &output, tail_take, said, IMAGE_WAIT_MS);
	good = !error && result == WAIT_ENDED && WIFEXITED(child.wait_status) &&
	       WEXITSTATUS(child.wait_status) == 0;
	if (error)
		complain("cannot run %s: %s", argv[0], strerror(error));
	else if (!good && result != WAIT_INTERRUPTED) {
		char *lines = tail_lines(said, 10);

		complain("cannot make the boot image:\n%s", lines);
		free(lines);
	}
	free(said);
	return good;
}

/* The kernel to boot.  The caller frees it. */
static char *
kernel_path(const struct image *image)
{
	return image->kernel ? copy_string(image->kernel)
	                     : new_string("%s/build/boot/kernel.elf", image->root);
}

bool
image_make(const struct image *image)
{
	char *script = new_string("%s/%s", image->root, image->script);
	char *kernel = kernel_path(image);
	const char *argv[IMAGE_ARGUMENTS] = { script, image->name, image->command_line, kernel };
	bool good = false;

	for (int i = 0; i < IMAGE_MODULES && image->modules[i]; i++)
		argv[4 + i] = image->modules[i];
	if (access(kernel, R_OK) != 0)
		complain("%s is missing: run make first", kernel);
	else
		good = run_program(image, argv);
	free(script);
	free(kernel);
	return good;
}

/* Write what GRUB is to boot. */
static bool
write_grub_cfg(const struct image *image)
{
	char *path = new_string("%s/plain/boot/grub/grub.cfg", image->work);
	FILE *out = fopen(path, "we");
	bool good = out != NULL;

	if (out) {
		fprintf(out, "multiboot2 /boot/kernel.elf %s\n", image->command_line);
		for (int i = 0; image->modules[i]; i++)
			fprintf(out, "module2 /boot/%s %.*s\n", strrchr(image->modules[i], '/') + 1,
			        (int)strcspn(image->modules[i], "="), image->modules[i]);
		fputs("boot\n", out);
		good = fclose(out) == 0;
	}
	if (!good)
		complain("cannot write %s: %s", path, strerror(errno));
	free(path);
	return good;
}

bool
image_make_plain(const struct image *image)
{
	static const char *const make_directory[] = { "mkdir", "-p", "plain/boot/grub", NULL };
	static const char *const make_rescue[] = { "grub-mkrescue", "-o", "plain.iso", "plain",
		NULL };
	char *kernel = kernel_path(image);
	const char *copy[IMAGE_ARGUMENTS] = { "cp", "-L", "-t", "plain/boot", kernel };
	bool good;

	for (int i = 0; i < IMAGE_MODULES - 1 && image->modules[i]; i++)
		copy[5 + i] = strchr(image->modules[i], '=') + 1;
	good = run_program(image, make_directory) && run_program(image, copy) &&
	       write_grub_cfg(image) && run_program(image, make_rescue);
	free(kernel);
	return good;
}

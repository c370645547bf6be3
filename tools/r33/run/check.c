/* What can be wrong before anything runs: see session.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "machine/qemu.h"
#include "process/confine.h"
#include "session.h"

/* Are the files to compile those of this tree? */
static bool
is_own_submission(const struct run_options *options)
{
	static const char *const directories[] = { "labs", "solutions" };
	char *submission = options->submission ? realpath(options->submission, NULL) : NULL;
	bool is_own = !options->submission;

	for (size_t i = 0; submission && i < 2; i++) {
		char *own = new_string("%s/%s", options->root, directories[i]);
		char *real = realpath(own, NULL);

		is_own |= real && strncmp(submission, real, strlen(real)) == 0 &&
		          (submission[strlen(real)] == '/' || submission[strlen(real)] == '\0');
		free(real);
		free(own);
	}
	free(submission);
	return is_own;
}

/* May it be compiled as far as this machine can confine that? */
static bool
check_confinement(const struct run_options *options)
{
	if (is_confinement_supported() || options->unconfined || is_own_submission(options))
		return true;
	complain("this machine has no %s, so the compiler cannot be confined; if you trust %s, add "
	         "--unconfined (make: UNCONFINED=1)",
	        !confinement_support()->landlock  ? "Landlock"
	        : !confinement_support()->seccomp ? "seccomp"
	                                          : "seccomp user notification",
	        options->submission);
	return false;
}

bool
session_check_cpu(const struct run_options *options, const char *cpu)
{
	char *models;

	if (options->accelerator != ACCELERATOR_TCG)
		return options->engine->check_cpu(cpu);
	if (caps_is_model(options->root, cpu))
		return true;
	models = caps_list_models(options->root);
	complain("there is no processor model '%s' for %s; the models are: %s", cpu,
	        options->engine->name, models);
	free(models);
	return false;
}

/* May KVM be used, if it is to be?  QEMU would say that it may not only when it has been started. */
static bool
check_kvm(const struct run_options *options)
{
	if (options->accelerator != ACCELERATOR_KVM || qemu_may_use_kvm())
		return true;
	complain("KVM cannot be used: /dev/kvm: %s; --accel tcg (make: ACCEL=tcg) does without",
	        strerror(errno));
	return false;
}

enum exit_status
session_check(const struct run_options *options)
{
	if (!options->engine->program()) {
		complain("%s is not installed: install the package %s", options->engine->name,
		        options->engine->package);
		return STATUS_ENGINE_OR_FILE;
	}
	if (!session_check_cpu(options, options->cpu))
		return STATUS_USAGE;
	if (!check_kvm(options) || !check_confinement(options))
		return STATUS_ENGINE_OR_FILE;
	if (options->keep && mkdir(options->keep, 0777) != 0 && errno != EEXIST) {
		complain("cannot make %s: %s", options->keep, strerror(errno));
		return STATUS_ENGINE_OR_FILE;
	}
	return STATUS_ALL_POINTS;
}

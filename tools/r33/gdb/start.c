/* gdb: see start.h. */
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { GDB_ARGUMENTS = 64 };

extern char **environ;

/* Load symbols without gdb's remarks about it; a gdb without Python makes them. */
static void
add_symbols(FILE *out, const char *file)
{
	if (file && access(file, R_OK) == 0)
		fprintf(out, "python gdb.execute(\"add-symbol-file '%s'\", to_string=True)\n",
		        file);
}

/* Where the sources of what was compiled for each lab are. */
static void
add_sources(FILE *out, const char *work)
{
	for (int i = 1; i <= LABS; i++) {
		char *directory = new_string("%s/lab%d", work, i);

		if (access(directory, R_OK) == 0)
			fprintf(out, "directory %s\n", directory);
		free(directory);
	}
}

bool
gdb_write_init(const struct session *session, const struct debug_files *files, const char *target)
{
	const char *root = session->options->root;
	char *path = new_string("%s/gdb.init", session->workdir.path);
	char *commands = new_string("%s/tools/gdb/r33.py", root);
	FILE *out = fopen(path, "we");
	bool has_commands = access(commands, R_OK) == 0;
	bool good = out != NULL;

	if (out) {
		/* Without a machine, "run" would execute the kernel as a program of the host. */
		fprintf(out, "set auto-connect-native-target off\n");
		fprintf(out, "set confirm off\nfile %s\n", files->kernel);
		add_symbols(out, files->lab);
		add_symbols(out, files->reference);
		add_symbols(out, files->guest);
		/* Sources are named from the root; a submission's are in the work directory. */
		fprintf(out, "directory %s\n", root);
		if (session->options->submission)
			add_sources(out, session->workdir.path);
		if (has_commands)
			fprintf(out, "source %s\n", commands);
		/* An engine's own server has no monitor commands, which ours are made of. */
		if (target)
			fprintf(out, "target remote %s\n%s", target,
			        files->commands ? files->commands
			        : has_commands  ? "r33 begin\n"
			                        : "");
		fprintf(out, "set confirm on\n");
		good = fclose(out) == 0;
	}
	if (!good)
		complain("cannot write %s: %s", path, strerror(errno));
	free(commands);
	free(path);
	return good;
}

/* In the child: become gdb.  Comes back only on failure. */
static void
become_gdb(const void *argv)
{
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	process_restore_in_child();
	execvp("gdb", (char *const *)(uintptr_t)argv);
}

/* Start gdb on this terminal, and in its foreground: Ctrl-C must come to it. */
bool
gdb_start(struct child *child, const struct session *session, const struct gdb_options *options)
{
	char *init = new_string("%s/gdb.init", session->workdir.path);
	const char *argv[GDB_ARGUMENTS + 8] = { "gdb", "-q" };
	int count = 2, error;

	if (options->batch)
		argv[count++] = "-batch";
	argv[count++] = "-x";
	argv[count++] = init;
	if (options->command_file) {
		argv[count++] = "-x";
		argv[count++] = options->command_file;
	}
	for (int i = 0; options->arguments && options->arguments[i] && i < GDB_ARGUMENTS; i++)
		argv[count++] = options->arguments[i];
	signal(SIGINT, SIG_IGN); /* Ctrl-C is gdb's, which is on the same terminal */
	error = process_fork(child, become_gdb, argv);
	free(init);
	if (error)
		complain("cannot start gdb: %s%s", strerror(error),
		        error == ENOENT ? "; install the package gdb" : "");
	return !error;
}

int
gdb_listen(const struct session *session, char **name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int directory;

	*name = new_string("%s/gdb", session->workdir.path);
	if (strlen(*name) >= sizeof(address.sun_path)) {
		/* Too long for an address: by way of a file of ours. */
		directory = open(session->workdir.path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		free(*name);
		*name = new_string("/proc/%d/fd/%d/gdb", (int)getpid(), directory);
	}
	memcpy(address.sun_path, *name, strlen(*name) + 1);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
	        listen(fd, 1) == 0)
		return fd;
	complain("cannot make a socket for gdb: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

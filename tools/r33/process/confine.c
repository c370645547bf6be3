/* Which files a process reaches, by Landlock: see confine.h. */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <r33/array.h>

/* Rights and members that the C library's kernel headers may be too old for. */
#define ACCESS_FS_REFER     (1ull << 13) /* ABI 2 */
#define ACCESS_FS_TRUNCATE  (1ull << 14) /* ABI 3 */
#define ACCESS_FS_IOCTL_DEV (1ull << 15) /* ABI 5 */
#define ACCESS_NET_ALL      3ull         /* ABI 4: bind and connect TCP */
#define SCOPE_ALL           3ull         /* ABI 6: abstract sockets, signals */

struct ruleset_attributes {
	uint64_t handled_access_fs;
	uint64_t handled_access_net; /* ABI 4 */
	uint64_t scoped;             /* ABI 6 */
};

#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_RIGHTS \
	(READ_RIGHTS | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | \
	        LANDLOCK_ACCESS_FS_REMOVE_FILE | ACCESS_FS_TRUNCATE)

static const uint64_t rights_of[] = {
	[FILE_READ] = READ_RIGHTS,
	[FILE_EXECUTE] = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE,
	[FILE_WRITE] = WRITE_RIGHTS,
	[FILE_DEVICE] = READ_RIGHTS | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_FS_IOCTL_DEV,
	[FILE_SOCKET] = WRITE_RIGHTS | LANDLOCK_ACCESS_FS_MAKE_SOCK,
};

/* Those that can be given for a file that is not a directory. */
#define FILE_RIGHTS \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | \
	        LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_FS_TRUNCATE | ACCESS_FS_IOCTL_DEV)

/* What this kernel offers. */
const struct confinement_support *
confinement_support(void)
{
	static struct confinement_support support = { .landlock = -1 };
	long version;

	if (support.landlock < 0) {
		version = syscall(
		        SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
		support.landlock = version > 0 ? (int)version : 0;
		support.seccomp = confine_has_filter();
		support.watch = confine_has_watch();
	}
	return &support;
}

bool
is_confinement_supported(void)
{
	return confinement_support()->landlock > 0 && confinement_support()->watch;
}

void
confined_add(struct confined_files *files, const char *path, enum file_access access)
{
	if (path && files->count < CONFINED_FILES)
		files->files[files->count++] = (struct confined_file){ path, access };
}

/* The dynamic linker and the libraries, where distributions have them. */
void
confined_add_runtime(struct confined_files *files)
{
	static const char *const linkers[] = { "/lib64/ld-linux-x86-64.so.2",
		"/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1",
		"/lib/ld-musl-aarch64.so.1" };
	static const char *const libraries[] = { "/lib", "/lib64", "/usr/lib", "/usr/lib64",
		"/etc/ld.so.cache", "/etc/ld.so.preload" };

	for (size_t i = 0; i < COUNT(linkers); i++)
		confined_add(files, linkers[i], FILE_EXECUTE);
	for (size_t i = 0; i < COUNT(libraries); i++)
		confined_add(files, libraries[i], FILE_READ);
	confined_add(files, "/dev/null", FILE_DEVICE);
}

/* Give the ruleset one file. */
static bool
allow(int ruleset, const struct confined_file *file, uint64_t handled)
{
	struct landlock_path_beneath_attr rule = { .allowed_access =
		                                           rights_of[file->access] & handled,
		.parent_fd = open(file->path, O_PATH | O_CLOEXEC) };
	struct stat status;
	bool good;

	if (rule.parent_fd < 0)
		return true;
	if (fstat(rule.parent_fd, &status) == 0 && !S_ISDIR(status.st_mode))
		rule.allowed_access &= FILE_RIGHTS;
	good = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	close(rule.parent_fd);
	return good;
}

bool
confine_files(const struct confined_files *files)
{
	int version = confinement_support()->landlock;
	/* What an older kernel does not know must not be asked of it. */
	struct ruleset_attributes attributes = {
		.handled_access_fs = version >= 5   ? 2 * ACCESS_FS_IOCTL_DEV - 1
		                     : version >= 3 ? 2 * ACCESS_FS_TRUNCATE - 1
		                     : version >= 2 ? 2 * ACCESS_FS_REFER - 1
		                                    : ACCESS_FS_REFER - 1,
		.handled_access_net = version >= 4 && !files->network ? ACCESS_NET_ALL : 0,
		.scoped = version >= 6 && !files->network ? SCOPE_ALL : 0,
	};
	size_t size = version >= 6   ? sizeof(attributes)
	              : version >= 4 ? offsetof(struct ruleset_attributes, scoped)
	                             : offsetof(struct ruleset_attributes, handled_access_net);
	bool good = true;
	int ruleset;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	if (version == 0)
		return true;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
	if (ruleset < 0)
		return false;
	for (int i = 0; good && i < files->count; i++)
		good = allow(ruleset, &files->files[i], attributes.handled_access_fs);
	good = good && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return good;
}

/* Which system calls a process keeps, by seccomp: see confine.h. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <r33/array.h>

#include "confine.h"

/*
 * What compilers, assemblers and linkers call.  Not among them: kill and its kin, setsid and setpgid
 * (so r33's signal to the group reaches every process that ever comes of it), socket, mount, ptrace,
 * and truncate, which Landlock knows only since version 3.
 */
static const char *const calls_of_tools[] = {
	/* files that are open */
	"read", "write", "readv", "writev", "pread64", "pwrite64", "lseek", "_llseek", "close",
	"close_range", "dup", "dup2", "dup3", "fstat", "fstat64", "fsync", "fdatasync", "ftruncate",
	"ftruncate64", "fallocate", "fadvise64", "flock", "getdents", "getdents64",
	"copy_file_range", "sendfile", "pipe", "pipe2", "poll", "ppoll", "select", "pselect6",
	/* names of files: Landlock decides which may be made and removed */
	"stat", "lstat", "stat64", "lstat64", "newfstatat", "fstatat64", "statx", "access",
	"faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "unlink", "unlinkat",
	"rename", "renameat", "renameat2", "umask",
	/* memory */
	"brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise",
	/* itself */
	"execve", "exit", "exit_group", "arch_prctl", "set_tid_address", "set_robust_list", "rseq",
	"futex", "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid",
	"getresuid", "getresgid", "getpgrp", "getpgid", "getrlimit", "ugetrlimit", "getrusage",
	"times", "sysinfo", "uname", "getrandom", "sched_yield", "sched_getaffinity",
	"restart_syscall", "membarrier", "wait4", "waitid", "waitpid",
	/* time and signals to itself */
	"clock_gettime", "clock_getres", "gettimeofday", "time", "nanosleep", "clock_nanosleep",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack", NULL
};

/* Tools that were made for more than a submission's directory want these; nothing comes of them. */
static const char *const calls_in_vain[] = { "chmod", "fchmod", "fchmodat", "fchmodat2", "chown",
	"fchown", "lchown", "fchownat", "utime", "utimes", "futimesat", "utimensat", "setrlimit",
	NULL };

static const char *const forks[] = { "fork", "vfork", "clone", NULL };

static const char *const calls_of_reader[] = { "read", "readv", "pread64", "write", "writev",
	"lseek", "_llseek", "close", "fstat", "fstat64", "newfstatat", "brk", "mmap", "mmap2",
	"munmap", "mremap", "mprotect", "madvise", "futex", "exit", "exit_group", "rt_sigaction",
	"rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack", "getpid", "gettid",
	"getrandom", "clock_gettime", "sched_yield", "restart_syscall", "getrlimit", "ugetrlimit",
	NULL };

/* What no emulator needs, and what could undo or survive its confinement. */
static const char *const calls_no_engine_needs[] = { "setsid", "setpgid", "ptrace",
	"process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_open",
	"pidfd_getfd", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "tkill",
	"truncate", "truncate64", "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown",
	"lchown", "fchownat", "utime", "utimes", "futimesat", "utimensat", "setxattr", "lsetxattr",
	"fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "mount", "umount", "umount2",
	"move_mount", "open_tree", "fsopen", "fspick", "fsmount", "fsconfig", "mount_setattr",
	"pivot_root", "chroot", "unshare", "setns", "open_by_handle_at", "name_to_handle_at",
	"memfd_secret", "execveat", "userfaultfd", "bpf", "perf_event_open", "io_uring_setup",
	"io_uring_enter", "io_uring_register", "keyctl", "add_key", "request_key", "kexec_load",
	"kexec_file_load", "init_module", "finit_module", "delete_module", "reboot", "swapon",
	"swapoff", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname",
	"setdomainname", "acct", "quotactl", "quotactl_fd", "syslog", "vhangup", "iopl", "ioperm",
	"nfsservctl", "lookup_dcookie", "personality", "clone3", "landlock_restrict_self",
	"openat2", "setpriority", "sched_setaffinity", "sched_setscheduler", "sched_setparam",
	"sched_setattr", "ioprio_set", "fanotify_init", "fanotify_mark", "inotify_init",
	"inotify_init1", "inotify_add_watch", "setuid", "setgid", "setreuid", "setregid",
	"setresuid", "setresgid", "setgroups", "setfsuid", "setfsgid", "capset", "migrate_pages",
	"move_pages", "process_mrelease", "shmget", "msgget", "semget", "mq_open", "setrlimit",
	NULL };

/* Calls that are younger than this list: the same numbers everywhere.  Those who want them do without. */
enum { FIRST_UNKNOWN = 450, LAST_UNKNOWN = 600 };

static const char *const sockets[] = { "socket", "socketpair", "socketcall", NULL };

/* The same action for all of them.  This processor need not have each. */
static bool
add(scmp_filter_ctx filter, uint32_t action, const char *const *names)
{
	for (; *names; names++) {
		int number = seccomp_syscall_resolve_name(*names);

		if (number != __NR_SCMP_ERROR && seccomp_rule_add(filter, action, number, 0) != 0)
			return false;
	}
	return true;
}

/* A condition on an argument: compared with a datum, after a mask if that is the operation. */
static struct scmp_arg_cmp
argument(unsigned number, enum scmp_compare operation, scmp_datum_t datum, scmp_datum_t masked)
{
	return (struct scmp_arg_cmp){
		.arg = number, .op = operation, .datum_a = datum, .datum_b = masked
	};
}

/* The signal of a file goes to whom fcntl() names: any process of the user. */
static const unsigned owners[] = { F_SETOWN, F_SETOWN_EX, F_SETSIG, F_SETLEASE, F_NOTIFY };
static const unsigned harmless[] = { F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL,
	F_GETLK, F_SETLK, F_SETLKW };

static bool
add_fcntl(scmp_filter_ctx filter, uint32_t action, const unsigned *commands, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (seccomp_rule_add(filter, action, SCMP_SYS(fcntl), 1,
		            argument(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, commands[i])) != 0)
			return false;
	}
	return true;
}

/* Only what concerns the process itself: its own limits may be asked for, not changed. */
static bool
add_guarded(scmp_filter_ctx filter)
{
	int limits = seccomp_syscall_resolve_name("prlimit64");

	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, limits, 2, argument(0, SCMP_CMP_EQ, 0, 0),
	               argument(2, SCMP_CMP_EQ, 0, 0)) == 0 &&
	       seccomp_rule_add(
	               filter, SCMP_ACT_ERRNO(0), limits, 1, argument(2, SCMP_CMP_NE, 0, 0)) == 0 &&
	       add_fcntl(filter, SCMP_ACT_ALLOW, harmless, COUNT(harmless)) &&
	       seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0) == 0;
}

/*
 * Opening a file.  Libraries and the like are opened with O_CLOEXEC: there Landlock's word is enough, but
 * for what it does not know before version 3: that reading is not shortening, and what the fourth
 * access mode is.  All that a submission can name is opened without, and the watch is asked; also
 * when a file is made.
 */
static bool
add_opening(scmp_filter_ctx filter, const char *name, unsigned flags, uint32_t asked)
{
	static const unsigned plain[] = { O_CLOEXEC | O_RDONLY, O_CLOEXEC | O_WRONLY,
		O_CLOEXEC | O_RDWR, O_CLOEXEC | O_TRUNC | O_WRONLY, O_CLOEXEC | O_TRUNC | O_RDWR };
	int number = seccomp_syscall_resolve_name(name);
	bool good;

	if (number == __NR_SCMP_ERROR)
		return true;
	good = seccomp_rule_add(filter, asked, number, 1,
	               argument(flags, SCMP_CMP_MASKED_EQ, O_CLOEXEC, 0)) == 0 &&
	       seccomp_rule_add(filter, asked, number, 1,
	               argument(flags, SCMP_CMP_MASKED_EQ, O_CLOEXEC | O_CREAT,
	                       O_CLOEXEC | O_CREAT)) == 0;
	for (size_t i = 0; good && i < COUNT(plain); i++)
		good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
		               argument(flags, SCMP_CMP_MASKED_EQ,
		                       O_CLOEXEC | O_CREAT | O_TRUNC | O_ACCMODE |
		                               (O_TMPFILE & ~O_DIRECTORY),
		                       plain[i])) == 0;
	return good;
}

/* The filter for tools.  `asked`: what becomes of that which the watch decides. */
static bool
load_tools(uint32_t asked, int *listener)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	bool good = filter && add(filter, SCMP_ACT_ALLOW, calls_of_tools) &&
	            add(filter, SCMP_ACT_ERRNO(0), calls_in_vain) && add(filter, asked, forks) &&
	            add_guarded(filter) && add_opening(filter, "open", 1, asked) &&
	            add_opening(filter, "openat", 2, asked) && seccomp_load(filter) == 0;

	if (good && listener)
		*listener = seccomp_notify_fd(filter);
	if (filter)
		seccomp_release(filter);
	return good;
}

bool
confine_has_filter(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

/* Try it: does the kernel ask a listener, and let us read which name it is about? */
static bool
try_watch(void)
{
	char value = 33, seen = 0;
	struct iovec own = { &seen, 1 }, others = { &value, 1 };
	int ends[2], listener, status = 1;
	pid_t child;
	bool reads;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child = fork();
	if (child == 0) {
		bool loaded = load_tools(SCMP_ACT_NOTIFY, &listener);

		close(ends[1]);
		_exit(read(ends[0], &seen, 1) != 0 || !loaded);
	}
	reads = child > 0 && process_vm_readv(child, &own, 1, &others, 1, 0) == 1 && seen == value;
	close(ends[0]);
	close(ends[1]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return reads && status == 0;
}

/* The same, tried once. */
bool
confine_has_watch(void)
{
	static enum { NOT_TRIED, ABSENT, PRESENT } watch;

	if (watch == NOT_TRIED)
		watch = confine_has_filter() && try_watch() ? PRESENT : ABSENT;
	return watch == PRESENT;
}

bool
confine_calls_watched(int *listener)
{
	*listener = -1;
	if (!confine_has_filter())
		return true;
	return confine_has_watch() ? load_tools(SCMP_ACT_NOTIFY, listener)
	                           : load_tools(SCMP_ACT_ALLOW, NULL);
}

/* An engine signals itself only, makes threads and no name spaces, and does not type for the user. */
static bool
add_engine(scmp_filter_ctx filter, uint32_t refused)
{
	static const unsigned long long spaces[] = { CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS,
		CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET };
	/* Its display is a terminal, and so is the user's: nothing is to be typed there. */
	bool good = seccomp_rule_add(filter, refused, SCMP_SYS(ioctl), 1,
	                    argument(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, TIOCSTI)) == 0 &&
	            seccomp_rule_add(filter, refused, SCMP_SYS(ioctl), 1,
	                    argument(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, TIOCLINUX)) == 0 &&
	            seccomp_rule_add(filter, refused, SCMP_SYS(kill), 1,
	                    argument(0, SCMP_CMP_NE, (scmp_datum_t)getpid(), 0)) == 0 &&
	            seccomp_rule_add(filter, refused, SCMP_SYS(tgkill), 1,
	                    argument(0, SCMP_CMP_NE, (scmp_datum_t)getpid(), 0)) == 0;

	good = good && add_fcntl(filter, refused, owners, COUNT(owners)) &&
	       seccomp_rule_add(filter, refused, SCMP_SYS(prlimit64), 1,
	               argument(0, SCMP_CMP_NE, 0, 0)) == 0 &&
	       seccomp_rule_add(filter, refused, SCMP_SYS(prlimit64), 1,
	               argument(2, SCMP_CMP_NE, 0, 0)) == 0;
	/* What Landlock does not know before version 3, as for the tools. */
	for (size_t i = 0; good && i < 2; i++) {
		int number = i ? SCMP_SYS(openat) : SCMP_SYS(open);
		unsigned flags = i ? 2 : 1;

		good = seccomp_rule_add(filter, refused, number, 1,
		               argument(flags, SCMP_CMP_MASKED_EQ, O_ACCMODE, O_ACCMODE)) == 0 &&
		       seccomp_rule_add(filter, refused, number, 1,
		               argument(flags, SCMP_CMP_MASKED_EQ, O_TRUNC | O_ACCMODE,
		                       O_TRUNC | O_RDONLY)) == 0;
	}
	for (int number = FIRST_UNKNOWN; good && number < LAST_UNKNOWN; number++)
		good = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0) == 0;
	for (size_t i = 0; good && i < COUNT(spaces); i++)
		good = seccomp_rule_add(filter, refused, SCMP_SYS(clone), 1,
		               argument(0, SCMP_CMP_MASKED_EQ, spaces[i], spaces[i])) == 0;
	return good;
}

bool
confine_calls(enum confined_calls calls)
{
	static const char *const shared_memory[] = { "memfd_create", NULL };
	bool is_engine = calls >= CALLS_OF_ENGINE;
	/* ENOSYS: the C library knows another way. */
	const uint32_t refused = SCMP_ACT_ERRNO(ENOSYS);
	scmp_filter_ctx filter;
	bool good;

	if (!confine_has_filter())
		return true;
	if (calls == CALLS_OF_TOOLS)
		return load_tools(SCMP_ACT_ALLOW, NULL);
	filter = seccomp_init(is_engine ? SCMP_ACT_ALLOW : refused);
	good = filter &&
	       (is_engine ? add(filter, refused, calls_no_engine_needs) &&
	                               add_engine(filter, SCMP_ACT_ERRNO(EPERM))
	                  : add(filter, SCMP_ACT_ALLOW, calls_of_reader)) &&
	       (calls != CALLS_OF_ENGINE || add(filter, SCMP_ACT_ERRNO(EPERM), sockets)) &&
	       (!is_engine || calls == CALLS_OF_ENGINE_WITH_DISPLAY ||
	               add(filter, refused, shared_memory)) &&
	       seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return good;
}

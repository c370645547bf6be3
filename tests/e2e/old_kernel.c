/*
 * Runs a program as on a kernel that lacks Landlock, and with "all" as on one that lacks seccomp, too:
 * the system calls are not there.  qemu-user is such a one; it also refuses the clone() that shares
 * descriptors without memory, and so does this.
 *
 *	old_kernel landlock|all PROGRAM [ARGUMENT]...
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

#define LOAD(member)       BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define MISSING            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)
#define INVALID            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL)
#define THERE              BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

int
main(int argc, char **argv)
{
	struct sock_filter without_landlock[] = { LOAD(nr), IF(SYS_landlock_create_ruleset, 0, 1),
		MISSING, THERE };
	struct sock_filter without_both[] = { LOAD(nr), IF(SYS_landlock_create_ruleset, 9, 0),
		IF(SYS_seccomp, 8, 0), IF(SYS_prctl, 0, 3), LOAD(args[0]), IF(PR_GET_SECCOMP, 5, 0),
		IF(PR_SET_SECCOMP, 4, 5), IF(SYS_clone, 0, 4), LOAD(args[0]),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, CLONE_FILES | CLONE_VM), IF(CLONE_FILES, 2, 1),
		MISSING, THERE, INVALID };
	struct sock_fprog program = { sizeof(without_landlock) / sizeof(without_landlock[0]),
		without_landlock };

	if (argc < 3)
		return 2;
	if (strcmp(argv[1], "all") == 0)
		program = (struct sock_fprog){ sizeof(without_both) / sizeof(without_both[0]),
			without_both };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("old_kernel");
		return 3;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 3;
}

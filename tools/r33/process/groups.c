/* Process groups that are shared: see groups.h. */
#include "groups.h"

#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

enum { SLOTS = 32 };

static volatile pid_t *slots; /* 0 = free; NULL = not shared yet */

bool
groups_share(void)
{
	void *shared = mmap(NULL, SLOTS * sizeof(*slots), PROT_READ | PROT_WRITE,
	        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return false;
	slots = shared;
	return true;
}

void
groups_note(pid_t group)
{
	for (int i = 0; slots && i < SLOTS; i++) {
		if (__sync_bool_compare_and_swap(&slots[i], 0, group))
			break;
	}
}

void
groups_forget(pid_t group)
{
	for (int i = 0; slots && i < SLOTS; i++)
		__sync_bool_compare_and_swap(&slots[i], group, 0);
}

void
groups_kill(void)
{
	for (int i = 0; slots && i < SLOTS; i++) {
		if (slots[i] > 0)
			kill(-slots[i], SIGKILL);
	}
}

/* Part 2: where the guest begins. */
#include <r33/instructions.h>
#include <r33/parts.h>

#define RFLAGS_ALWAYS_ONE (1ull << 1)

enum decision
set_entry_point(const struct guest *guest)
{
	vmwrite(GUEST_RIP, guest->rip);
	vmwrite(GUEST_RSP, guest->rsp);
	vmwrite(GUEST_RFLAGS, guest->rflags | RFLAGS_ALWAYS_ONE);
	return ENTER;
}

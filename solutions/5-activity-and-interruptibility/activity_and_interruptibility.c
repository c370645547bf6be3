/* Part 5: the guest is active, and nothing is blocked or pending. */
#include <r33/instructions.h>
#include <r33/parts.h>

#define ACTIVITY_ACTIVE 0

enum decision
set_activity_and_interruptibility(const struct guest *guest)
{
	(void)guest;
	vmwrite(GUEST_ACTIVITY_STATE, ACTIVITY_ACTIVE);
	vmwrite(GUEST_INTERRUPTIBILITY_STATE, 0);
	vmwrite(GUEST_PENDING_DEBUG_EXCEPTIONS, 0);
	return ENTER;
}

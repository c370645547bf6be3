/* Part 6: no linked VMCS, and the four PDPTEs that a PAE guest behind EPT starts with. */
#include <r33/control_registers.h>
#include <r33/instructions.h>
#include <r33/parts.h>

#define NO_LINKED_VMCS (~0ull)

enum decision
set_links_timers_and_pdptes(const struct guest *guest)
{
	vmwrite(VMCS_LINK_POINTER, NO_LINKED_VMCS);
	/* With EPT, VM entry takes the PDPTEs from these fields instead of from memory at CR3. */
	if (guest->mode == GUEST_32BIT_PAE)
		for (unsigned i = 0; i < 4; i++)
			vmwrite(GUEST_PDPTE0 + 2 * i, guest->pdptes[i]);
	return ENTER;
}

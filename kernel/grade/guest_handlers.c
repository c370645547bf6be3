/* Gates for the exceptions and interrupts that a guest takes itself. */
#include "grade/guest_handlers.h"

#include <r33/events.h>

#include "grade/guest_memory.h"
#include "rules/names.h"

#define EXCEPTIONS 32 /* vectors from here on are interrupts */
#define VECTORS    64 /* more than any guest of the course takes */

/* Present, DPL 0, 64-bit or 32-bit interrupt gate: the type is the same. */
#define INTERRUPT_GATE 0x8e00ull

/* The 32-bit gate, which is also the first half of a 64-bit one (SDM 3A, "IDT Descriptors"). */
static uint64_t
interrupt_gate(uint64_t handler, uint64_t selector)
{
	return (handler & 0xffff) | selector << 16 | INTERRUPT_GATE << 32 |
	       (handler >> 16 & 0xffff) << 48;
}

void
guest_place_handlers(const struct guest *guest)
{
	/* The table lies in the window, by whatever linear address the guest reaches it: that of a guest
	 * in real mode in its first MiB. */
	bool real = guest->mode == GUEST_REAL;
	uint64_t table = GUEST_WINDOW + guest->idt_base % GUEST_WINDOW_BYTES;

	for (uint64_t vector = 0; vector < VECTORS; vector++) {
		uint64_t offset = HANDLERS_OFFSET + vector * HANDLER_BYTES;
		uint64_t handler = IMAGE_ADDRESS + offset;

		if (real)
			((uint32_t *)table)[vector] =
			        (uint32_t)(IMAGE_REAL_ADDRESS >> 4 << 16 | offset);
		else if (guest->ia32e_mode)
			((uint64_t *)table)[2 * vector] =
			        interrupt_gate(handler, GUEST_SELECTOR_CODE64);
		else
			((uint64_t *)table)[vector] =
			        interrupt_gate(handler, GUEST_SELECTOR_CODE32);
	}
}

const char *
guest_event_text(uint64_t event)
{
	uint64_t vector = event - EVENT_TAKEN;

	if (event == 0)
		return "none";
	if (vector == VECTOR_NMI)
		return "an NMI";
	return vector < EXCEPTIONS ? exception_name((unsigned)vector) : "an external interrupt";
}
